/* The step between accumulating and a call. */
#include "delivery/next_step.h"

#include "base/clock.h"
#include "base/mem.h"
#include "delivery/due.h"
#include "delivery/merge.h"

/* A recent look-up that found nothing is still valid, unless the answer to a create was lost. */
static bool is_absent(const struct destination *d, const struct group *group)
{
    return group->absent_until_ms > clock_mono() && !intents_has(&d->intents, group->key);
}

static struct decision wait_until(const struct destination *d, struct group *group,
                                  struct reason why, int64_t wait_ms)
{
    if (wait_ms > due_longest_wait(d)) /* then it is postponed again, without a call */
        wait_ms = due_longest_wait(d);
    group_unite(group); /* what was kept back waits too */
    return (struct decision){.kind = DECIDE_WAIT, .reason = why, .wait_ms = wait_ms};
}

static struct decision wait_for_window(const struct destination *d, struct group *group,
                                       const struct poison *poison, int64_t wait_ms)
{
    struct reason why = {
        poison->code[0] != '\0' ? poison->code : "REFUSED_TOO_OFTEN",
        "the org has refused this record again and again; its events are kept back, and "
        "written together when the hour is over",
        "find out in Salesforce why the record is refused; a retry of one of its dead letters "
        "lifts the wait",
    };

    return wait_until(d, group, why, wait_ms);
}

struct decision next_step_turn(struct destination *d, struct group *group)
{
    struct reason why = {"TOO_MANY_ALIKE",
                         "too many values that the org may call equal have come within a short "
                         "time; each is looked up by itself, and the rest waits",
                         "nothing, unless it goes on: then somebody sends one value in very many "
                         "spellings"};
    char *counted = mem_format("alike %s", group_loose_key(group));
    const struct poison *turns;
    int64_t wait_ms;

    if (counted == NULL)
        return (struct decision){.kind = DECIDE_FAILED};
    turns = poison_of(&d->poisons, counted);
    wait_ms = poison_wait_ms(&d->poisons, turns);
    if (wait_ms <= 0)
        poison_count(&d->poisons, counted, NULL);
    mem_free(counted);
    return wait_ms > 0 ? wait_until(d, group, why, wait_ms)
                       : (struct decision){.kind = DECIDE_LOOK_UP};
}

struct decision next_step(const struct destination *d, struct group *group)
{
    const struct poison *poison = poison_of(&d->poisons, group->key);
    int64_t wait_ms = poison_wait_ms(&d->poisons, poison);

    if (wait_ms > 0)
        return wait_for_window(d, group, poison, wait_ms);
    if (group->search.suspects > 0 && !group->search.split) /* the search continues where it was */
        group_split(group, (group->search.suspects + 1) / 2, false);
    if (group->record_id != NULL)
        return (struct decision){.kind = DECIDE_UPDATE};
    if (is_absent(d, group))
        return (struct decision){.kind = DECIDE_CREATE};
    return (struct decision){.kind = DECIDE_LOOK_UP};
}

/* ---- what a write contains ---- */

/* Merges what a create needs.  A part of a group may lack what a kept-back event has: then that
   event goes first.  False in *ret when none has it. */
static int merge_create(const struct destination *d, struct group *group, bool *ret,
                        struct err *err)
{
    const char *needs = group->items->mapped.create_needs;

    if (merge_group(group, true, d->schema, err) < 0)
        return -1;
    *ret = needs == NULL || merged_has(&group->merged, needs);
    if (*ret || !group_pick(group, needs))
        return 0;
    if (merge_group(group, true, d->schema, err) < 0)
        return -1;
    *ret = merged_has(&group->merged, needs);
    return 0;
}

static struct decision end_incomplete(struct destination *d, struct group *group)
{
    const struct create_need *need = &group->binding->create_need;
    struct reason why = {need->code, need->detail, need->advice};

    poison_count(&d->poisons, group->key, why.code);
    group_unite(group); /* what was kept back has no such value either */
    return (struct decision){.kind = DECIDE_DEAD, .reason = why};
}

struct decision next_step_create(struct destination *d, struct group *group)
{
    bool complete;
    struct err err;

    if (merge_create(d, group, &complete, &err) < 0)
        return (struct decision){.kind = DECIDE_FAILED};
    if (!complete)
        return end_incomplete(d, group);
    return (struct decision){.kind = DECIDE_SEND, .call = CALL_CREATE, .object = group->object};
}

struct decision next_step_update(const struct destination *d, struct group *group)
{
    struct err err;

    if (merge_group(group, false, d->schema, &err) < 0)
        return (struct decision){.kind = DECIDE_FAILED};
    if (group->merged.field_count == 0)
        return (struct decision){.kind = DECIDE_UNCHANGED};
    return (struct decision){
        .kind = DECIDE_SEND, .call = CALL_UPDATE, .object = group->record_object};
}
