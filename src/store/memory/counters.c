/* counters: the sums of each destination, and whether a person has paused it. */
#include "store/memory/functions.h"

/* A draft of a destination's counters, copied from the committed ones; NULL when out of memory.  It
   belongs to the transaction and may be changed in place. */
struct store_counters *memory_counters_draft(struct memory_store *memory, const char *destination,
                                             struct err *err)
{
    struct memory_slot *slot;
    struct store_counters *draft, *old = NULL;
    bool failed = false;

    if (memory_find(&memory->tables, COUNTERS, destination, NULL, NULL, &slot, err) < 0)
        return NULL;
    if (slot != NULL)
        old = memory_peek(slot);
    if (slot != NULL && slot->dirty && old != NULL)
        return old;
    draft = mem_zero(1, sizeof *draft);
    if (draft != NULL) {
        if (old != NULL)
            *draft = *old;
        draft->destination = memory_copy_text(destination, &failed);
    }
    if (failed) {
        memory_row_free[COUNTERS](draft);
        draft = NULL;
    }
    if (memory_put(&memory->tables, COUNTERS, destination, NULL, NULL, draft, err) < 0)
        return NULL;
    return draft;
}

int memory_pause(struct store *store, const char *destination, int64_t since_ms, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct store_counters *counters = memory_counters_draft(memory, destination, err);

    if (counters != NULL)
        counters->paused_ms = since_ms;
    return memory_unlocked(memory, counters != NULL ? 0 : -1);
}

int memory_usage(struct store *store, struct store_usage *ret, struct err *err)
{
    struct store_counters *list = NULL;
    size_t count = 0;

    *ret = (struct store_usage){.free_disk = INT64_MAX};
    if (memory_counters(store, &list, &count, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        ret->waiting += list[i].by_state[STORE_WAITING];
    store_counters_free(list, count);
    return 0;
}

static int64_t dead_letters_of(struct memory_store *memory, const char *destination)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);
    int64_t count = 0;

    for (; slot != NULL; slot = memory_next(slot))
        count += memory_is_dead_letter(memory_committed(slot, destination), NULL);
    return count;
}

static int64_t oldest_waiting(struct memory_store *memory, const char *destination)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);

    for (; slot != NULL; slot = memory_next(slot)) {
        const struct delivery *row = memory_committed(slot, destination);
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
