#include <stdio.h>
#include <string.h>

#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "delivery/backoff.h"
#include "delivery/destination.h"
#include "delivery/match.h"
#include "delivery/refused.h"

/* ---- writing down ---- */

static void let_go(void *d, struct item *item)
{
    gather_let_go(d, item);
}

/* A group without items goes, unless more of its key has come in the meantime. */
static void close_group(struct destination *d, struct group *group)
{
    if (group->items != NULL)
        return; /* queued or gathering again */
    group->turns = 0;
    if (group_promote(group)) {
        if (group->record_id != NULL && group->claimed[0] == '\0')
            group_forget(group); /* another may write the record: the look-up tells */
        gather_group(d, group);
        return;
    }
    claim_end(d, group);
    HASH_DELETE(hh, d->groups, group);
    group_free(group);
}

void answer_settle(struct destination *d, struct settling *s, struct group **groups, size_t count)
{
    struct err err = {0};

    while (settle_commit(s, d->writer, d->settings->name, &err) < 0) {
        log_line(LOG_ERROR, "delivery.cannot_write_receipts", "destination=%s error=%s",
                 d->settings->name, LOG_TEXT(err.text));
        if (err.kind == ERR_INVALID)
            break; /* the store says they have ended already: nothing to repeat */
        hold_for(&d->hold, STORE_RETRY_MS, "STORE", "cannot write down what became of events",
                 "make room on the disk of data_dir, or see that it can be written");
        if (!mail_pause(d, STORE_RETRY_MS))
            break; /* stopping: they still wait in the store, creates with their intent */
    }
    settle_log_dead(s, d->settings->name);
    settle_each(s, let_go, d);
    settle_done(s);
    for (size_t i = 0; groups != NULL && i < count; i++)
        close_group(d, groups[i]);
}

/* ---- what can become of a group ---- */

/* For what holds for all events of the group, whatever each of them says. */
static int end_group(struct destination *d, struct group *group, struct settling *s,
                     struct reason why, struct err *err)
{
    poison_count(&d->poisons, group->key, why.code);
    return settle_all_dead(s, group, why, err);
}

static int end_alone(struct group *group, struct settling *s, struct reason why, struct err *err)
{
    if (settle_dead(s, group, group->items, why, err) < 0)
        return -1;
    group->alone++;
    group->suspects = 0;
    return 0;
}

static int end_together(struct group *group, struct settling *s, struct reason why, struct err *err)
{
    int rc;

    group->together = group_size(group);
    rc = settle_all_dead(s, group, why, err);
    group->together = 0;
    if (rc == 0)
        group->alone = 0;
    return rc;
}

/* The write was refused for what its events say.  Of several the one at fault is searched by
   halves; alone it is dead, and the rest is written together.  When that is refused again a
   single one is tried, from either end in turn, since all of them may be at fault: after
   REFUSED_ALONE such ones, with none saved between, all are. */
static int end_refused(struct destination *d, struct group *group, struct settling *s,
                       struct reason why, struct err *err)
{
    size_t count = group_size(group);

    if (count == 1)
        return end_alone(group, s, why, err);
    if (group->alone >= REFUSED_ALONE)
        return end_together(group, s, why, err);
    group->suspects = count;
    if (group->alone > 0)
        group_split(group, 1, group->alone % 2 != 0);
    else
        group_split(group, count / 2, false);
    return dispatch_next(d, group, s, err);
}

/* Some of them were saved, so not all are at fault, and it is not among these. */
static void clear_of_suspicion(struct group *group)
{
    size_t saved = group_size(group);

    group->alone = 0;
    group->suspects = group->suspects > saved ? group->suspects - saved : 0;
}

static struct intent *intent_of(const struct destination *d, const struct group *group)
{
    struct intent *intent;

    HASH_FIND_STR(d->intents, group->key, intent);
    return intent;
}

