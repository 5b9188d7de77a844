#include "store/memory_rows.h"

#include <string.h>

/* What readers see of a delivery, if it is this destination's; NULL otherwise. */
static const struct delivery *committed(const struct memory_slot *slot, const char *destination)
{
    const struct delivery *row = slot->committed;

    return row != NULL && strcmp(row->receipt->destination, destination) == 0 ? row : NULL;
}

/* ---- take ---- */

/* The order in which due deliveries come. */
static bool due_after(const struct store_receipt *receipt, int64_t due_ms, int64_t seq)
{
    if (receipt->next_attempt_ms != due_ms)
        return receipt->next_attempt_ms > due_ms;
    return receipt->seq > seq;
}

/* The next delivery behind the cursor that was never tried, and the next that is due. */
static void find_heads(struct memory_store *memory, const char *destination,
                       const struct store_cursor *cursor, const struct delivery **ret_new,
                       const struct delivery **ret_due)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);

    *ret_new = *ret_due = NULL;
    for (; slot != NULL; slot = memory_next(slot)) {
        const struct delivery *row = committed(slot, destination);
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

/* The older of both heads, and the cursor behind it; NULL when nothing may go yet. */
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
        struct store_cursor behind = *cursor;
        const struct delivery *row = next_waiting(memory, destination, until_ms, &behind);
        size_t len = row == NULL ? 0 : ((struct event *)row->event->committed)->body_len;
        if (row == NULL || (*count > 0 && (bytes >= max_bytes || len > max_bytes - bytes)))
            return 0;
        if (mem_grow((void **)list, *count, &capacity, sizeof **list, err) < 0)
            return -1;
        if (!hand_out(row, &(*list)[(*count)++]))
            return err_memory(err);
        bytes += len;
        *cursor = behind;
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

/* ---- memories and intents ---- */

int memory_find_known(struct store *store, const char *destination, const char *const *keys,
                      size_t count, struct store_known **ret, size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct store_known *list = mem_zero(count, sizeof *list);
    struct memory_slot *slot;
    size_t found = 0;

    if (list == NULL)
        return memory_unlocked(memory, err_memory(err));
    for (size_t i = 0; i < count; i++) {
        if (memory_find(&memory->tables, KNOWN, destination, keys[i], NULL, &slot, err) < 0)
            goto failed;
        if (slot == NULL || slot->committed == NULL)
            continue;
        if (!memory_copy_known(slot->committed, &list[found++])) {
            err_memory(err);
            goto failed;
        }
    }
    *ret = list;
    *ret_count = found;
    return memory_unlocked(memory, 0);
failed:
    store_known_free(list, found);
    return memory_unlocked(memory, -1);
}

int memory_intents(struct store *store, const char *destination, struct store_intent **ret,
                   size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct memory_slot *slot = memory_first(&memory->tables, INTENTS);
    struct store_intent *list = NULL;
    size_t count = 0, capacity = 0;
    bool failed = false;

    for (; slot != NULL; slot = memory_next(slot)) {
        const struct store_intent *row = slot->committed;
        if (row == NULL || strcmp(slot->key, destination) != 0)
            continue;
        failed = mem_grow((void **)&list, count, &capacity, sizeof *list, err) < 0;
        if (failed)
            break;
        list[count++] = (struct store_intent){memory_copy_text(row->key, &failed), row->since_ms};
    }
    if (failed) {
        store_intents_free(list, count);
        return memory_unlocked(memory, err_memory(err));
    }
    *ret = list;
    *ret_count = count;
    return memory_unlocked(memory, 0);
}

/* ---- receipts ---- */

static int add_receipt(const struct delivery *row, bool with_body, struct store_receipt **list,
                       size_t *count, size_t *capacity, struct err *err)
{
    const struct event *event = row->event->committed;
    struct store_receipt whole = *row->receipt;

    whole.source = event->source;
    whole.message_id = event->message_id;
    whole.type = event->type;
    whole.body = with_body ? event->body : NULL;
    if (mem_grow((void **)list, *count, capacity, sizeof **list, err) < 0)
        return -1;
    return memory_copy_receipt(&whole, &(*list)[(*count)++]) ? 0 : err_memory(err);
}

int memory_trace(struct store *store, const char *message_id, struct store_receipt **ret,
                 size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);
    struct store_receipt *list = NULL;
    size_t count = 0, capacity = 0;

    for (; slot != NULL; slot = memory_next(slot)) {
        const struct delivery *row = slot->committed;
        if (row == NULL ||
            strcmp(((struct event *)row->event->committed)->message_id, message_id) != 0)
            continue;
        if (add_receipt(row, true, &list, &count, &capacity, err) < 0) {
            store_receipts_free(list, count);
            return memory_unlocked(memory, -1);
        }
    }
    *ret = list;
    *ret_count = count;
    return memory_unlocked(memory, 0);
}

static bool is_searched(const struct delivery *row, enum store_search by, const char *what)
{
    const struct event *event = row->event->committed;
    const char *record_id = row->receipt->record_id;

    if (by == STORE_BY_RECORD)
        return record_id != NULL && strlen(what) >= STORE_RECORD_ID &&
               strncmp(record_id, what, STORE_RECORD_ID) == 0;
    for (size_t i = 0; i < event->hash_count; i++)
        if (event->hashes[i] == rules_hash(what))
            return true;
    return false;
}

