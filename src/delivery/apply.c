/* Carries out decisions: one function for each kind, in one table. */
#include "delivery/apply.h"

#include <string.h>

#include <utlist.h>

#include "base/clock.h"
#include "base/mem.h"
#include "delivery/alike.h"
#include "delivery/call_queue.h"
#include "delivery/claim.h"
#include "delivery/due.h"
#include "delivery/map_event.h"
#include "delivery/next_step.h"
#include "delivery/refusal.h"

struct applying {
    struct destination *d;
    struct group *group;
    const struct decision *decision;
    struct outcome_batch *batch;
};

static int apply(const struct applying *a, struct err *err);

/* ---- the next call ---- */

static int accumulate(const struct applying *a, struct err *err)
{
    if (a->decision->record_lost)
        claim_end(&a->d->groups, a->group);
    groups_accumulate(&a->d->groups, a->group);
    return 0;
}

static int send(const struct applying *a, struct err *err)
{
    return call_queue_join(a->d, a->group, a->decision->call, a->decision->object, err);
}

/* What was mapped with an older schema is mapped again; what can no longer be written ends. */
static int map_again(const struct applying *a, struct err *err)
{
    struct item *item, *next;
    int rc = 0;

    DL_FOREACH_SAFE(a->group->items, item, next) {
        struct map_refusal refusal;
        if (rc < 0 || (rc = map_event_again(a->d, item, &refusal, err)) < 0)
            break;
        if (refusal.refused)
            rc = outcome_dead(a->batch, a->group, item, refusal.why, err);
        map_refusal_done(&refusal);
    }
    return rc;
}

/* The loose key by which the group takes turns with others. */
static int make_loose(const struct applying *a, struct err *err)
{
    char *loose = mapping_key_loosely(a->group->key, a->d->schema);

    if (loose == NULL)
        return err_memory(err);
    mem_free(a->group->loose);
    a->group->loose = loose;
    return 0;
}

static int look_up(const struct applying *a, struct err *err)
{
    struct destination *d = a->d;
    bool waits = false;

    if (map_again(a, err) < 0)
        return -1;
    if (a->group->items == NULL)
        return 0;
    if (make_loose(a, err) < 0)
        return -1;
    if (alike_is_taken(&d->alikes, a->group, a->group->loose)) {
        struct decision decision = next_step_turn(d, a->group);
        if (decision.kind != DECIDE_LOOK_UP)
            return apply(&(struct applying){d, a->group, &decision, a->batch}, err);
    }
    if (alike_take_turn(&d->alikes, &d->groups, a->group, a->group->loose, &waits, err) < 0)
        return -1;
    return waits ? 0 : call_queue_join(d, a->group, CALL_FIND, a->group->object, err);
}

static int write(const struct applying *a, bool create, struct err *err)
{
    struct decision decision;

    if (map_again(a, err) < 0)
        return -1;
    if (a->group->items == NULL)
        return 0;
    decision = create ? next_step_create(a->d, a->group) : next_step_update(a->d, a->group);
    return apply(&(struct applying){a->d, a->group, &decision, a->batch}, err);
}

static int create(const struct applying *a, struct err *err)
{
    if (!alike_has_turn(a->group)) /* what was found then may no longer be true */
        return look_up(a, err);
    return write(a, true, err);
}

static int update(const struct applying *a, struct err *err)
{
    const struct decision *decision = a->decision;
    bool joined = false;

    if (decision->record_id != NULL && claim_record(&a->d->groups, a->group, decision->object,
                                                    decision->record_id, &joined, err) < 0)
        return -1;
    return joined ? 0 : write(a, false, err);
}

/* ---- the end, or a wait ---- */

static int wait(const struct applying *a, struct err *err)
{
    return outcome_all_waiting(a->batch, a->group, a->decision->reason,
                               due_now(a->d) + a->decision->wait_ms, err);
}

static int dead(const struct applying *a, struct err *err)
{
    struct group *group = a->group;
    bool together = a->decision->refusal == REFUSAL_TOGETHER;
    int rc;

    group->search.together = together ? group_size(group) : 0;
    rc = outcome_all_dead(a->batch, group, a->decision->reason, err);
    group->search.together = 0;
    if (rc == 0)
        refusal_note(group, a->decision->refusal);
    return rc;
}

