#include "store/writer.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

/* A group ends here, so that one answer never waits for a very long transaction. */
#define GROUP_REQUESTS 4096
#define GROUP_BYTES    (16 * 1024 * 1024)
/* One step of a purge: it has PURGE_BUSY_MS in each PURGE_EVERY_MS while requests keep
   coming, and ends after PURGE_IDLE_MS or so many rows when nobody waits. */
#define PURGE_BUSY_MS  2
#define PURGE_EVERY_MS 40
#define PURGE_IDLE_MS  10
#define PURGE_ROWS     1000
#define QUIET_MS       200 /* without a request: nobody waits */
/* How often the store is looked at while nothing is written. */
#define LOOK_EVERY_MS 1000
/* So many dead letters are dealt with in one transaction. */
#define DEAD_LETTERS_AT_ONCE 500

enum request_kind { APPEND, APPLY, INTEND, REDRIVE, DISCARD, PAUSE, PURGE };

/* One request.  Appends are allocated and answered by done; the purge is the writer's own, a
   further step of it joins a group when it is time; the others stand on the stack of the
   thread that waits for them. */
struct request {
    struct request *next;
    enum request_kind kind;
    union {
        struct {
            struct store_event *events;
            size_t count;
            const struct store_skip *skips;
            size_t skip_count;
            size_t bytes;
            writer_done *done;
            void *arg;
        } append;
        const struct store_outcome_batch *apply;
        struct {
            const char *destination;
            const char *const *keys;
            size_t count;
            int64_t now_ms;
        } intend;
        struct {
            struct store_dead_letters which; /* as they were handed in */
            struct store_dead_letters now;   /* as this transaction leaves them */
        } dead_letters;
        struct {
            const char *destination;
            int64_t since_ms;
        } pause;
        struct {
            struct store_purge round; /* as the last commit left it */
            struct store_purge step;  /* what this transaction makes of it */
            int64_t began_ms, ended_ms;
            int rows;
            writer_purged *done;
            void *arg;
        } purge;
    };
    bool refused; /* at fault itself: answered with err, kept out of the transaction */
    bool answered;
    struct err err;
};

struct writer {
    struct store *store;
    struct writer_limits limits;
    pthread_t thread;
    void (*on_waiting)(void *arg);
    void *on_waiting_arg;

    pthread_mutex_t lock; /* of everything below */
    pthread_cond_t work;  /* something waits, or stopping */
    pthread_cond_t done;  /* something that waited has its answer */
    struct request *first, **end;
    size_t requests, bytes; /* appends handed in and not answered yet */
    bool stopping;
    struct request purge; /* the store thread's while purging */
    bool purging;
    int64_t looked_ms;    /* when the store thread looked for capacity */
    int64_t requested_ms; /* when the last request came */
    struct writer_counts counts;
    struct err failed, found; /* by the last transaction, the last look; ERR_NONE: nothing */
    int64_t pending;          /* events in requests */
};

/* ---- one request inside the transaction ---- */

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

/* ---- purging ---- */

/* Whether the step goes on: a little in any case, more while nobody waits. */
static bool purge_goes_on(void *arg)
{
    struct writer *writer = arg;
    int64_t spent_ms = clock_mono() - writer->purge.purge.began_ms;
    bool wanted, stopping;
    int rows;

    pthread_mutex_lock(&writer->lock);
    wanted = clock_mono() - writer->requested_ms < QUIET_MS;
    stopping = writer->stopping;
    pthread_mutex_unlock(&writer->lock);
    rows = writer->purge.purge.rows++;
    return !stopping && (rows == 0 || (rows < PURGE_ROWS &&
                                       spent_ms < (wanted ? PURGE_BUSY_MS : PURGE_IDLE_MS)));
}

/* When its next step is due. */
static int64_t purge_at_locked(const struct writer *writer)
{
    int64_t quiet_ms = writer->requested_ms + QUIET_MS;
    int64_t next_ms = writer->purge.purge.ended_ms + PURGE_EVERY_MS;

    if (!writer->purging)
        return INT64_MAX;
    return quiet_ms < next_ms ? quiet_ms : next_ms;
}