/* The create of the group is answered, or its record was found. */
static int end_intent(struct destination *d, const struct group *group, struct settling *s,
                      struct err *err)
{
    struct intent *intent = intent_of(d, group);

    if (intent != NULL) {
        HASH_DELETE(hh, d->intents, intent);
        mem_free(intent->key);
        mem_free(intent);
    }
    return settle_intent(s, group->key, err);
}

static int remember_intent(struct destination *d, const struct group *group, struct err *err)
{
    struct intent *intent = intent_of(d, group);

    if (intent == NULL) {
        if ((intent = mem_zero(1, sizeof *intent)) == NULL)
            return err_memory(err);
        if ((intent->key = mem_text(group->key)) == NULL) {
            mem_free(intent);
            return err_memory(err);
        }
        HASH_ADD_KEYPTR(hh, d->intents, intent->key, strlen(intent->key), intent);
        if (!hash_entered(&intent->hh)) {
            mem_free(intent->key);
            mem_free(intent);
            return err_memory(err);
        }
    }
    intent->since_ms = clock_mono();
    intent->looks = 0;
    return 0;
}

/* Events of other keys, which were here for the record's sake, are read anew: by what they
   are looked up now is theirs alone. */
static int part(struct destination *d, struct group *group, struct settling *s, struct reason why,
                struct err *err)
{
    struct item *item, *next;

    if (group->also_count == 0)
        return 0;
    group_unite(group);
    DL_FOREACH_SAFE(group->items, item, next) {
        if (strcmp(item->mapped.key, group->key) != 0 &&
            settle_waiting(s, group, item, why, gather_now(d) + 1, err) < 0)
            return -1;
    }
    while (group->also_count > 0)
        mem_free(group->also[--group->also_count]);
    return 0;
}

/* Looked up anew, but not for ever. */
static int look_again(struct destination *d, struct group *group, struct settling *s,
                      struct reason why, struct err *err)
{
    if (part(d, group, s, why, err) < 0)
        return -1;
    if (group->items == NULL)
        return 0;
    if (++group->turns > SAME_RECORD_TURNS)
        return end_group(d, group, s, why, err);
    claim_end(d, group);
    gather_group(d, group);
    return 0;
}

static int attempts_of(const struct group *group)
{
    return group->items != NULL ? group->items->row.attempts : 0;
}

/* ---- a look-up ---- */

/* Not there.  Made now, unless an earlier create may still come through. */
static int create_or_wait(struct destination *d, struct group *group, struct settling *s,
                          struct err *err)
{
    struct intent *intent = intent_of(d, group);
    int64_t left_ms = 0, wait_ms;
    struct reason why = {"OUTCOME_UNKNOWN",
                         "a create was cut off and its record has not shown up yet; it is "
                         "looked up again before anything is sent",
                         ""};

    if (intent != NULL)
        left_ms = intent->since_ms + d->settings->unknown_outcome_wait_ms - clock_mono();
    if (left_ms <= 0) {
        group->absent_until_ms = clock_mono() + ABSENT_MS;
        return dispatch_write(d, group, true, s, err);
    }
    wait_ms = backoff_ms(++intent->looks, d->settings->retry_first_ms, LOOK_AGAIN_LONGEST_MS);
    return settle_all_waiting(s, group, why,
                              gather_now(d) + (wait_ms < left_ms ? wait_ms : left_ms), err);
}

/* The group's record has been found, and is written unless another group does so. */
static int update_record(struct destination *d, struct group *group, const char *object,
                         const char *id, struct settling *s, struct err *err)
{
    bool joined;

    if (claim_record(d, group, object, id, &joined, err) < 0)
        return -1;
    return joined ? 0 : dispatch_write(d, group, false, s, err);
}

static int update_converted(struct destination *d, struct group *group, const struct match *match,
                            struct settling *s, struct err *err)
{
    struct reason why = {"converted_lead", "the only Lead that fits has been converted",
                         "update its Contact by hand, or set converted_lead, then retry"};