static int unchanged(const struct applying *a, struct err *err)
{
    struct group *group = a->group;

    /* Nothing to write, but the place of the record stays known. */
    if (outcome_known_record(a->batch, group, clock_steady(), err) < 0)
        return -1;
    while (group->items != NULL)
        if (outcome_unchanged(a->batch, group, group->items, err) < 0)
            return -1;
    return 0;
}

/* The record is known from now on, and how new each value in it is. */
static int know_record(const struct applying *a, struct err *err)
{
    const struct decision *decision = a->decision;
    struct group *group = a->group;
    const struct merged *merged = &group->merged;

    if (decision->record_id != NULL &&
        (group_resolve(group, decision->object, decision->record_id, err) < 0 ||
         claim_made(&a->d->groups, group, err) < 0))
        return -1;
    for (size_t i = 0; i < merged->count; i++)
        if (!merged->list[i].is_default &&
            times_raise(&group->times, merged->list[i].name, merged->list[i].ms, err) < 0)
            return -1;
    group->stale_schema = false;
    return outcome_known_record(a->batch, group, clock_steady(), err);
}

static int saved(const struct applying *a, struct err *err)
{
    struct group *group = a->group;
    const struct item *last = group->items->prev;

    if (know_record(a, err) < 0)
        return -1;
    refusal_clear(group);
    tries_forget(&a->d->tries, group->key);
    while (group->items != last)
        if (outcome_merged(a->batch, group, group->items, group->record_id, last->row.message_id,
                           err) < 0)
            return -1;
    return outcome_written(a->batch, group, group->items, group->record_id, a->decision->created,
                           err);
}

static int failed(const struct applying *a, struct err *err)
{
    return err_memory(err);
}

/* ---- one decision ---- */

static int (*const by_kind[])(const struct applying *a, struct err *err) = {
    [DECIDE_ACCUMULATE] = accumulate, [DECIDE_LOOK_UP] = look_up,     [DECIDE_CREATE] = create,
    [DECIDE_UPDATE] = update,         [DECIDE_SEND] = send,           [DECIDE_WAIT] = wait,
    [DECIDE_SAVED] = saved,           [DECIDE_UNCHANGED] = unchanged, [DECIDE_DEAD] = dead,
    [DECIDE_FAILED] = failed,
};

static int apply_intent(const struct applying *a, struct err *err)
{
    const char *key = a->group->key;

    switch (a->decision->intent) {
    case INTENT_UNKNOWN:
        return intents_add(&a->d->intents, key, group_loose_key(a->group), err);
    case INTENT_ANSWERED:
        return intents_remove(&a->d->intents, key, a->batch, err);
    case INTENT_KEPT:
        break;
    }
    return 0;
}

/* Events of other keys, which were here because of the record, are read again: each is now looked
   up by its own key. */
static int part(const struct applying *a, struct err *err)
{
    struct group *group = a->group;
    struct item *item, *next;

    if (group->also_count == 0)
        return 0;
    group_unite(group);
    DL_FOREACH_SAFE(group->items, item, next) {
        if (strcmp(item->mapped.key, group->key) != 0 &&
            outcome_waiting(a->batch, group, item, a->decision->reason, due_now(a->d) + 1, err) < 0)
            return -1;
    }
    while (group->also_count > 0)
        mem_free(group->also[--group->also_count]);
    return 0;
}

static int apply(const struct applying *a, struct err *err)
{
    if (apply_intent(a, err) < 0)
        return -1;
    if (a->decision->record_lost) {
        if (part(a, err) < 0)
            return -1;
        if (a->group->items == NULL)
            return 0;
    }
    return by_kind[a->decision->kind](a, err);
}

int apply_decision(struct destination *d, struct group *group, const struct decision *decision,
                   struct outcome_batch *batch, struct err *err)
{
    struct applying applying = {d, group, decision, batch};
    int rc = apply(&applying, err);

    if (group->items == NULL)
        group_change_state(&d->groups, group, GROUP_ENDED);
    else if (rc < 0)
        groups_accumulate(&d->groups, group);
    alike_pass_turn(&d->alikes, &d->groups, group);
    return rc;
}

int apply_halve(struct destination *d, struct call *call, struct err *err)
{
    struct call *second = call_halve(call);

    if (second == NULL)
        return err_memory(err);
    call_queue_prepend(d, second);
    call_queue_prepend(d, call);
    return 0;
}