static void purge_end(struct writer *writer, const struct err *why)
{
    writer_purged *done = writer->purge.purge.done;
    void *arg = writer->purge.purge.arg;
    int64_t count = writer->purge.purge.round.count;

    pthread_mutex_lock(&writer->lock);
    writer->purging = false;
    pthread_mutex_unlock(&writer->lock);
    done(arg, count, why);
}

/* The step's transaction has ended; why is NULL when it holds. */
static void purge_answer(struct writer *writer, const struct err *why)
{
    struct request *purge = &writer->purge;

    purge->purge.ended_ms = clock_mono();
    if (why == NULL) {
        const struct store_ages ages = purge->purge.round.ages;
        purge->purge.round = purge->purge.step;
        purge->purge.round.ages = ages; /* each step limits them itself */
    }
    if (why != NULL || purge->purge.round.done)
        purge_end(writer, why);
}

/* ---- a group ---- */

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
static int write_what_holds(struct store *store, struct request *group, struct err *err)
{
    struct request *at_fault = NULL;

    while (write_group(store, group, &at_fault, err) < 0)
        if (!shrink(store, group, at_fault, err))
            return -1;
    return 0;
}

/* ---- capacity ---- */

static enum writer_full find_full(struct writer *writer, const struct store_usage *usage,
                                  const struct writer_bounds *bounds)
{
    if (usage->free_disk < bounds->min_free_disk ||
        !writer->store->api->keep_reserve(writer->store, usage->waiting))
        return WRITER_DISK_FULL;
    if (bounds->max_waiting > 0 && usage->waiting >= bounds->max_waiting)
        return WRITER_QUEUE_FULL;
    if (bounds->max_store > 0 && usage->bytes >= bounds->max_store)
        return WRITER_STORE_FULL;
    return WRITER_NOT_FULL;
}

static void say_full(enum writer_full full, const struct store_usage *usage)
{
    static const char *const advices[] = {
        [WRITER_QUEUE_FULL] = "max_queue_events wait: see why they are not delivered",
        [WRITER_STORE_FULL] = "the store has max_store_size: keep receipts for a shorter time, "
                              "discard dead letters, or allow more",
        [WRITER_DISK_FULL] = "make room on the disk: delivery goes on meanwhile",
    };

    if (full == WRITER_NOT_FULL)
        log_line(LOG_INFO, "store.not_full", "waiting=%lld", (long long)usage->waiting);
    else
        log_line(LOG_WARN, "store.full", "waiting=%lld bytes=%lld free_disk=%lld advice=\"%s\"",
                 (long long)usage->waiting, (long long)usage->bytes, (long long)usage->free_disk,
                 advices[full]);
}

static void note_found(struct writer *writer, const struct err *what)
{
    pthread_mutex_lock(&writer->lock);
    writer->found = *what;
    pthread_mutex_unlock(&writer->lock);
}

/* Whether the store is well, and new events fit, as far as it can tell. */
static void check_capacity(struct writer *writer)
{
    struct store_usage usage;
    struct writer_bounds bounds;
    struct err err = {0};
    enum writer_full full, before;

    pthread_mutex_lock(&writer->lock);
    bounds = writer->limits.bounds;
    pthread_mutex_unlock(&writer->lock);
    if (writer->store->api->usage(writer->store, &usage, &err) < 0) {
        note_found(writer, &err);
        return;
    }
    note_found(writer, &err);
    full = find_full(writer, &usage, &bounds);
    pthread_mutex_lock(&writer->lock);
    before = writer->counts.full;
    writer->counts.full = full;
    writer->counts.usage = usage;
    pthread_mutex_unlock(&writer->lock);
    if (full != before)
        say_full(full, &usage);
}

const char *writer_full_name(enum writer_full full)
{
    static const char *const names[] = {NULL, "queue_full", "store_full", "disk_full"};

    return names[full];
}

