/* What a look-up has found, or not, for each of its groups. */
#include "delivery/answer_lookup.h"

#include "base/clock.h"
#include "delivery/refusal.h"

struct match *answer_lookup_match(const struct destination *d, struct call *call)
{
    struct err err;
    struct match *matches = match_rows(call, d->settings->several_matches, &err);

    if (matches == NULL && err.kind == ERR_INVALID)
        call->rc = org_foreign_row(&call->fault, err.text);
    return matches;
}

/* Not found: create it, unless an earlier create may still take effect. */
static struct decision create_or_wait(struct destination *d, struct group *group)
{
    struct reason why = {"OUTCOME_UNKNOWN",
                         "a create was cut off and its record has not shown up yet; it is "
                         "looked up again before anything is sent",
                         ""};
    int64_t wait_ms = intents_wait_ms(&d->intents, group_loose_key(group), d->settings);

    if (wait_ms > 0)
        return (struct decision){.kind = DECIDE_WAIT, .reason = why, .wait_ms = wait_ms};
    group->absent_until_ms = clock_mono() + ABSENT_MS;
    return (struct decision){.kind = DECIDE_CREATE};
}

/* The group's record was found: update it, unless another group writes it. */
static struct decision update_record(const char *object, const char *id)
{
    return (struct decision){.kind = DECIDE_UPDATE, .object = object, .record_id = id};
}

static struct decision update_converted(struct destination *d, struct group *group,
                                        const struct match *match)
{
    struct reason why = {"converted_lead", "the only Lead that fits has been converted",
                         "update its Contact by hand, or set converted_lead, then retry"};

    enum converted_lead policy = binding_succession(group->binding, d->settings);

    if (policy == CONVERTED_CREATE)
        return create_or_wait(d, group);
    if (policy == CONVERTED_REJECT || match->successor_id == NULL ||
        schema_object(d->schema, group->binding->successor->object) == NULL)
        return refusal_of_all(d, group, why);
    return update_record(group->binding->successor->object, match->successor_id);
}

static struct decision use_record(struct destination *d, struct group *group,
                                  const struct match *match)
{
    struct reason several = {"several_matches", "several records fit the look-up",
                             "merge them in Salesforce, or set several_matches, then retry"};

    if (group->matches > 1 && d->settings->several_matches == SEVERAL_REJECT)
        return refusal_of_all(d, group, several);
    if (match->replaced)
        return update_converted(d, group, match);
    return update_record(group->object, match->id);
}

struct decision answer_lookup(struct destination *d, const struct call *call, size_t i,
                              const struct match *matches)
{
    struct group *group = call->groups[i];
    struct decision decision;

    if (matches == NULL)
        return (struct decision){.kind = DECIDE_FAILED};
    if (i >= call->rows.keys_used)
        return (struct decision){.kind = DECIDE_LOOK_UP};
    group->matches = matches[i].live > 0 ? matches[i].live : matches[i].count;
    if (matches[i].id == NULL)
        return create_or_wait(d, group);
    decision = use_record(d, group, &matches[i]);
    if (decision.kind == DECIDE_UPDATE || decision.kind == DECIDE_DEAD)
        decision.intent = INTENT_ANSWERED; /* else the converted Lead is not the one it created */
    return decision;
}
