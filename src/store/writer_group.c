/* writer_group: one transaction of requests, and what gives way when it does not hold. */
#include "store/writer_group.h"

#include "base/clock.h"

static int run_append(struct store *store, struct request *r, struct err *err)
{
    return store->api->append(store, r->append.events, r->append.count, r->append.skips,
                              r->append.skip_count, err);
}

static int run_apply(struct store *store, struct request *r, struct err *err)
{
    return store->api->apply(store, r->apply, err);
}

static int run_intend(struct store *store, struct request *r, struct err *err)
{
    return store->api->intend(store, r->intend.destination, r->intend.keys, r->intend.count,
                              r->intend.now_ms, err);
}

static int run_redrive(struct store *store, struct request *r, struct err *err)
{
    r->dead_letters.now = r->dead_letters.which;
    return store->api->redrive(store, &r->dead_letters.now, clock_steady(), err);
}

static int run_discard(struct store *store, struct request *r, struct err *err)
{
    r->dead_letters.now = r->dead_letters.which;
    return store->api->discard(store, &r->dead_letters.now, clock_steady(), err);
}

static int run_pause(struct store *store, struct request *r, struct err *err)
{
    return store->api->pause(store, r->pause.destination, r->pause.since_ms, err);
}

static int run_purge(struct store *store, struct request *r, struct err *err)
{
    r->purge.step = r->purge.round;
    if (store->api->limit_ages(store, clock_steady(), &r->purge.step.ages, err) < 0)
        return -1;
    r->purge.began_ms = clock_mono();
    r->purge.rows = 0;
    return store->api->purge(store, &r->purge.step, err);
}

static int (*const run[])(struct store *store, struct request *r, struct err *err) = {
    [APPEND] = run_append,   [APPLY] = run_apply, [INTEND] = run_intend, [REDRIVE] = run_redrive,
    [DISCARD] = run_discard, [PAUSE] = run_pause, [PURGE] = run_purge,
};

/* One try.  -1 with ret_at_fault set when one request is at fault and the others are not. */
static int write_group(struct store *store, struct request *group, struct request **ret_at_fault,
                       struct err *err)
{
    *ret_at_fault = NULL;
    if (store->api->begin(store, err) < 0)
        return -1;
    for (struct request *r = group; r != NULL; r = r->next) {
        if (r->refused || run[r->kind](store, r, err) == 0)
            continue;
        store->api->rollback(store);
        if (err->kind == ERR_INVALID || r->kind == PURGE) /* which can wait */
            *ret_at_fault = r;
        return -1;
    }
    if (store->api->commit(store, err) == 0)
        return 0;
    store->api->rollback(store);
    return -1;
}

static void refuse(struct request *r, const struct err *why)
{
    r->refused = true;
    r->err = *why;
}

/* Refuses the group's requests of one kind; true when there were any. */
static bool refuse_all(struct request *group, enum request_kind kind, const struct err *why)
{
    bool any = false;

    for (struct request *r = group; r != NULL; r = r->next) {
        if (r->kind != kind || r->refused)
            continue;
        refuse(r, why);
        any = true;
    }
    return any;
}

static bool anything_left(const struct request *group)
{
    while (group != NULL && group->refused)
        group = group->next;
    return group != NULL;
}

/* What makes a group smaller that did not hold, or its disk larger; false: nothing does.  New
   events give way to what serves those that were accepted. */
static bool shrink(struct store *store, struct request *group, struct request *at_fault,
                   const struct err *why)
{
    if (at_fault != NULL) {
        refuse(at_fault, why);
        return true;
    }
    if (why->kind != ERR_FULL)
        return false;
    if (refuse_all(group, APPEND, why))
        return anything_left(group);
    return store->api->release_reserve(store) ||
           (refuse_all(group, PURGE, why) && anything_left(group));
}

/* Writes the group; a request that is itself at fault is put aside and the others are
   written without it. */
int writer_write_group(struct store *store, struct request *group, struct err *err)
{
    struct request *at_fault = NULL;

    while (write_group(store, group, &at_fault, err) < 0)
        if (!shrink(store, group, at_fault, err))
            return -1;
    return 0;
}
