/* writer_thread: the store thread: groups what waits, writes it, answers it. */
#include "store/writer_thread.h"

#include "base/clock.h"
#include "base/mem.h"
#include "store/writer_capacity.h"
#include "store/writer_group.h"
#include "store/writer_purge.h"

/* A group ends here, so that one answer never waits for a very long transaction. */
#define GROUP_REQUESTS 4096
#define GROUP_BYTES    (16 * 1024 * 1024)

/* How often the store is looked at while nothing is written. */
#define LOOK_EVERY_MS 1000

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
        bool kept = held && !r->refused;
        more.failures += !kept;
        if (r->kind == APPEND) {
            requests++;
            bytes += r->append.bytes;
            pending += (int64_t)r->append.count;
            if (r->refused && r->err.kind == ERR_FULL)
                failure = &r->err;
            more.events += kept ? new_events(r, &waiting) : 0;
        } else if (r->kind == REDRIVE && kept && r->dead_letters.now.count > 0) {
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

/* Gives each request its result.  Waiting threads own theirs again the moment they are answered,
   appends end here. */
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
            writer_purge_answer(writer, why);
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

/* Splits off the requests that form the next group, up to its bounds; returns where the next one
   would be put. */
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
    while (writer->first == NULL && !writer->stopping &&
           clock_mono() < writer_purge_at_locked(writer)) {
        int64_t look = writer->looked_ms + LOOK_EVERY_MS, purge = writer_purge_at_locked(writer);
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
    if (!writer->stopping && clock_mono() >= writer_purge_at_locked(writer)) {
        writer->purge.next = NULL;
        writer->purge.refused = false;
        *last = &writer->purge;
    }
    writer->looked_ms = clock_mono();
    pthread_mutex_unlock(&writer->lock);
    return look || *ret != NULL;
}

void *writer_thread(void *arg)
{
    struct writer *writer = arg;
    struct request *group;

    while (next_group(writer, &group)) {
        struct err err = {0};
        bool held = group == NULL || writer_write_group(writer->store, group, &err) == 0;
        writer_check_capacity(writer);
        if (group == NULL)
            continue;
        count_group(writer, group, held ? NULL : &err);
        answer_group(writer, group, held ? NULL : &err);
    }
    if (writer->purging) /* nobody else writes it while it is true */
        writer_purge_end(writer, NULL);
    return NULL;
}