    if (d->settings->converted_lead == CONVERTED_CREATE)
        return create_or_wait(d, group, s, err);
    if (d->settings->converted_lead == CONVERTED_REJECT || match->contact_id == NULL ||
        schema_object(d->schema, "Contact") == NULL)
        return end_group(d, group, s, why, err);
    return update_record(d, group, "Contact", match->contact_id, s, err);
}

static int use_match(struct destination *d, struct group *group, const struct match *match,
                     struct settling *s, struct err *err)
{
    struct reason several = {"several_matches", "several records fit the look-up",
                             "merge them in Salesforce, or set several_matches, then retry"};

    group->matches = match->live > 0 ? match->live : match->count;
    if (match->doubtful)
        return dispatch_find_alone(d, group, err);
    if (match->id == NULL)
        return create_or_wait(d, group, s, err);
    if (end_intent(d, group, s, err) < 0)
        return -1;
    if (group->matches > 1 && d->settings->several_matches == SEVERAL_REJECT)
        return end_group(d, group, s, several, err);
    if (match->converted)
        return update_converted(d, group, match, s, err);
    return update_record(d, group, group->object, match->id, s, err);
}

/* Without memory for the next step a group gathers again; nothing of it is lost. */
static void gather_if_stuck(struct destination *d, struct group *group, int rc,
                            const struct err *err)
{
    if (rc == 0)
        return;
    log_line(LOG_ERROR, "delivery.cannot_go_on", "destination=%s error=%s", d->settings->name,
             LOG_TEXT(err->text));
    if (group->items != NULL)
        gather_group(d, group);
}

/* Which rows belong to which groups.  NULL: out of memory, or the call has failed after all,
   because a row is none that was asked for. */
static struct match *match_answer(const struct destination *d, struct call *call)
{
    struct err err;
    struct match *matches = match_rows(call, d->settings->several_matches, &err);

    if (matches == NULL && err.kind == ERR_INVALID)
        call->rc = org_foreign_row(&call->fault, err.text);
    return matches;
}

static void answer_find(struct destination *d, struct call *call, const struct match *matches,
                        struct settling *s)
{
    struct err err;

    err_memory(&err); /* why there are no matches, when there are none */
    for (size_t i = 0; i < call->count; i++) {
        struct group *group = call->groups[i];
        int rc = -1;
        if (matches != NULL)
            rc = i < call->rows.keys_used ? use_match(d, group, &matches[i], s, &err)
                                          : dispatch_find(d, group, &err);
        gather_if_stuck(d, group, rc, &err);
    }
}

/* ---- a save, record by record ---- */

static struct reason reason_of(const struct org_result *result)
{
    return (struct reason){result->code != NULL ? result->code : "UNKNOWN", result->message,
                           result->advice};
}

static int record_saved(struct destination *d, struct call *call, struct group *group,
                        const struct org_result *result, struct settling *s, struct err *err)
{
    const struct merged *merged = &group->merged;
    const struct item *last = group->items->prev;

    if (result->id == NULL && call->kind == CALL_CREATE)
        return look_again(d, group, s, (struct reason){"NO_ID", "saved without an Id", ""}, err);
    if (call->kind == CALL_CREATE &&
        (group_place(group, group->object, result->id, err) < 0 || claim_made(d, group, err) < 0))
        return -1;
    for (size_t i = 0; i < merged->count; i++)
        if (!merged->list[i].filler &&
            times_raise(&group->times, merged->list[i].name, merged->list[i].ms, err) < 0)
            return -1;
    group->reshaped = false;
    if (settle_memory(s, group, clock_steady(), err) < 0)
        return -1;
    clear_of_suspicion(group);
    tries_forget(&d->tries, group->key);
    while (group->items != last)
        if (settle_merged(s, group, group->items, group->record_id, last->row.message_id, err) < 0)
            return -1;
    return settle_written(s, group, group->items, group->record_id, call->kind == CALL_CREATE, err);
}