enum writer_full writer_full(struct writer *writer)
{
    return writer_counts(writer).full;
}

void writer_set_bounds(struct writer *writer, struct writer_bounds bounds)
{
    pthread_mutex_lock(&writer->lock);
    writer->limits.bounds = bounds;
    writer->looked_ms = INT64_MIN;
    pthread_cond_signal(&writer->work);
    pthread_mutex_unlock(&writer->lock);
}

/* ---- the end of a group ---- */

static int64_t new_events(const struct request *r, bool *waiting)
{
    int64_t fresh = 0;

    for (size_t i = 0; i < r->append.count; i++) {
        const struct store_event *event = &r->append.events[i];
        if (event->ret_duplicate)
            continue;
        fresh++;
        for (size_t t = 0; t < event->target_count && !*waiting; t++)
            *waiting = event->targets[t].dead_code == NULL;
    }
    return fresh;
}

/* Counts the group and gives its place back, so that whoever has an answer may hand in
   the next.  failure is NULL when its transaction holds. */
static void count_group(struct writer *writer, const struct request *group,
                        const struct err *failure)
{
    bool held = failure == NULL;
    struct writer_counts more = {0};
    size_t requests = 0, bytes = 0;
    int64_t pending = 0;
    bool waiting = false;

    for (const struct request *r = group; r != NULL; r = r->next) {
        bool stands = held && !r->refused;
        more.failures += !stands;
        if (r->kind == APPEND) {
            requests++;
            bytes += r->append.bytes;
            pending += (int64_t)r->append.count;
            if (r->refused && r->err.kind == ERR_FULL)
                failure = &r->err;
            more.events += stands ? new_events(r, &waiting) : 0;
        } else if (r->kind == REDRIVE && stands && r->dead_letters.now.count > 0) {
            waiting = true;
        }
    }
    pthread_mutex_lock(&writer->lock);
    writer->requests -= requests;
    writer->bytes -= bytes;
    writer->pending -= pending;
    writer->counts.commits += held;
    writer->counts.events += more.events;
    writer->counts.failures += more.failures;
    writer->failed = failure != NULL ? *failure : (struct err){0};
    pthread_mutex_unlock(&writer->lock);
    if (waiting && writer->on_waiting != NULL)
        writer->on_waiting(writer->on_waiting_arg);
}

/* Tells each request what became of it.  Waiting threads own theirs again the moment
   they are told, appends end here. */
static void answer_group(struct writer *writer, struct request *group, const struct err *failure)
{
    for (struct request *r = group, *next; r != NULL; r = next) {
        const struct err *why = r->refused ? &r->err : failure;
        next = r->next;
        if (r->kind == APPEND) {
            r->append.done(r->append.arg, why);
            mem_free(r);
            continue;
        }
        if (r->kind == PURGE) {
            purge_answer(writer, why);
            continue;
        }
        pthread_mutex_lock(&writer->lock);
        if (why != NULL)
            r->err = *why;
        r->refused = why != NULL;
        r->answered = true;
        pthread_cond_broadcast(&writer->done);
        pthread_mutex_unlock(&writer->lock);
    }
}

/* Cuts what waits behind the first requests, up to the bounds of a group; returns where the
   next one would be put. */
static struct request **cut_group_locked(struct writer *writer, struct request **group)
{
    struct request **last = group;
    size_t count = 0, bytes = 0;

    *group = writer->first;
    while (*last != NULL && count < GROUP_REQUESTS && bytes < GROUP_BYTES) {
        count++;
        bytes += (*last)->kind == APPEND ? (*last)->append.bytes : 0;
        last = &(*last)->next;
    }
    writer->first = *last;
    if (*last == NULL)
        writer->end = &writer->first;
    *last = NULL;
    return last;
}

/* Whether the store is to be looked at now; waits until then, or for something to do. */
static bool await_work_locked(struct writer *writer)
{
    while (writer->first == NULL && !writer->stopping && clock_mono() < purge_at_locked(writer)) {
        int64_t look = writer->looked_ms + LOOK_EVERY_MS, purge = purge_at_locked(writer);
        if (clock_mono() >= look)
            return true;
        clock_wait(&writer->work, &writer->lock, look < purge ? look : purge);
    }
    return false;
}

