#include <string.h>

#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "delivery/destination.h"
#include "delivery/merge.h"

#define RESERVE_HOLD_MS 900000
#define MEND_MS         1000 /* until what fails here on this machine is tried again */

/* ---- cutting: from what gathers to calls ---- */

/* The last queued call of that kind that still takes group; else a new one at the end. */
static struct call *call_for(struct destination *d, enum call_kind kind, const char *object,
                             const struct group *group)
{
    size_t room = kind == CALL_FIND ? LOOKUP_MAX : (size_t)d->settings->batch_size;
    struct call *call;

    DL_FOREACH(d->queue, call) {
        if (call->kind == kind && strcmp(call->object, object) == 0 && call_takes(call, group))
            return call;
    }
    call = call_new(kind, object, room);
    if (call != NULL)
        DL_APPEND(d->queue, call);
    return call;
}

static int enqueue_in(struct call *call, struct group *group, struct err *err)
{
    if (call == NULL)
        return err_memory(err);
    call_add(call, group);
    group->stage = GROUP_CALLED;
    return 0;
}

static int enqueue_alone(struct destination *d, struct group *group, enum call_kind kind,
                         const char *object, struct err *err)
{
    struct call *call = call_new(kind, object, 1);

    if (call != NULL)
        DL_APPEND(d->queue, call);
    return enqueue_in(call, group, err);
}

static int enqueue(struct destination *d, struct group *group, enum call_kind kind,
                   const char *object, struct err *err)
{
    const struct poison *poison = poison_of(&d->poisons, group->key);

    if (poison != NULL && poison->alone)
        return enqueue_alone(d, group, kind, object, err);
    return enqueue_in(call_for(d, kind, object, group), group, err);
}

int dispatch_find(struct destination *d, struct group *group, struct err *err)
{
    return enqueue(d, group, CALL_FIND, group->object, err);
}

int dispatch_find_alone(struct destination *d, struct group *group, struct err *err)
{
    return enqueue_alone(d, group, CALL_FIND, group->object, err);
}

/* Nothing to say, but where the record is stays known. */
static int end_unchanged(struct group *group, struct settling *s, struct err *err)
{
    if (settle_memory(s, group, clock_steady(), err) < 0)
        return -1;
    while (group->items != NULL)
        if (settle_unchanged(s, group, group->items, err) < 0)
            return -1;
    return 0;
}

static int end_without_name(struct destination *d, struct group *group, struct settling *s,
                            struct err *err)
{
    struct reason why = {"name_required",
                         "no such Account stands in the org, and making one needs its name",
                         "send the trait \"name\" with the group call, then retry"};

    poison_count(&d->poisons, group->key, why.code);
    group->split = false; /* what was kept back has none either */
    group_promote(group);
    return settle_all_dead(s, group, why, err);
}

/* Merges what a create needs.  A part of a group may lack what an event that was kept back has:
   that one goes first.  False in *ret when none has it. */
static int merge_create(struct destination *d, struct group *group, bool *ret, struct err *err)
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

static int write_create(struct destination *d, struct group *group, struct settling *s,
                        struct err *err)
{
    bool complete;

    if (merge_create(d, group, &complete, err) < 0)
        return -1;
    if (!complete)
        return end_without_name(d, group, s, err);
    return enqueue(d, group, CALL_CREATE, group->object, err);
}

int dispatch_write(struct destination *d, struct group *group, bool create, struct settling *s,
                   struct err *err)
{
    if (renew_group(d, group, s, err) < 0)
        return -1;
    if (group->items == NULL)
        return 0;
    if (create)
        return write_create(d, group, s, err);
    if (merge_group(group, false, d->schema, err) < 0)
        return -1;
    if (group->merged.field_count == 0)
        return end_unchanged(group, s, err);
    return enqueue(d, group, CALL_UPDATE, group->record_object, err);
}

/* A look-up that found nothing a moment ago still holds, unless a create has been cut off. */
static bool is_absent(const struct destination *d, const struct group *group)
{
    const struct intent *intent;

    HASH_FIND_STR(d->intents, group->key, intent);
    return intent == NULL && group->absent_until_ms > clock_mono();
}