static int record_retry(struct destination *d, struct call *call, struct group *group,
                        const struct org_result *result, struct settling *s, struct err *err)
{
    int64_t wait =
        backoff_ms(attempts_of(group), d->settings->retry_first_ms, d->settings->retry_longest_ms);

    return settle_all_waiting(s, group, reason_of(result), gather_now(d) + wait, err);
}

static int record_dead(struct destination *d, struct call *call, struct group *group,
                       const struct org_result *result, struct settling *s, struct err *err)
{
    return end_refused(d, group, s, reason_of(result), err);
}

static int record_retry_few(struct destination *d, struct call *call, struct group *group,
                            const struct org_result *result, struct settling *s, struct err *err)
{
    if (tries_last(&d->tries, group->key, d->last_saved_ms))
        return record_dead(d, call, group, result, s, err);
    return record_retry(d, call, group, result, s, err);
}

/* A look-up field is never left out: without it the record would not be found again and
   the next event would make a second one. */
static int record_drop_field(struct destination *d, struct call *call, struct group *group,
                             const struct org_result *result, struct settling *s, struct err *err)
{
    if (result->field_count == 0)
        return record_dead(d, call, group, result, s, err);
    if (strcmp(result->code, "INVALID_FIELD_FOR_INSERT_UPDATE") == 0)
        renew_distrust_field(d); /* hidden or locked since: later events go without it */
    for (size_t i = 0; i < result->field_count; i++) {
        const char *field = result->fields[i];
        if (group_drops(group, field) || group_looks_up_by(group, field))
            return record_dead(d, call, group, result, s, err);
        if (group_drop_field(group, field, err) < 0)
            return -1;
    }
    return dispatch_write(d, group, call->kind == CALL_CREATE, s, err);
}

static int record_lost(struct destination *d, struct call *call, struct group *group,
                       const struct org_result *result, struct settling *s, struct err *err)
{
    return look_again(d, group, s, reason_of(result), err);
}

static int record_duplicate(struct destination *d, struct call *call, struct group *group,
                            const struct org_result *result, struct settling *s, struct err *err)
{
    if (result->matched_id == NULL)
        return look_again(d, group, s, reason_of(result), err);
    if (++group->turns > SAME_RECORD_TURNS)
        return record_dead(d, call, group, result, s, err);
    return update_record(d, group, call->object, result->matched_id, s, err);
}

static int record_stop(struct destination *d, struct call *call, struct group *group,
                       const struct org_result *result, struct settling *s, struct err *err)
{
    struct org_fault fault = {.class = ORG_STOP, .advice = result->advice};

    snprintf(fault.code, sizeof fault.code, "%s", reason_of(result).code);
    snprintf(fault.message, sizeof fault.message, "%s",
             result->message != NULL ? result->message : "");
    hold_after_fault(&d->hold, &fault, d->settings);
    return settle_all_waiting(s, group, reason_of(result),
                              gather_now(d) + d->settings->retry_first_ms, err);
}

static int (*const by_record_class[])(struct destination *d, struct call *call, struct group *group,
                                      const struct org_result *result, struct settling *s,
                                      struct err *err) = {
    [ORG_SAVED] = record_saved,
    [ORG_RECORD_RETRY] = record_retry,
    [ORG_RECORD_RETRY_FEW] = record_retry_few,
    [ORG_RECORD_DEAD] = record_dead,
    [ORG_RECORD_DROP_FIELD] = record_drop_field,
    [ORG_RECORD_LOST] = record_lost,
    [ORG_RECORD_CONVERTED] = record_lost, /* the look-up then finds the Contact */
    [ORG_RECORD_DUPLICATE] = record_duplicate,
    [ORG_RECORD_STOP] = record_stop,
};

/* Before its events move on: what the write of a group cost, and why it was refused. */
static void count_result(struct destination *d, const struct group *group,
                         const struct org_result *result, struct refused *refused)
{
    if (result->class == ORG_SAVED) {
        if (group->split)
            poison_count(&d->poisons, group->key, NULL);
        return;
    }
    poison_count(&d->poisons, group->key, reason_of(result).code);
    refused_add(refused, reason_of(result).code, group->items->row.message_id);
}