/* Everything that waits, and a step of the purge when it is time for one; none when it is
   only time to check the capacity.  False: nothing waits and no more comes. */
static bool next_group(struct writer *writer, struct request **ret)
{
    struct request **last;
    bool look;

    pthread_mutex_lock(&writer->lock);
    look = await_work_locked(writer);
    last = cut_group_locked(writer, ret);
    if (!writer->stopping && clock_mono() >= purge_at_locked(writer)) {
        writer->purge.next = NULL;
        writer->purge.refused = false;
        *last = &writer->purge;
    }
    writer->looked_ms = clock_mono();
    pthread_mutex_unlock(&writer->lock);
    return look || *ret != NULL;
}

static void *store_thread(void *arg)
{
    struct writer *writer = arg;
    struct request *group;

    while (next_group(writer, &group)) {
        struct err err = {0};
        bool held = group == NULL || write_what_holds(writer->store, group, &err) == 0;
        check_capacity(writer);
        if (group == NULL)
            continue;
        count_group(writer, group, held ? NULL : &err);
        answer_group(writer, group, held ? NULL : &err);
    }
    if (writer->purging) /* nobody else writes it while it is true */
        purge_end(writer, NULL);
    return NULL;
}

/* ---- handing in ---- */

static void put_locked(struct writer *writer, struct request *r)
{
    *writer->end = r;
    writer->end = &r->next;
    writer->requested_ms = clock_mono();
    pthread_cond_signal(&writer->work);
}

/* Whether so many events more fit, with those that are on their way. */
static bool fits_locked(struct writer *writer, int64_t count)
{
    int64_t max = writer->limits.bounds.max_waiting;

    return writer->counts.full == WRITER_NOT_FULL &&
           (max == 0 || count == 0 || writer->counts.usage.waiting + writer->pending < max);
}

bool writer_append(struct writer *writer, struct store_event *events, size_t count,
                   const struct store_skip *skips, size_t skip_count, writer_done *done, void *arg)
{
    struct request *r = mem_zero(1, sizeof *r);
    bool taken;

    if (r == NULL)
        return false;
    r->kind = APPEND;
    r->append.events = events;
    r->append.count = count;
    r->append.skips = skips;
    r->append.skip_count = skip_count;
    r->append.done = done;
    r->append.arg = arg;
    for (size_t i = 0; i < count; i++)
        r->append.bytes += events[i].body_len;

    pthread_mutex_lock(&writer->lock);
    taken = !writer->stopping && writer->requests < writer->limits.max_requests &&
            r->append.bytes <= writer->limits.max_bytes - writer->bytes &&
            fits_locked(writer, (int64_t)count);
    if (taken) {
        writer->requests++;
        writer->pending += (int64_t)count;
        writer->bytes += r->append.bytes;
        put_locked(writer, r);
    }
    pthread_mutex_unlock(&writer->lock);
    if (!taken)
        mem_free(r);
    return taken;
}

static int put_and_wait(struct writer *writer, struct request *r, struct err *err)
{
    pthread_mutex_lock(&writer->lock);
    put_locked(writer, r);
    while (!r->answered)
        pthread_cond_wait(&writer->done, &writer->lock);
    pthread_mutex_unlock(&writer->lock);
    if (!r->refused)
        return 0;
    *err = r->err;
    return -1;
}

int writer_apply(struct writer *writer, const struct store_outcome_batch *what, struct err *err)
{
    struct request r = {.kind = APPLY, .apply = what};

    return put_and_wait(writer, &r, err);
}

int writer_intend(struct writer *writer, const char *destination, const char *const *keys,
                  size_t count, int64_t now_ms, struct err *err)
{
    struct request r = {.kind = INTEND, .intend = {destination, keys, count, now_ms}};

    return put_and_wait(writer, &r, err);
}

