/* take: hands out what waits. */
#include "store/memory/functions.h"

/* The order of due deliveries. */
static bool due_after(const struct store_receipt *receipt, int64_t due_ms, int64_t seq)
{
    if (receipt->next_attempt_ms != due_ms)
        return receipt->next_attempt_ms > due_ms;
    return receipt->seq > seq;
}

/* The next delivery after the cursor that was never tried, and the next that is due. */
static void find_heads(struct memory_store *memory, const char *destination,
                       const struct store_cursor *cursor, const struct delivery **ret_new,
                       const struct delivery **ret_due)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);

    *ret_new = *ret_due = NULL;
    for (; slot != NULL; slot = memory_next(slot)) {
        const struct delivery *row = memory_committed(slot, destination);
        const struct store_receipt *receipt = row == NULL ? NULL : row->receipt;
        if (receipt == NULL || receipt->state != STORE_WAITING)
            continue;
        if (receipt->next_attempt_ms == 0) {
            if (*ret_new == NULL && receipt->seq > cursor->new_seq)
                *ret_new = row;
        } else if (due_after(receipt, cursor->due_ms, cursor->due_seq) &&
                   (*ret_due == NULL || !due_after(receipt, (*ret_due)->receipt->next_attempt_ms,
                                                   (*ret_due)->receipt->seq))) {
            *ret_due = row;
        }
    }
}

/* The older of both heads, and the cursor after it; NULL when nothing is due yet. */
static const struct delivery *next_waiting(struct memory_store *memory, const char *destination,
                                           int64_t until_ms, struct store_cursor *cursor)
{
    const struct delivery *fresh, *due;

    find_heads(memory, destination, cursor, &fresh, &due);
    if (due != NULL && due->receipt->next_attempt_ms > until_ms)
        due = NULL;
    if (due == NULL || (fresh != NULL && fresh->receipt->seq < due->receipt->seq)) {
        if (fresh != NULL)
            cursor->new_seq = fresh->receipt->seq;
        return fresh;
    }
    cursor->due_ms = due->receipt->next_attempt_ms;
    cursor->due_seq = due->receipt->seq;
    return due;
}

static bool hand_out(const struct delivery *row, struct store_delivery *ret)
{
    const struct event *event = row->event->committed;
    bool failed = false;

    *ret = (struct store_delivery){
        .seq = row->receipt->seq,
        .message_id = memory_copy_text(event->message_id, &failed),
        .body = mem_text_n(event->body, event->body_len),
        .body_len = event->body_len,
        .timestamp_ms = event->timestamp_ms,
        .received_ms = event->received_ms,
        .attempts = row->receipt->attempts,
    };
    return !failed && ret->body != NULL;
}

static int take_some(struct memory_store *memory, const char *destination, int64_t until_ms,
                     size_t max, size_t max_bytes, struct store_cursor *cursor,
                     struct store_delivery **list, size_t *count, struct err *err)
{
    size_t capacity = 0, bytes = 0;

    while (*count < max) {
        struct store_cursor after_row = *cursor;
        const struct delivery *row = next_waiting(memory, destination, until_ms, &after_row);
        size_t len = row == NULL ? 0 : ((struct event *)row->event->committed)->body_len;
        if (row == NULL || (*count > 0 && (bytes >= max_bytes || len > max_bytes - bytes)))
            return 0;
        if (mem_grow((void **)list, *count, &capacity, sizeof **list, err) < 0)
            return -1;
        if (!hand_out(row, &(*list)[(*count)++]))
            return err_memory(err);
        bytes += len;
        *cursor = after_row;
    }
    return 0;
}

int memory_take(struct store *store, const char *destination, struct store_cursor *cursor,
                int64_t now_ms, size_t max, size_t max_bytes, struct store_delivery **ret,
                size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    int64_t until_ms = schedule_enter(&memory->schedule, now_ms);
    struct store_cursor moved = *cursor;
    struct store_delivery *list = NULL;
    size_t count = 0;
    int rc = take_some(memory, destination, until_ms, max, max_bytes, &moved, &list, &count, err);

    schedule_leave(&memory->schedule, moved.due_ms);
    if (rc < 0) {
        store_deliveries_free(list, count);
        return memory_unlocked(memory, -1);
    }
    *cursor = moved;
    *ret = list;
    *ret_count = count;
    return memory_unlocked(memory, 0);
}

int memory_next_due(struct store *store, const char *destination, const struct store_cursor *cursor,
                    int64_t *ret_ms, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    const struct delivery *fresh, *due;

    find_heads(memory, destination, cursor, &fresh, &due);
    *ret_ms = due == NULL ? INT64_MAX : due->receipt->next_attempt_ms;
    return memory_unlocked(memory, 0);
}