int memory_search(struct store *store, enum store_search by, const char *what, size_t max,
                  struct store_receipt **ret, size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct store_receipt *list = NULL;
    size_t count = 0, capacity = 0;

    for (int64_t seq = memory->last_seq; seq > 0 && count < max; seq--) {
        const struct memory_slot *slot = memory_find_seq(&memory->tables, seq);
        const struct delivery *row = slot == NULL ? NULL : slot->committed;
        if (row == NULL || !is_searched(row, by, what))
            continue;
        if (add_receipt(row, true, &list, &count, &capacity, err) < 0) {
            store_receipts_free(list, count);
            return memory_unlocked(memory, -1);
        }
    }
    *ret = list;
    *ret_count = count;
    return memory_unlocked(memory, 0);
}

int memory_skipped(struct store *store, const char *message_id, struct store_skipped **ret,
                   size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct memory_slot *slot = memory_first(&memory->tables, SKIPPED);
    struct store_skipped *list = NULL;
    size_t count = 0, capacity = 0;

    for (; slot != NULL; slot = memory_next(slot)) {
        if (slot->committed == NULL || strcmp(slot->key, message_id) != 0)
            continue;
        if (mem_grow((void **)&list, count, &capacity, sizeof *list, err) < 0 ||
            !memory_copy_skipped(slot->committed, memset(&list[count++], 0, sizeof *list))) {
            store_skipped_free(list, count);
            return memory_unlocked(memory, err_memory(err));
        }
    }
    *ret = list;
    *ret_count = count;
    return memory_unlocked(memory, 0);
}

int memory_list(struct store *store, const char *destination, enum store_state state,
                int64_t before_seq, size_t max, struct store_receipt **ret, size_t *ret_count,
                struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    int64_t seq =
        before_seq > 0 && before_seq <= memory->last_seq ? before_seq - 1 : memory->last_seq;
    struct store_receipt *list = NULL;
    size_t count = 0, capacity = 0;

    for (; seq > 0 && count < max; seq--) {
        struct memory_slot *slot = memory_find_seq(&memory->tables, seq);
        const struct delivery *row = slot == NULL ? NULL : committed(slot, destination);
        if (row == NULL || row->receipt->state != state || row->receipt->discarded)
            continue;
        if (add_receipt(row, false, &list, &count, &capacity, err) < 0) {
            store_receipts_free(list, count);
            return memory_unlocked(memory, -1);
        }
    }
    *ret = list;
    *ret_count = count;
    return memory_unlocked(memory, 0);
}

static bool is_dead_letter(const struct delivery *row, const char *code)
{
    return row != NULL && row->receipt->state == STORE_DEAD && !row->receipt->discarded &&
           (code == NULL || strcmp(row->receipt->code, code) == 0);
}

int memory_dead_letters(struct store *store, const char *destination, const char *code,
                        int64_t before_seq, size_t max, struct store_receipt **ret,
                        size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    int64_t seq = before_seq > 0 && before_seq <= memory->last_seq ? before_seq : INT64_MAX;
    struct feed_page page = {0};
    int rc = 0;

    for (seq = seq < INT64_MAX ? seq - 1 : memory->last_seq; rc == 0 && seq > 0 && page.count < max;
         seq--) {
        struct memory_slot *slot = memory_find_seq(&memory->tables, seq);
        const struct delivery *row = slot == NULL ? NULL : committed(slot, destination);
        if (is_dead_letter(row, code))
            rc = add_receipt(row, true, &page.list, &page.count, &page.capacity, err);
    }
    return memory_unlocked(memory, feed_page_give(&page, rc, ret, ret_count));
}

/* ---- watching ---- */

static bool change_after(const struct store_receipt *one, const struct store_feed *feed)
{
    if (one->changed_ms != feed->changed_ms)
        return one->changed_ms > feed->changed_ms;
    return one->seq > feed->changed_seq;
}

int memory_recent(struct store *store, int64_t before_seq, size_t max, int64_t now_ms,
                  struct store_feed *feed, struct store_receipt **ret, size_t *ret_count,
                  struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    int64_t until_ms = schedule_enter(&memory->changes, now_ms), seq = memory->last_seq;
    struct feed_page page = {0};
    int rc = 0;

    if (before_seq > 0 && before_seq <= seq)
        seq = before_seq - 1;
    for (; rc == 0 && seq > 0 && page.count < max; seq--) {
        struct memory_slot *slot = memory_find_seq(&memory->tables, seq);
        if (slot != NULL && slot->committed != NULL)
            rc = add_receipt(slot->committed, true, &page.list, &page.count, &page.capacity, err);
    }
    schedule_leave(&memory->changes, until_ms);
    if (rc == 0 && feed != NULL)
        *feed = (struct store_feed){page.count > 0 ? page.list[0].seq : 0, until_ms, INT64_MAX};
    return memory_unlocked(memory, feed_page_give(&page, rc, ret, ret_count));
}

