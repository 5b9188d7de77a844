/* purge: deletes what is old.  Looks at everything each time: this back end is small. */
#include "store/memory/functions.h"

static bool is_old(const struct store_receipt *receipt, const struct store_ages *ages)
{
    if (receipt->state == STORE_WAITING)
        return false;
    return receipt->changed_ms <
           (receipt->state == STORE_DEAD && !receipt->discarded ? ages->dead_ms : ages->ended_ms);
}

/* Whether every delivery of the event ended well before that time. */
static bool is_purgeable(struct memory_store *memory, const struct memory_slot *event,
                         const struct store_ages *ages)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);

    if (((struct event *)memory_peek(event))->received_ms >= ages->ended_ms)
        return false;
    for (; slot != NULL; slot = memory_next(slot)) {
        const struct delivery *row = memory_peek(slot);
        if (row != NULL && row->event == event && !is_old(row->receipt, ages))
            return false;
    }
    return true;
}

static void delete_event(struct memory_store *memory, struct memory_slot *event)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);

    for (; slot != NULL; slot = memory_next(slot)) {
        const struct delivery *row = memory_peek(slot);
        if (row != NULL && row->event == event)
            memory_delete(&memory->tables, slot);
    }
    memory_delete(&memory->tables, event);
}

/* Looks at everything each time: this back end is small. */
int memory_purge(struct store *store, struct store_purge *what, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct memory_slot *slot = memory_first(&memory->tables, EVENTS);

    (void)err;
    for (; slot != NULL; slot = memory_next(slot)) {
        if (memory_peek(slot) == NULL || !is_purgeable(memory, slot, &what->ages))
            continue;
        if (!what->go_on(what->arg))
            return memory_unlocked(memory, 0);
        delete_event(memory, slot);
        what->count++;
    }
    slot = memory_first(&memory->tables, KNOWN);
    for (; slot != NULL; slot = memory_next(slot)) {
        const struct store_known *row = memory_peek(slot);
        if (row == NULL || row->written_ms >= what->ages.known_ms)
            continue;
        if (!what->go_on(what->arg))
            return memory_unlocked(memory, 0);
        memory_delete(&memory->tables, slot);
        what->count++;
    }
    slot = memory_first(&memory->tables, SKIPPED);
    for (; slot != NULL; slot = memory_next(slot)) {
        const struct store_skipped *row = memory_peek(slot);
        if (row == NULL || row->received_ms >= what->ages.ended_ms)
            continue;
        if (!what->go_on(what->arg))
            return memory_unlocked(memory, 0);
        memory_delete(&memory->tables, slot);
        what->count++;
    }
    what->done = true;
    return memory_unlocked(memory, 0);
}