/* All of them, in as many transactions as that takes: each lets others in between. */
static int put_dead_letters(struct writer *writer, enum request_kind kind,
                            struct store_dead_letters *which, struct err *err)
{
    which->max = DEAD_LETTERS_AT_ONCE;
    which->done = false;
    while (!which->done) {
        struct request r = {.kind = kind, .dead_letters = {.which = *which}};
        if (put_and_wait(writer, &r, err) < 0)
            return -1;
        *which = r.dead_letters.now;
    }
    return 0;
}

int writer_redrive(struct writer *writer, struct store_dead_letters *which, struct err *err)
{
    return put_dead_letters(writer, REDRIVE, which, err);
}

int writer_discard(struct writer *writer, struct store_dead_letters *which, struct err *err)
{
    return put_dead_letters(writer, DISCARD, which, err);
}

int writer_pause(struct writer *writer, const char *destination, int64_t since_ms, struct err *err)
{
    struct request r = {.kind = PAUSE, .pause = {destination, since_ms}};

    return put_and_wait(writer, &r, err);
}

bool writer_purge(struct writer *writer, const struct store_ages *ages, writer_purged *done,
                  void *arg)
{
    int64_t latest = clock_steady() - WRITER_KEEP_MS;
    struct store_purge round = {.ages = *ages, .go_on = purge_goes_on, .arg = writer};
    bool taken;

    round.ages.ended_ms = round.ages.ended_ms < latest ? round.ages.ended_ms : latest;
    pthread_mutex_lock(&writer->lock);
    taken = !writer->purging && !writer->stopping;
    if (taken) {
        writer->purge = (struct request){.kind = PURGE, .purge = {.round = round}};
        writer->purge.purge.done = done;
        writer->purge.purge.arg = arg;
        writer->purging = true;
        pthread_cond_signal(&writer->work);
    }
    pthread_mutex_unlock(&writer->lock);
    return taken;
}

/* ---- life ---- */

struct writer *writer_start(struct store *store, struct writer_limits limits, struct err *err)
{
    struct writer *writer = mem_zero(1, sizeof *writer);

    if (writer == NULL) {
        err_memory(err);
        return NULL;
    }
    writer->store = store;
    writer->limits = limits;
    writer->end = &writer->first;
    writer->requested_ms = clock_mono() - QUIET_MS;
    pthread_mutex_init(&writer->lock, NULL); /* these do not fail on Linux */
    clock_cond_init(&writer->work);
    pthread_cond_init(&writer->done, NULL);
    check_capacity(writer);
    if (pthread_create(&writer->thread, NULL, store_thread, writer) != 0) {
        err_set(err, ERR_SYSTEM, "cannot start the store thread");
        mem_free(writer);
        return NULL;
    }
    return writer;
}

void writer_stop(struct writer *writer)
{
    if (writer == NULL)
        return;
    pthread_mutex_lock(&writer->lock);
    writer->stopping = true;
    pthread_cond_signal(&writer->work);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    pthread_cond_destroy(&writer->done);
    pthread_cond_destroy(&writer->work);
    pthread_mutex_destroy(&writer->lock);
    mem_free(writer);
}

void writer_on_waiting(struct writer *writer, void (*on_waiting)(void *arg), void *arg)
{
    writer->on_waiting = on_waiting;
    writer->on_waiting_arg = arg;
}

struct writer_counts writer_counts(struct writer *writer)
{
    struct writer_counts counts;

    pthread_mutex_lock(&writer->lock);
    counts = writer->counts;
    counts.waiting = writer->requests;
    counts.writable = writer->failed.kind == ERR_NONE && writer->found.kind == ERR_NONE;
    pthread_mutex_unlock(&writer->lock);
    return counts;
}

void writer_fault(struct writer *writer, struct err *ret)
{
    pthread_mutex_lock(&writer->lock);
    *ret = writer->found.kind != ERR_NONE ? writer->found : writer->failed;
    pthread_mutex_unlock(&writer->lock);
}