static void log_saved(const struct destination *d, const struct call *call, size_t saved,
                      const struct refused *refused)
{
    const char *name = d->settings->name, *operation = call_kind_name(call->kind);

    log_line(LOG_INFO, "delivery.saved",
             "destination=%s operation=%s object=%s records=%zu saved=%zu", name, operation,
             call->object, call->count, saved);
    refused_log(refused, "delivery.refused", "destination=%s operation=%s object=%s", name,
                operation, call->object);
}

static void answer_save(struct destination *d, struct call *call, struct settling *s)
{
    struct refused refused = {0};
    size_t saved = 0;

    for (size_t i = 0; i < call->count; i++) {
        count_result(d, call->groups[i], &call->results[i], &refused);
        saved += call->results[i].class == ORG_SAVED;
    }
    log_saved(d, call, saved, &refused);
    for (size_t i = 0; i < call->count; i++)
        call->groups[i]->in_flight = true; /* what joins it now was not in the call */

    for (size_t i = 0; i < call->count; i++) {
        struct group *group = call->groups[i];
        const struct org_result *result = &call->results[i];
        struct err err;
        int rc = 0;

        group->in_flight = false;
        if (result->class == ORG_SAVED)
            group->absent_until_ms = 0; /* it is there, even if there is no memory to note it */
        if (call->kind == CALL_CREATE)
            rc = end_intent(d, group, s, &err);
        if (rc == 0)
            rc = by_record_class[result->class](d, call, group, result, s, &err);
        gather_if_stuck(d, group, rc, &err);
    }
    if (saved > 0)
        d->last_saved_ms = clock_mono();
}

/* ---- a call that failed as a whole ---- */

/* No later than a person's retry should find it: a hold keeps the call back by itself. */
static int64_t next_attempt(const struct destination *d)
{
    return gather_now(d) + d->settings->retry_first_ms + 1;
}

/* Back to wait.  A create that may have been carried out keeps its intent. */
static void put_back(struct destination *d, struct call *call, struct settling *s)
{
    struct reason why = {call->fault.code, call->fault.message, call->fault.advice};
    int64_t next_ms = next_attempt(d);

    for (size_t i = 0; i < call->count; i++) {
        struct group *group = call->groups[i];
        struct err err;
        int rc = 0;
        if (call->kind == CALL_CREATE)
            rc = call->fault.outcome_unknown ? remember_intent(d, group, &err)
                                             : end_intent(d, group, s, &err);
        group->absent_until_ms = 0;
        if (rc == 0)
            rc = settle_all_waiting(s, group, why, next_ms, &err);
        gather_if_stuck(d, group, rc, &err);
    }
}

/* A look-up fails for all events of its key alike; a save for what they say. */
static int end_culprit(struct destination *d, const struct call *call, struct settling *s,
                       struct reason why, struct err *err)
{
    struct group *group = call->groups[0];

    poison_count_alone(&d->poisons, group->key, why.code);
    if (call->kind == CALL_FIND)
        return settle_all_dead(s, group, why, err);
    if (call->kind == CALL_CREATE && end_intent(d, group, s, err) < 0)
        return -1;
    return end_refused(d, group, s, why, err);
}

/* The culprit is found by halves.  Keeps call. */
static void search_culprit(struct destination *d, struct call **call, struct settling *s)
{
    struct reason why = {(*call)->fault.code, (*call)->fault.message, (*call)->fault.advice};
    struct call *second;
    struct err err;

    if ((*call)->count > 1) {
        second = call_halve(*call);
        if (second == NULL) {
            put_back(d, *call, s);
            return;
        }
        DL_PREPEND(d->queue, second);
        DL_PREPEND(d->queue, *call);
        *call = NULL; /* queued again */
        return;
    }
    gather_if_stuck(d, (*call)->groups[0], end_culprit(d, *call, s, why, &err), &err);
}

