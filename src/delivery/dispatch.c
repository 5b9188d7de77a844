/* From accumulating groups to calls in flight. */
#include "delivery/dispatch.h"

#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "delivery/apply.h"
#include "delivery/call_queue.h"
#include "delivery/commit.h"
#include "delivery/map_event.h"
#include "delivery/merge.h"
#include "delivery/next_step.h"
#include "delivery/renew.h"

#define RESERVE_HOLD_MS 900000
#define MEND_MS         1000 /* before a local failure is tried again */

/* A local problem, not one of the org: everything waits briefly. */
static void hold_for_trouble(struct destination *d, const struct err *err)
{
    if (err->kind == ERR_MEMORY)
        hold_for(&d->hold, MEND_MS, "NO_MEMORY", "out of memory", "give the machine more memory");
    else
        hold_for(&d->hold, MEND_MS, "STORE", "cannot write down what is about to be sent",
                 "make room on the disk of data_dir, or see that it can be written");
}

/* On -1 the group accumulates again and is tried a moment later. */
static int carry_out(struct destination *d, struct group *group, struct decision decision,
                     struct outcome_batch *batch)
{
    struct err err;

    if (apply_decision(d, group, &decision, batch, &err) == 0)
        return 0;
    log_line(LOG_ERROR, "delivery.cannot_prepare", "destination=%s error=%s", d->settings->name,
             LOG_TEXT(err.text));
    hold_for_trouble(d, &err);
    return -1;
}

/* ---- cutting: from accumulating groups to calls ---- */

/* Both lists are in order of arrival. */
static int64_t list_due(const struct destination *d, const struct group_list *list, size_t full)
{
    if (list->first == NULL)
        return INT64_MAX;
    return list->count >= full ? 0 : list->first->since_ms + d->settings->linger_ms;
}

static int64_t resolved_due(const struct destination *d)
{
    return list_due(d, &d->groups.resolved, call_queue_capacity(d, CALL_UPDATE));
}

static int64_t unresolved_due(const struct destination *d)
{
    return list_due(d, &d->groups.unresolved, call_queue_capacity(d, CALL_FIND));
}

int64_t dispatch_due(const struct destination *d)
{
    int64_t resolved = resolved_due(d), unresolved = unresolved_due(d);

    if (renew_stale(d))
        return INT64_MAX; /* the describe's answer wakes */
    return resolved < unresolved ? resolved : unresolved;
}

/* Takes every group off one of the lists. */
static void cut(struct destination *d, const struct group_list *list)
{
    struct group **groups = mem_zero(list->count, sizeof *groups);
    struct outcome_batch batch = {0};
    size_t count = 0;
    struct err err;
    int rc = 0;

    if (groups == NULL) {
        err_memory(&err);
        hold_for_trouble(d, &err);
        return;
    }
    while (rc == 0 && list->first != NULL) {
        struct group *group = groups[count++] = list->first;
        group_change_state(&d->groups, group, GROUP_DECIDING);
        rc = carry_out(d, group, next_step(d, group), &batch);
    }
    commit_and_close(d, &batch, groups, count);
    mem_free(groups);
}

void dispatch_cut(struct destination *d)
{
    int64_t now = clock_mono();

    if (renew_stale(d))
        return;
    if (resolved_due(d) <= now)
        cut(d, &d->groups.resolved);
    if (unresolved_due(d) <= now)
        cut(d, &d->groups.unresolved);
}

/* ---- sending ---- */

/* An attempt is a call that contains the record of the event. */
static void count_attempts(struct call *call)
{
    struct item *item;

    if (call->kind != CALL_CREATE && call->kind != CALL_UPDATE)
        return;
    for (size_t i = 0; i < call->count; i++)
        DL_FOREACH(call->groups[i]->items, item)
            item->row.attempts++;
}

static void change_groups(struct destination *d, struct call *call, enum group_state to)
{
    for (size_t i = 0; i < call->count; i++)
        group_change_state(&d->groups, call->groups[i], to);
}