static int wait_for_window(struct destination *d, struct group *group, const struct poison *poison,
                           int64_t wait_ms, struct settling *s, struct err *err)
{
    struct reason why = {
        poison->code[0] != '\0' ? poison->code : "REFUSED_TOO_OFTEN",
        "the org has refused this record again and again; its events are kept back, and "
        "written together when the hour is over",
        "find out in Salesforce why the record is refused; a retry of one of its dead letters "
        "lifts the wait",
    };

    if (wait_ms > gather_longest_wait(d)) /* then it is put off again, without a call */
        wait_ms = gather_longest_wait(d);
    group->split = false; /* what was kept back waits too */
    group->suspects = 0;
    group_promote(group);
    return settle_all_waiting(s, group, why, gather_now(d) + wait_ms, err);
}

int dispatch_next(struct destination *d, struct group *group, struct settling *s, struct err *err)
{
    const struct poison *poison = poison_of(&d->poisons, group->key);
    int64_t wait_ms = poison_wait_ms(&d->poisons, poison);

    if (wait_ms > 0)
        return wait_for_window(d, group, poison, wait_ms, s, err);
    if (group->suspects > 0 && !group->split) /* the search goes on where it was */
        group_split(group, (group->suspects + 1) / 2, false);
    if (group->record_id != NULL)
        return dispatch_write(d, group, false, s, err);
    if (is_absent(d, group))
        return dispatch_write(d, group, true, s, err);
    return dispatch_find(d, group, err);
}

/* Both gather lists are in the order their groups came. */
static int64_t list_due(const struct destination *d, const struct group *list, size_t count,
                        size_t full)
{
    if (list == NULL)
        return INT64_MAX;
    return count >= full ? 0 : list->since_ms + d->settings->linger_ms;
}

static int64_t placed_due(const struct destination *d)
{
    return list_due(d, d->placed, d->placed_count, (size_t)d->settings->batch_size);
}

static int64_t unplaced_due(const struct destination *d)
{
    return list_due(d, d->unplaced, d->unplaced_count, LOOKUP_MAX);
}

int64_t dispatch_due(const struct destination *d)
{
    int64_t placed = placed_due(d), unplaced = unplaced_due(d);

    if (renew_stale(d))
        return INT64_MAX; /* the describe's answer wakes */
    return placed < unplaced ? placed : unplaced;
}

/* Trouble of this machine, not of the org: everything waits a moment. */
static void hold_for_trouble(struct destination *d, const struct err *err)
{
    if (err->kind == ERR_MEMORY)
        hold_for(&d->hold, MEND_MS, "NO_MEMORY", "out of memory", "give the machine more memory");
    else
        hold_for(&d->hold, MEND_MS, "STORE", "cannot write down what is about to be sent",
                 "make room on the disk of data_dir, or see that it can be written");
}

/* On -1 the group gathers again and is tried a moment later. */
static void gather_after_failure(struct destination *d, struct group *group, const struct err *err)
{
    log_line(LOG_ERROR, "delivery.cannot_prepare", "destination=%s error=%s", d->settings->name,
             LOG_TEXT(err->text));
    gather_group(d, group);
    hold_for_trouble(d, err);
}

/* Takes every group off one of the gather lists. */
static void cut(struct destination *d, struct group *const *list, size_t count)
{
    struct group **ended = mem_zero(count, sizeof *ended);
    struct settling s = {0};
    size_t ended_count = 0;
    struct err err;

    if (ended == NULL) {
        err_memory(&err);
        hold_for_trouble(d, &err);
        return;
    }
    while (*list != NULL) {
        struct group *group = *list;
        gather_remove(d, group);
        if (dispatch_next(d, group, &s, &err) < 0) {
            gather_after_failure(d, group, &err);
            break;
        }
        if (group->items == NULL)
            ended[ended_count++] = group;
    }
    answer_settle(d, &s, ended, ended_count);
    mem_free(ended);
}

void dispatch_cut(struct destination *d)
{
    int64_t now = clock_mono();

    if (renew_stale(d))
        return;
    if (placed_due(d) <= now)
        cut(d, &d->placed, d->placed_count);
    if (unplaced_due(d) <= now)
        cut(d, &d->unplaced, d->unplaced_count);
}

