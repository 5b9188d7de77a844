/* writer_requests: takes requests in for the store thread, and waits for their answers. */
#include "store/writer.h"

#include "base/clock.h"
#include "base/mem.h"
#include "store/writer_capacity.h"
#include "store/writer_purge.h"
#include "store/writer_thread.h"

/* So many dead letters are dealt with in one transaction. */
#define DEAD_LETTERS_AT_ONCE 500

/* ---- handing in ---- */

static void put_locked(struct writer *writer, struct request *r)
{
    *writer->end = r;
    writer->end = &r->next;
    writer->requested_ms = clock_mono();
    pthread_cond_signal(&writer->work);
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
            writer_fits_locked(writer, (int64_t)count);
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
    struct store_purge round = {.ages = *ages, .go_on = writer_purge_continues, .arg = writer};
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

/* ---- capacity ---- */

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
    writer->requested_ms = clock_mono() - WRITER_QUIET_MS;
    pthread_mutex_init(&writer->lock, NULL); /* these do not fail on Linux */
    clock_cond_init(&writer->work);
    pthread_cond_init(&writer->done, NULL);
    writer_check_capacity(writer);
    if (pthread_create(&writer->thread, NULL, writer_thread, writer) != 0) {
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