/* While a group waited in the queue more events may have joined it: merge again. */
static int merge_again(struct destination *d, struct call *call, struct err *err)
{
    for (size_t i = 0; i < call->count; i++)
        if (merge_group(call->groups[i], call->kind == CALL_CREATE, d->schema, err) < 0)
            return -1;
    return 0;
}

/* A create is recorded before it is sent: after a crash its key is looked up first. */
static int prepare(struct destination *d, struct call *call, struct err *err)
{
    if ((call->kind == CALL_CREATE || call->kind == CALL_UPDATE) && merge_again(d, call, err) < 0)
        return -1;
    if (call_build(call, d->settings, d->schema, err) < 0)
        return -1;
    if (call->kind != CALL_CREATE)
        return 0;
    return intents_write(d->writer, d->settings->name, call->groups, call->count, err);
}

/* The daily calls that the settings reserve for others. */
static bool reserve_reached(struct destination *d)
{
    struct org_counts counts;

    if (d->settings->reserve_calls == 0)
        return false;
    org_read_counts(d->org, &counts);
    return counts.limit_max > 0 &&
           counts.limit_max - counts.limit_used <= d->settings->reserve_calls &&
           clock_steady() - counts.limit_seen_ms < RESERVE_HOLD_MS;
}

/* While the schema is stale nothing mapped with it is sent. */
static struct call *next_to_send(const struct destination *d)
{
    bool stale = renew_stale(d);
    struct call *call;

    DL_FOREACH(d->queue, call) {
        if (!stale || call->kind == CALL_DESCRIBE || call->kind == CALL_SIGN_IN)
            return call;
    }
    return NULL;
}

static bool is_outdated(const struct destination *d, const struct call *call)
{
    for (size_t i = 0; i < call->count; i++)
        if (map_event_outdated(d, call->groups[i]))
            return true;
    return false;
}

/* Maps again what was mapped with an older schema, and queues it in place of the call. */
static void replace(struct destination *d, struct call *call)
{
    static const enum decision_kind again[] = {
        [CALL_FIND] = DECIDE_LOOK_UP, [CALL_CREATE] = DECIDE_CREATE, [CALL_UPDATE] = DECIDE_UPDATE};
    struct outcome_batch batch = {0};

    call_queue_remove(d, call);
    change_groups(d, call, GROUP_DECIDING);
    for (size_t i = 0; i < call->count; i++)
        carry_out(d, call->groups[i], (struct decision){.kind = again[call->kind]}, &batch);
    commit_and_close(d, &batch, call->groups, call->count);
    call_free(call);
}

static bool send_call(struct destination *d, struct call *call)
{
    struct err err;

    call_queue_remove(d, call);
    if (prepare(d, call, &err) == 0) {
        change_groups(d, call, GROUP_IN_FLIGHT);
        count_attempts(call);
        if (queue_put(d->ready, call)) {
            d->calls_in_flight++;
            return true;
        }
        /* cannot happen: ready has capacity for every worker */
        err_set(&err, ERR_FULL, "the workers take no more calls");
    }
    log_line(LOG_ERROR, "delivery.cannot_send", "destination=%s call=%s error=%s",
             d->settings->name, call_kind_name(call->kind), LOG_TEXT(err.text));
    hold_for_trouble(d, &err);
    call_queue_prepend(d, call);
    return false;
}

void dispatch_send(struct destination *d)
{
    struct call *call;

    while (hold_open(&d->hold) && d->calls_in_flight < d->hold.parallel &&
           (call = next_to_send(d)) != NULL) {
        if (reserve_reached(d)) {
            hold_for(&d->hold, RESERVE_HOLD_MS, "RESERVE_REACHED",
                     "the API calls left today are reserved for others",
                     "raise the org's limit or lower reserve_calls");
            return;
        }
        if (is_outdated(d, call))
            replace(d, call);
        else if (!send_call(d, call))
            return;
    }
}