/* ---- sending ---- */

/* What counts as an attempt is a call that carries the record of the event. */
static void set_in_flight(struct call *call, bool in_flight)
{
    bool writes = call->kind == CALL_CREATE || call->kind == CALL_UPDATE;

    for (size_t i = 0; i < call->count; i++) {
        struct item *item;
        call->groups[i]->in_flight = in_flight;
        if (!in_flight || !writes)
            continue;
        DL_FOREACH(call->groups[i]->items, item)
            item->row.attempts++;
    }
}

/* A create is written down before it is sent: after a crash its key is looked up first. */
static int write_intents(struct destination *d, const struct call *call, struct err *err)
{
    const char **keys = mem_zero(call->count, sizeof *keys);
    int rc;

    if (keys == NULL)
        return err_memory(err);
    for (size_t i = 0; i < call->count; i++)
        keys[i] = call->groups[i]->key;
    rc = writer_intend(d->writer, d->settings->name, keys, call->count, clock_steady(), err);
    mem_free(keys);
    return rc;
}

/* While a group waited in the queue more events may have joined it: merge once more. */
static int merge_again(struct destination *d, struct call *call, struct err *err)
{
    for (size_t i = 0; i < call->count; i++)
        if (merge_group(call->groups[i], call->kind == CALL_CREATE, d->schema, err) < 0)
            return -1;
    return 0;
}

static int prepare(struct destination *d, struct call *call, struct err *err)
{
    if ((call->kind == CALL_CREATE || call->kind == CALL_UPDATE) && merge_again(d, call, err) < 0)
        return -1;
    if (call_build(call, d->settings, d->schema, err) < 0)
        return -1;
    return call->kind == CALL_CREATE ? write_intents(d, call, err) : 0;
}

/* Calls of the day that the settings leave to others. */
static bool reserve_reached(struct destination *d)
{
    struct org_counts counts;

    if (d->settings->reserve_calls == 0)
        return false;
    d->api->read_counts(d->org, &counts);
    return counts.limit_max > 0 &&
           counts.limit_max - counts.limit_used <= d->settings->reserve_calls &&
           clock_steady() - counts.limit_seen_ms < RESERVE_HOLD_MS;
}

/* While the schema is stale nothing goes out that was made with it. */
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
        if (renew_outdated(d, call->groups[i]))
            return true;
    return false;
}

static int queue_anew(struct destination *d, enum call_kind kind, struct group *group,
                      struct settling *s, struct err *err)
{
    if (kind != CALL_FIND)
        return dispatch_write(d, group, kind == CALL_CREATE, s, err);
    if (renew_group(d, group, s, err) < 0)
        return -1;
    return group->items != NULL ? dispatch_find(d, group, err) : 0;
}

/* What was mapped with an older schema is mapped and queued anew, in place of the call. */
static void replace(struct destination *d, struct call *call)
{
    struct settling s = {0};

    DL_DELETE(d->queue, call);
    for (size_t i = 0; i < call->count; i++) {
        struct err err;
        if (queue_anew(d, call->kind, call->groups[i], &s, &err) < 0)
            gather_after_failure(d, call->groups[i], &err);
    }
    answer_settle(d, &s, call->groups, call->count);
    call_free(call);
}

static bool send_call(struct destination *d, struct call *call)
{
    struct err err;

    DL_DELETE(d->queue, call);
    if (prepare(d, call, &err) == 0) {
        set_in_flight(call, true);
        if (queue_put(d->ready, call)) {
            d->flying++;
            return true;
        }
        set_in_flight(call, false); /* never: ready has room for every worker */
        err_set(&err, ERR_FULL, "the workers take no more calls");
    }
    log_line(LOG_ERROR, "delivery.cannot_send", "destination=%s call=%s error=%s",
             d->settings->name, call_kind_name(call->kind), LOG_TEXT(err.text));
    hold_for_trouble(d, &err);
    DL_PREPEND(d->queue, call);
    return false;
}

void dispatch_send(struct destination *d)
{
    struct call *call;

    while (hold_open(&d->hold) && d->flying < d->hold.parallel &&
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
