/* outcomes: writes down what became of deliveries. */
#include "store/memory/functions.h"

#include <string.h>

static int apply_one(struct memory_store *memory, const struct store_outcome_batch *what,
                     const struct store_outcome *outcome, struct err *err)
{
    struct memory_slot *slot = memory_find_seq(&memory->tables, outcome->seq);
    const struct delivery *old = slot == NULL ? NULL : memory_peek(slot);
    bool waiting = outcome->state == STORE_WAITING;
    struct store_receipt receipt;
    struct store_counters *counters;

    if (old == NULL || strcmp(old->receipt->destination, what->destination) != 0)
        return err_set(err, ERR_INVALID, "there is no delivery %lld to %s", (long long)outcome->seq,
                       what->destination);
    if (rules_move(outcome->seq, old->receipt->state, outcome->state, err) < 0)
        return -1;
    receipt = *old->receipt;
    receipt.state = outcome->state;
    receipt.attempts = outcome->attempts;
    receipt.created = outcome->state == STORE_WRITTEN && outcome->created;
    receipt.record_id = (char *)outcome->record_id;
    receipt.into = (char *)outcome->into;
    receipt.code = (char *)outcome->code;
    receipt.message = (char *)outcome->message;
    receipt.advice = (char *)outcome->advice;
    receipt.notes = (char *)outcome->notes;
    receipt.sent = (char *)outcome->sent;
    receipt.changed_ms = schedule_place(&memory->changes, what->now_ms);
    receipt.next_attempt_ms =
        waiting ? schedule_place(&memory->schedule, outcome->next_attempt_ms) : 0;
    counters = memory_counters_draft(memory, what->destination, err);
    if (counters == NULL)
        return -1;
    counters_move(counters, old->receipt->state, outcome->state, receipt.created);
    return memory_put_seq(&memory->tables, outcome->seq, delivery_new(old->event, &receipt), err);
}

int memory_apply(struct store *store, const struct store_outcome_batch *what, struct err *err)
{
    struct memory_store *memory = memory_locked(store);

    for (size_t i = 0; i < what->outcome_count; i++)
        if (apply_one(memory, what, &what->outcomes[i], err) < 0)
            return memory_unlocked(memory, -1);
    for (size_t i = 0; i < what->known_count; i++)
        if (memory_put_known(memory, what->destination, &what->known[i], err) < 0)
            return memory_unlocked(memory, -1);
    for (size_t i = 0; i < what->answered_intent_count; i++)
        if (memory_answer_intent(memory, what->destination, what->answered_intents[i], err) < 0)
            return memory_unlocked(memory, -1);
    return memory_unlocked(memory, 0);
}