/* The next change behind the feed, up to until_ms; NULL = none. */
static const struct delivery *next_change(struct memory_store *memory,
                                          const struct store_feed *feed, int64_t until_ms)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);
    struct store_feed least = {0, until_ms, INT64_MAX};
    const struct delivery *next = NULL;

    for (; slot != NULL; slot = memory_next(slot)) {
        const struct delivery *row = slot->committed;
        const struct store_receipt *one = row == NULL ? NULL : row->receipt;
        if (one == NULL || (one->state == STORE_WAITING && one->next_attempt_ms == 0) ||
            !change_after(one, feed) || change_after(one, &least))
            continue;
        next = row;
        least = (struct store_feed){0, one->changed_ms, one->seq};
    }
    return next;
}

static int read_changed(struct memory_store *memory, struct store_feed *feed, int64_t until_ms,
                        size_t max, struct feed_page *page, struct err *err)
{
    struct store_feed at = *feed;
    const struct delivery *row;

    while (page->count < max && (row = next_change(memory, &at, until_ms)) != NULL) {
        at = (struct store_feed){0, row->receipt->changed_ms, row->receipt->seq};
        if (add_receipt(row, true, &page->list, &page->count, &page->capacity, err) < 0)
            return -1;
    }
    feed_page_changes(page, feed, until_ms, max);
    return 0;
}

static int read_arrived(struct memory_store *memory, struct store_feed *feed, size_t max,
                        struct feed_page *page, struct err *err)
{
    for (size_t count = 0; count < max && feed->seq < memory->last_seq; feed->seq++) {
        struct memory_slot *slot = memory_find_seq(&memory->tables, feed->seq + 1);
        if (slot == NULL || slot->committed == NULL)
            continue;
        count++;
        if (add_receipt(slot->committed, true, &page->list, &page->count, &page->capacity, err) < 0)
            return -1;
    }
    return 0;
}

int memory_since(struct store *store, struct store_feed *feed, int64_t now_ms, size_t max,
                 struct store_receipt **ret, size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    int64_t until_ms = schedule_enter(&memory->changes, now_ms);
    struct feed_page page = {.seen_seq = feed->seq};
    struct store_feed moved = *feed;
    int rc = read_changed(memory, &moved, until_ms, max, &page, err);

    if (rc == 0)
        rc = read_arrived(memory, &moved, max, &page, err);
    schedule_leave(&memory->changes, until_ms);
    if (rc == 0)
        *feed = moved;
    return memory_unlocked(memory, feed_page_give(&page, rc, ret, ret_count));
}

/* ---- sums ---- */

static int64_t dead_letters_of(struct memory_store *memory, const char *destination)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);
    int64_t count = 0;

    for (; slot != NULL; slot = memory_next(slot))
        count += is_dead_letter(committed(slot, destination), NULL);
    return count;
}

static int64_t oldest_waiting(struct memory_store *memory, const char *destination)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);

    for (; slot != NULL; slot = memory_next(slot)) {
        const struct delivery *row = committed(slot, destination);
        if (row != NULL && row->receipt->state == STORE_WAITING)
            return row->receipt->received_ms;
    }
    return 0;
}

int memory_counters(struct store *store, struct store_counters **ret, size_t *ret_count,
                    struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct memory_slot *slot = memory_first(&memory->tables, COUNTERS);
    struct store_counters *list = NULL;
    size_t count = 0, capacity = 0;
    bool failed = false;

    for (; slot != NULL && !failed; slot = memory_next(slot)) {
        const struct store_counters *row = slot->committed;
        if (row == NULL)
            continue;
        failed = mem_grow((void **)&list, count, &capacity, sizeof *list, err) < 0;
        if (failed)
            break;
        list[count] = *row;
        list[count].destination = memory_copy_text(row->destination, &failed);
        list[count].dead_letters = dead_letters_of(memory, row->destination);
        list[count++].oldest_waiting_ms = oldest_waiting(memory, row->destination);
    }
    if (failed) {
        store_counters_free(list, count);
        return memory_unlocked(memory, err_memory(err));
    }
    *ret = list;
    *ret_count = count;
    return memory_unlocked(memory, 0);
}

int memory_skips(struct store *store, struct store_skip_count **ret, size_t *ret_count,
                 struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct memory_slot *slot = memory_first(&memory->tables, SKIPS);
    struct store_skip_count *list = NULL;
    size_t count = 0, capacity = 0;
    bool failed = false;

    for (; slot != NULL && !failed; slot = memory_next(slot)) {
        const struct store_skip_count *row = slot->committed;
        if (row == NULL)
            continue;
        failed = mem_grow((void **)&list, count, &capacity, sizeof *list, err) < 0;
        if (failed)
            break;
        list[count++] = (struct store_skip_count){
            memory_copy_text(row->source, &failed), memory_copy_text(row->destination, &failed),
            memory_copy_text(row->reason, &failed), row->count};
    }
    if (failed) {
        store_skip_counts_free(list, count);
        return memory_unlocked(memory, err_memory(err));
    }
    *ret = list;
    *ret_count = count;
    return memory_unlocked(memory, 0);
}
