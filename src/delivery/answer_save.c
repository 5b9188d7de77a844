/* What the org says about each record of a save. */
#include "delivery/answer_save.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "delivery/backoff.h"
#include "delivery/refusal.h"
#include "delivery/refusal_log.h"
#include "delivery/renew.h"

/* One record's result, and its group. */
struct saving {
    struct destination *d;
    const struct call *call;
    struct group *group;
    const struct org_result *result;
};

static struct reason reason_of(const struct org_result *result)
{
    return (struct reason){result->code != NULL ? result->code : "UNKNOWN", result->message,
                           result->advice};
}

static struct decision dead(const struct saving *s)
{
    return refusal_decide(s->d, s->group, reason_of(s->result));
}

/* Looked up again, but not for ever. */
static struct decision look_again(const struct saving *s, struct reason why)
{
    struct decision decision = {.kind = DECIDE_ACCUMULATE};

    if (group_has_own_events(s->group) && ++s->group->turns > SAME_RECORD_TURNS)
        decision = refusal_of_all(s->d, s->group, why);
    decision.reason = why;
    decision.record_lost = true;
    return decision;
}

static struct decision on_saved(const struct saving *s)
{
    bool created = s->call->kind == CALL_CREATE;
    struct decision decision = {.kind = DECIDE_SAVED, .created = created};

    s->group->absent_until_ms = 0; /* it exists, even if there is no memory to note it */
    if (created && s->result->id == NULL)
        return look_again(s, (struct reason){"NO_ID", "saved without an Id", ""});
    if (created) {
        decision.object = s->group->object;
        decision.record_id = s->result->id;
    }
    return decision;
}

static struct decision on_retry(const struct saving *s)
{
    const struct destination_settings *to = s->d->settings;
    int attempts = s->group->items->row.attempts;

    return (struct decision){
        .kind = DECIDE_WAIT,
        .reason = reason_of(s->result),
        .wait_ms = backoff_ms(attempts, to->retry_first_ms, to->retry_longest_ms),
    };
}

static struct decision on_retry_few(const struct saving *s)
{
    if (tries_last(&s->d->tries, s->group->key, s->d->last_saved_ms))
        return dead(s);
    return on_retry(s);
}

/* A look-up field is never left out: without it the record would not be found again and the next
   event would create a second one. */
static struct decision on_drop_field(const struct saving *s)
{
    const struct org_result *result = s->result;
    struct err err;

    if (result->field_count == 0)
        return dead(s);
    if (strcmp(result->code, "INVALID_FIELD_FOR_INSERT_UPDATE") == 0)
        renew_distrust_field(s->d); /* hidden or locked: later events omit it */
    for (size_t i = 0; i < result->field_count; i++) {
        const char *field = result->fields[i];
        if (group_drops(s->group, field) || group_looks_up_by(s->group, field))
            return dead(s);
        if (group_drop_field(s->group, field, &err) < 0)
            return (struct decision){.kind = DECIDE_FAILED};
    }
    return (struct decision){.kind = s->call->kind == CALL_CREATE ? DECIDE_CREATE : DECIDE_UPDATE};
}

static struct decision on_lost(const struct saving *s)
{
    return look_again(s, reason_of(s->result));
}

static struct decision on_duplicate(const struct saving *s)
{
    if (s->result->matched_id == NULL)
        return on_lost(s);
    if (++s->group->turns > SAME_RECORD_TURNS)
        return dead(s);
    return (struct decision){
        .kind = DECIDE_UPDATE, .object = s->call->object, .record_id = s->result->matched_id};
}

static struct decision on_stop(const struct saving *s)
{
    struct org_fault fault = {.class = ORG_STOP, .advice = s->result->advice};

    snprintf(fault.code, sizeof fault.code, "%s", reason_of(s->result).code);
    snprintf(fault.message, sizeof fault.message, "%s",
             s->result->message != NULL ? s->result->message : "");
    hold_after_fault(&s->d->hold, &fault, s->d->settings);
    return (struct decision){.kind = DECIDE_WAIT,
                             .reason = reason_of(s->result),
                             .wait_ms = s->d->settings->retry_first_ms};
}

static struct decision (*const by_class[])(const struct saving *s) = {
    [ORG_SAVED] = on_saved,
    [ORG_RECORD_RETRY] = on_retry,
    [ORG_RECORD_RETRY_FEW] = on_retry_few,
    [ORG_RECORD_DEAD] = dead,
    [ORG_RECORD_DROP_FIELD] = on_drop_field,
    [ORG_RECORD_LOST] = on_lost,
    [ORG_RECORD_CONVERTED] = on_lost, /* the look-up then finds the Contact */
    [ORG_RECORD_DUPLICATE] = on_duplicate,
    [ORG_RECORD_STOP] = on_stop,
};

struct decision answer_save(struct destination *d, const struct call *call, size_t i)
{
    struct saving saving = {d, call, call->groups[i], &call->results[i]};
    struct decision decision = by_class[saving.result->class](&saving);

    if (call->kind == CALL_CREATE)
        decision.intent = INTENT_ANSWERED;
    return decision;
}

/* ---- the call as a whole ---- */

/* What the write of a group cost, and why it was refused. */
static void count_result(struct destination *d, const struct group *group,
                         const struct org_result *result, struct refusal_log *refused)
{
    if (result->class == ORG_SAVED) {
        if (group->search.split)
            poison_count(&d->poisons, group->key, NULL);
        return;
    }
    poison_count(&d->poisons, group->key, reason_of(result).code);
    refusal_log_add(refused, reason_of(result).code, group->items->row.message_id);
}

size_t answer_save_count(struct destination *d, const struct call *call)
{
    const char *name = d->settings->name, *operation = call_kind_name(call->kind);
    struct refusal_log refused = {0};
    size_t saved = 0;

    for (size_t i = 0; i < call->count; i++) {
        count_result(d, call->groups[i], &call->results[i], &refused);
        saved += call->results[i].class == ORG_SAVED;
    }
    log_line(LOG_INFO, "delivery.saved",
             "destination=%s operation=%s object=%s records=%zu saved=%zu", name, operation,
             call->object, call->count, saved);
    refusal_log_write(&refused, "delivery.refused", "destination=%s operation=%s object=%s", name,
                      operation, call->object);
    return saved;
}
