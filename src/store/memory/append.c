/* append: takes in events, and counts what was skipped. */
#include "store/memory/functions.h"

static int append_target(struct memory_store *memory, struct memory_slot *event,
                         const struct store_event *from, const struct store_target *target,
                         struct err *err)
{
    bool dead = target->dead_code != NULL;
    struct store_receipt receipt = {
        .seq = memory->last_seq + 1,
        .destination = (char *)target->destination,
        .object = (char *)target->object,
        .key = (char *)target->key,
        .state = dead ? STORE_DEAD : STORE_WAITING,
        .code = (char *)target->dead_code,
        .message = dead ? (char *)target->dead_message : NULL,
        .advice = dead ? (char *)target->dead_advice : NULL,
        .received_ms = from->received_ms,
        .changed_ms =
            dead ? schedule_place(&memory->changes, from->received_ms) : from->received_ms,
    };
    struct store_counters *counters = memory_counters_draft(memory, target->destination, err);

    if (counters == NULL)
        return -1;
    counters_accept(counters, receipt.state);
    memory->last_seq++;
    return memory_put_seq(&memory->tables, receipt.seq, delivery_new(event, &receipt), err);
}

static int append_event(struct memory_store *memory, struct store_event *event, struct err *err)
{
    struct memory_slot *slot;

    if (rules_event(event, err) < 0 || memory_find(&memory->tables, EVENTS, event->source,
                                                   event->message_id, NULL, &slot, err) < 0)
        return -1;
    event->ret_duplicate = slot != NULL && memory_peek(slot) != NULL;
    if (event->ret_duplicate)
        return 0;
    if (memory_put(&memory->tables, EVENTS, event->source, event->message_id, NULL,
                   event_new(event), err) < 0 ||
        memory_find(&memory->tables, EVENTS, event->source, event->message_id, NULL, &slot, err) <
            0)
        return -1;
    for (size_t i = 0; i < event->target_count; i++)
        if (append_target(memory, slot, event, &event->targets[i], err) < 0)
            return -1;
    return 0;
}

int memory_append(struct store *store, struct store_event *events, size_t count,
                  const struct store_skip *skips, size_t skip_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);

    for (size_t i = 0; i < count; i++)
        if (append_event(memory, &events[i], err) < 0)
            return memory_unlocked(memory, -1);
    for (size_t i = 0; i < skip_count; i++)
        if (memory_append_skip(memory, &skips[i], err) < 0)
            return memory_unlocked(memory, -1);
    for (size_t i = 0; i < skip_count; i++)
        for (size_t event = 0; event < skips[i].event_count; event++)
            if (memory_append_skipped(memory, &skips[i], &skips[i].events[event], err) < 0)
                return memory_unlocked(memory, -1);
    return memory_unlocked(memory, 0);
}
