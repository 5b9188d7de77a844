/* take: hands out what waits. */
#include "store/sqlite/functions.h"

#include <limits.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/statements.h"

/* A stream of waiting deliveries, standing at its next one. */
struct head {
    struct sqlite_call call;
    int row; /* 1: at one, 0: no more, -1: failed */
    int64_t seq, next_attempt_ms;
};

static void head_step(struct head *head, struct err *err)
{
    head->row = sqlite_step(&head->call, err);
    if (head->row < 1)
        return;
    head->seq = sqlite_read_int(&head->call, 1, INT64_MAX);
    head->next_attempt_ms = sqlite_read_int(&head->call, 0, INT64_MAX);
}

static int head_read(struct head *head, struct store_delivery *ret, struct err *err)
{
    struct sqlite_call *call = &head->call;

    *ret = (struct store_delivery){.seq = head->seq};
    ret->attempts = (int)sqlite_read_int(call, 0, INT_MAX);
    ret->message_id = sqlite_read_text(call);
    ret->timestamp_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
    ret->received_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
    ret->body = sqlite_read_bytes(call, &ret->body_len);
    if (ret->body != NULL)
        ret->damaged = sqlite_read_damaged(call, ret->body, ret->body_len, ret->received_ms,
                                           ret->timestamp_ms);
    if (sqlite_row_check(call, "delivery", head->seq, err) < 0)
        return -1;
    if (ret->damaged)
        log_line(LOG_ERROR, "store.damaged_event", "file=%s seq=%lld advice=\"%s\"",
                 call->link->file, (long long)head->seq,
                 "the disk or another program changed it: check the disk");
    return 0;
}

static size_t head_body_len(const struct head *head)
{
    return (size_t)sqlite3_column_bytes(head->call.statement, 6);
}

struct taking {
    struct head fresh, due;
    struct store_cursor cursor;
    size_t max, max_bytes;
    struct store_delivery *list;
    size_t count;
};

/* Merges both streams by age until a bound is reached. */
static int take_some(struct taking *taking, struct err *err)
{
    size_t capacity = 0, bytes = 0;

    head_step(&taking->fresh, err);
    head_step(&taking->due, err);
    while (taking->count < taking->max && taking->fresh.row >= 0 && taking->due.row >= 0) {
        bool repeated =
            taking->due.row == 1 && (taking->fresh.row == 0 || taking->due.seq < taking->fresh.seq);
        struct head *head = repeated ? &taking->due : &taking->fresh;
        size_t len = head->row == 1 ? head_body_len(head) : 0;
        if (head->row == 0 ||
            (taking->count > 0 && (bytes >= taking->max_bytes || len > taking->max_bytes - bytes)))
            return 0;
        if (mem_grow((void **)&taking->list, taking->count, &capacity, sizeof *taking->list, err) <
                0 ||
            head_read(head, &taking->list[taking->count++], err) < 0)
            return -1;
        bytes += len;
        if (repeated) {
            taking->cursor.due_ms = head->next_attempt_ms;
            taking->cursor.due_seq = head->seq;
        } else {
            taking->cursor.new_seq = head->seq;
        }
        head_step(head, err);
    }
    return taking->fresh.row < 0 || taking->due.row < 0 ? -1 : 0;
}

int sqlite_take(struct store *base, const char *destination, struct store_cursor *cursor,
                int64_t now_ms, size_t max, size_t max_bytes, struct store_delivery **ret,
                size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    int64_t until_ms = schedule_enter(&store->schedule, now_ms);
    struct taking taking = {
        .fresh.call = sqlite_call(&store->reader, SQL_TAKE_NEW),
        .due.call = sqlite_call(&store->reader, SQL_TAKE_DUE),
        .cursor = *cursor,
        .max = max,
        .max_bytes = max_bytes,
    };
    int rc;

    sqlite_text(&taking.fresh.call, destination);
    sqlite_int(&taking.fresh.call, cursor->new_seq);
    sqlite_text(&taking.due.call, destination);
    sqlite_int(&taking.due.call, cursor->due_ms);
    sqlite_int(&taking.due.call, cursor->due_seq);
    sqlite_int(&taking.due.call, until_ms);
    rc = take_some(&taking, err);
    sqlite_end(&taking.fresh.call);
    sqlite_end(&taking.due.call);
    schedule_leave(&store->schedule, taking.cursor.due_ms);
    if (rc < 0) {
        store_deliveries_free(taking.list, taking.count);
        return sqlite_unlocked(store, -1);
    }
    *cursor = taking.cursor;
    *ret = taking.list;
    *ret_count = taking.count;
    return sqlite_unlocked(store, 0);
}

int sqlite_next_due(struct store *base, const char *destination, const struct store_cursor *cursor,
                    int64_t *ret_ms, struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, SQL_NEXT_DUE);
    int64_t due_ms = INT64_MAX;
    int row;

    sqlite_text(&call, destination);
    sqlite_int(&call, cursor->due_ms);
    sqlite_int(&call, cursor->due_seq);
    row = sqlite_step(&call, err);
    if (row == 1)
        due_ms = sqlite_read_int(&call, 1, INT64_MAX);
    sqlite_end(&call);
    if (row < 0 || sqlite_row_check(&call, "delivery due", due_ms, err) < 0)
        return sqlite_unlocked(store, -1);
    *ret_ms = due_ms;
    return sqlite_unlocked(store, 0);
}
