/* receipts: finds and lists what became of events. */
#include "store/memory/functions.h"

#include <string.h>

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
        if (memory_add_receipt(row, true, &list, &count, &capacity, err) < 0) {
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
        if (memory_add_receipt(row, true, &list, &count, &capacity, err) < 0) {
            store_receipts_free(list, count);
            return memory_unlocked(memory, -1);
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
        const struct delivery *row = slot == NULL ? NULL : memory_committed(slot, destination);
        if (row == NULL || row->receipt->state != state || row->receipt->discarded)
            continue;
        if (memory_add_receipt(row, false, &list, &count, &capacity, err) < 0) {
            store_receipts_free(list, count);
            return memory_unlocked(memory, -1);
        }
    }
    *ret = list;
    *ret_count = count;
    return memory_unlocked(memory, 0);
}
