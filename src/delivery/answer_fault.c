/* What a call that failed as a whole means for its groups. */
#include "delivery/answer_fault.h"

#include "delivery/map_event.h"
#include "delivery/refusal.h"
#include "delivery/renew.h"

static struct reason reason_of(const struct call *call)
{
    return (struct reason){call->fault.code, call->fault.message, call->fault.advice};
}

static enum fault_decision search(const struct call *call)
{
    return call->count > 1 ? FAULT_HALVE : FAULT_SINGLE;
}

/* A field or type is no longer known: describe, map again, repeat.  If it is still unknown after
   that, a record is at fault.  A describe that came while the call was out may be from before the
   change: the repeat with that one does not count. */
static enum fault_decision on_stale_schema(struct destination *d, struct call *call)
{
    bool outdated = false, tried = false;

    for (size_t i = 0; i < call->count; i++) {
        outdated |= map_event_outdated(d, call->groups[i]);
        tried |= call->groups[i]->stale_schema;
    }
    if (outdated)
        return FAULT_REPEAT;
    if (tried)
        return search(call);
    for (size_t i = 0; i < call->count; i++)
        call->groups[i]->stale_schema = true;
    renew_distrust(d);
    return FAULT_REPEAT;
}

/* Counts the failure for each of its records; it persists when it does for one of them. */
static bool lasts(struct destination *d, const struct call *call)
{
    bool any = false;

    for (size_t i = 0; i < call->count; i++)
        any |= tries_last(&d->tries, call->groups[i]->key, d->last_saved_ms);
    return any;
}

/* The call itself is at fault, and the problem is not temporary.  A call that took too long may
   still succeed later, if it cannot be made smaller. */
static bool is_at_fault(struct destination *d, const struct call *call)
{
    switch (call->fault.class) {
    case ORG_BISECT:
        return true;
    case ORG_SPLIT:
        return call->count > 1 || lasts(d, call);
    case ORG_RETRY_FEW:
        return lasts(d, call);
    default:
        return false;
    }
}

enum fault_decision answer_fault(struct destination *d, struct call *call)
{
    if (call->fault.outcome_unknown && call->kind == CALL_CREATE)
        return FAULT_WAIT;
    if (is_at_fault(d, call))
        return search(call);
    return call->fault.class == ORG_STALE_SCHEMA ? on_stale_schema(d, call) : FAULT_WAIT;
}

/* No later than a person's retry should find it: a hold delays the call anyway.  A create that may
   have been executed keeps its intent. */
struct decision answer_fault_wait(const struct destination *d, const struct call *call, size_t i)
{
    struct decision decision = {
        .kind = DECIDE_WAIT,
        .reason = reason_of(call),
        .wait_ms = d->settings->retry_first_ms + 1,
    };

    if (call->kind == CALL_CREATE)
        decision.intent = call->fault.outcome_unknown ? INTENT_UNKNOWN : INTENT_ANSWERED;
    call->groups[i]->absent_until_ms = 0;
    return decision;
}

/* A look-up fails for all events of its key; a save fails because of what they contain. */
struct decision answer_fault_single(struct destination *d, const struct call *call)
{
    struct group *group = call->groups[0];
    struct reason why = reason_of(call);
    struct decision decision = {.kind = DECIDE_DEAD, .reason = why};

    poison_count_alone(&d->poisons, group->key, why.code);
    if (call->kind != CALL_FIND)
        decision = refusal_decide(d, group, why);
    if (call->kind == CALL_CREATE)
        decision.intent = INTENT_ANSWERED;
    return decision;
}
