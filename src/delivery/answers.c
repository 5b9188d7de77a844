/* From an answered call to decisions, which are applied and recorded. */
#include "delivery/answers.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "delivery/answer_fault.h"
#include "delivery/answer_lookup.h"
#include "delivery/answer_save.h"
#include "delivery/apply.h"
#include "delivery/call_queue.h"
#include "delivery/commit.h"
#include "delivery/renew.h"

static void carry_out(struct destination *d, struct group *group, struct decision decision,
                      struct outcome_batch *batch)
{
    struct err err;

    if (apply_decision(d, group, &decision, batch, &err) < 0)
        log_line(LOG_ERROR, "delivery.cannot_go_on", "destination=%s error=%s", d->settings->name,
                 LOG_TEXT(err.text));
}

/* No worker reads its items any more. */
static void back(struct destination *d, struct group *group)
{
    group_change_state(&d->groups, group, GROUP_DECIDING);
}

static void on_look_up(struct destination *d, struct call *call, const struct match *matches,
                       struct outcome_batch *batch)
{
    for (size_t i = 0; i < call->count; i++)
        carry_out(d, call->groups[i], answer_lookup(d, call, i, matches), batch);
}

/* A group leaves the call when its turn comes: events that join it earlier were not in the call. */
static void on_save(struct destination *d, struct call *call, struct outcome_batch *batch)
{
    size_t saved = answer_save_count(d, call);

    for (size_t i = 0; i < call->count; i++) {
        back(d, call->groups[i]);
        carry_out(d, call->groups[i], answer_save(d, call, i), batch);
    }
    if (saved > 0)
        d->last_saved_ms = clock_mono();
}

static void let_wait(struct destination *d, struct call *call, struct outcome_batch *batch)
{
    for (size_t i = 0; i < call->count; i++)
        carry_out(d, call->groups[i], answer_fault_wait(d, call, i), batch);
}

/* Returns true when the call is queued again. */
static bool on_fault(struct destination *d, struct call *call, struct outcome_batch *batch)
{
    struct err err;

    switch (answer_fault(d, call)) {
    case FAULT_REPEAT:
        call_queue_append(d, call);
        return true;
    case FAULT_HALVE:
        if (apply_halve(d, call, &err) == 0)
            return true;
        let_wait(d, call, batch);
        break;
    case FAULT_SINGLE:
        carry_out(d, call->groups[0], answer_fault_single(d, call), batch);
        break;
    case FAULT_WAIT:
        let_wait(d, call, batch);
        break;
    }
    return false;
}

/* What the answer means for the destination as a whole. */
static void note(struct destination *d, struct call *call)
{
    enum org_class class = call->fault.class;

    d->calls_in_flight--;
    /* A describe has no records to search for one at fault: it is only tried again. */
    if (call->kind == CALL_DESCRIBE && (class == ORG_BISECT || class == ORG_SPLIT))
        call->fault.class = ORG_RETRY;
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

/* Nothing was saved: all groups leave the call at once.  A look-up wrote nothing either, so events
   that arrived meanwhile join. */
static void all_back(struct destination *d, struct call *call)
{
    for (size_t i = 0; i < call->count; i++) {
        back(d, call->groups[i]);
        if (call->kind == CALL_FIND)
            group_promote(call->groups[i]);
    }
}

/* Returns true when the call is queued again. */
static bool decide(struct destination *d, struct call *call, struct outcome_batch *batch)
{
    bool describes = call->kind == CALL_DESCRIBE || call->kind == CALL_SIGN_IN;
    bool finds = call->kind == CALL_FIND, queued = false;
    struct match *matches = NULL;

    if (finds && call->rc == 0)
        matches = answer_lookup_match(d, call); /* which may reject it: rc */
    note(d, call);
    if (call->rc < 0 || finds)
        all_back(d, call);
    if (describes)
        renew_answer(d, call);
    else if (call->rc < 0)
        queued = on_fault(d, call, batch);
    else if (finds)
        on_look_up(d, call, matches, batch);
    else
        on_save(d, call, batch);
    mem_free(matches);
    return queued;
}

void answers_take(struct destination *d, struct call *call)
{
    size_t count = call->count; /* a halved call has fewer */
    struct group **groups = mem_zero(count, sizeof *groups);
    struct outcome_batch batch = {0};
    bool queued;

    if (groups == NULL) { /* nothing can be done without it: retried next turn */
        inbox_post_answer(&d->inbox, call);
        return;
    }
    memcpy(groups, call->groups, count * sizeof *groups);
    queued = decide(d, call, &batch);
    commit_and_close(d, &batch, groups, count);
    mem_free(groups);
    if (!queued)
        call_free(call);
}
