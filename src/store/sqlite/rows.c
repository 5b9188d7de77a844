/* rows: reads rows into lists, under the lock of the readers. */
#include "store/sqlite/rows.h"

#include <limits.h>
#include <string.h>

#include "base/mem.h"

struct sqlite_store *sqlite_locked(struct store *base)
{
    struct sqlite_store *store = (struct sqlite_store *)base;

    pthread_mutex_lock(&store->reader_lock);
    return store;
}

int sqlite_unlocked(struct sqlite_store *store, int rc)
{
    pthread_mutex_unlock(&store->reader_lock);
    return rc;
}

/* Reads every row of the call into a list with fill, and ends the call.  What was read
   is in *list also when it fails. */
int sqlite_collect(struct sqlite_call *call, const char *what, size_t size,
                   void (*fill)(struct sqlite_call *call, void *item), void **list, size_t *count,
                   size_t *capacity, struct err *err)
{
    int row;

    while ((row = sqlite_step(call, err)) == 1) {
        char *item;
        row = -1;
        if (mem_grow(list, *count, capacity, size, err) < 0)
            break;
        item = (char *)*list + (*count)++ * size;
        memset(item, 0, size);
        fill(call, item);
        if (sqlite_row_check(call, what, (int64_t)*count, err) < 0)
            break;
    }
    sqlite_end(call);
    return row;
}

void sqlite_fill_receipt(struct sqlite_call *call, void *item)
{
    struct store_receipt *receipt = item;

    receipt->seq = sqlite_read_int(call, 1, INT64_MAX);
    receipt->source = sqlite_read_text(call);
    receipt->message_id = sqlite_read_text(call);
    receipt->type = sqlite_read_text(call);
    receipt->destination = sqlite_read_text(call);
    receipt->object = sqlite_read_text(call);
    receipt->key = sqlite_read_text(call);
    receipt->state = sqlite_read_state(call, &receipt->discarded);
    receipt->created = sqlite_read_int(call, 0, 1) == 1;
    receipt->record_id = sqlite_read_optional(call);
    receipt->into = sqlite_read_optional(call);
    receipt->code = sqlite_read_optional(call);
    receipt->message = sqlite_read_optional(call);
    receipt->advice = sqlite_read_optional(call);
    receipt->notes = sqlite_read_optional(call);
    receipt->attempts = (int)sqlite_read_int(call, 0, INT_MAX);
    receipt->received_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
    receipt->changed_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
    receipt->next_attempt_ms = sqlite_read_int(call, 0, INT64_MAX);
    receipt->sent = sqlite_read_optional(call);
}

void sqlite_fill_whole(struct sqlite_call *call, void *item)
{
    struct store_receipt *receipt = item;
    int64_t timestamp_ms;
    size_t len;

    sqlite_fill_receipt(call, item);
    receipt->body = sqlite_read_bytes(call, &len);
    timestamp_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
    if (receipt->body != NULL)
        receipt->damaged =
            sqlite_read_damaged(call, receipt->body, len, receipt->received_ms, timestamp_ms);
}

int sqlite_collect_receipts(struct sqlite_store *store, struct sqlite_call *call,
                            void (*fill)(struct sqlite_call *call, void *item),
                            struct store_receipt **ret, size_t *ret_count, struct err *err)
{
    struct store_receipt *list = NULL;
    size_t count = 0, capacity = 0;

    if (sqlite_collect(call, "receipt", sizeof *list, fill, (void **)&list, &count, &capacity,
                       err) < 0) {
        store_receipts_free(list, count);
        return sqlite_unlocked(store, -1);
    }
    *ret = list;
    *ret_count = count;
    return sqlite_unlocked(store, 0);
}