/* A field or type is not known any more: describe, map again, repeat.  When that was done
   already and it is unknown still, a record is to blame. */
static void reshape(struct destination *d, struct call **call, struct settling *s)
{
    bool outdated = false, tried = false;

    for (size_t i = 0; i < (*call)->count; i++) {
        struct group *group = (*call)->groups[i];
        outdated |= renew_outdated(d, group);
        tried |= group->reshaped;
    }
    if (tried && !outdated) {
        search_culprit(d, call, s);
        return;
    }
    for (size_t i = 0; i < (*call)->count; i++)
        (*call)->groups[i]->reshaped = true;
    if (!outdated) /* else it has been described while the call was out */
        renew_distrust(d);
    DL_APPEND(d->queue, *call);
    *call = NULL;
}

/* Counts the failure for each of its records; it lasts when it does for one of them. */
static bool lasts(struct destination *d, const struct call *call)
{
    bool any = false;

    for (size_t i = 0; i < call->count; i++)
        any |= tries_last(&d->tries, call->groups[i]->key, d->last_saved_ms);
    return any;
}

/* The call itself is to blame, not the moment.  What took too long may pass another time,
   when it cannot be made smaller. */
static bool is_to_blame(struct destination *d, const struct call *call)
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

static void answer_fault(struct destination *d, struct call **call, struct settling *s)
{
    enum org_class class = (*call)->fault.class;

    if ((*call)->fault.outcome_unknown && (*call)->kind == CALL_CREATE)
        put_back(d, *call, s);
    else if (is_to_blame(d, *call))
        search_culprit(d, call, s);
    else if (class == ORG_STALE_SCHEMA)
        reshape(d, call, s);
    else
        put_back(d, *call, s);
}

/* ---- the door ---- */

static void land(struct destination *d, struct call *call)
{
    enum org_class class = call->fault.class;

    d->flying--;
    /* A describe has no records to search for a culprit: it is only tried again. */
    if (call->kind == CALL_DESCRIBE && (class == ORG_BISECT || class == ORG_SPLIT))
        call->fault.class = ORG_RETRY;
    for (size_t i = 0; i < call->count; i++) {
        call->groups[i]->in_flight = false;
        if (call->kind == CALL_FIND) /* nothing was written: who came meanwhile joins */
            group_promote(call->groups[i]);
    }
    if (call->rc == 0) {
        hold_after_success(&d->hold, d->settings->max_concurrent_calls);
        return;
    }
    hold_after_fault(&d->hold, &call->fault, d->settings);
    log_line(LOG_WARN, "delivery.call_failed",
             "destination=%s call=%s records=%zu class=%s code=%s outcome_unknown=%d",
             d->settings->name, call_kind_name(call->kind), call->count,
             org_class_name(call->fault.class), call->fault.code, call->fault.outcome_unknown);
}

void answer_call(struct destination *d, struct call *call)
{
    struct group **groups = mem_zero(call->count, sizeof *groups);
    size_t count = call->count;
    struct match *matches = NULL;
    struct settling s = {0};

    if (groups == NULL) { /* nothing can be done without it: tried again next turn */
        mail_answered(d, call);
        return;
    }
    memcpy(groups, call->groups, count * sizeof *groups);
    if (call->kind == CALL_FIND && call->rc == 0)
        matches = match_answer(d, call);
    land(d, call);
    if (call->kind == CALL_DESCRIBE || call->kind == CALL_SIGN_IN)
        renew_answer(d, call);
    else if (call->rc < 0)
        answer_fault(d, &call, &s);
    else if (call->kind == CALL_FIND)
        answer_find(d, call, matches, &s);
    else
        answer_save(d, call, &s);
    mem_free(matches);
    answer_settle(d, &s, groups, count);
    mem_free(groups);
    call_free(call);
}
