/*
 * writer: the store thread.  It takes every waiting request, makes one transaction of
 * them (group commit), and answers each after the commit.
 *
 * A failed transaction fails every request in it, and nothing of it is kept; a writer
 * that could not write tries again with the next group.  A request that is itself at
 * fault (ERR_INVALID) is answered so alone, and the others are written without it.
 *
 * Threads:  any thread may hand in requests; done is called on the store thread and
 *           must not block.
 * Limits:   max_requests and max_bytes handed in and not answered; past them, and while the
 *           store is full, writer_append answers false ("429, later").  The others are never
 *           refused: each holds up the thread that asks, so there are as many as threads.
 * Full:     when a transaction finds the disk full, its appends are refused and the rest is
 *           tried again, with space from the store's reserve: what was accepted goes on to be
 *           delivered.  Once a second the store thread looks whether there is capacity, and
 *           whether the store has found something wrong with itself.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "store/store.h"

struct writer;

struct writer_limits {
    size_t max_requests; /* waiting appends; 10,000 */
    size_t max_bytes;    /* of their bodies; 256 MiB */
    struct writer_bounds {
        int64_t max_waiting;   /* deliveries; 0: no bound */
        int64_t max_store;     /* bytes of the store in use; 0: no bound */
        int64_t min_free_disk; /* bytes */
    } bounds;
};

/* What new events are refused for. */
enum writer_full { WRITER_NOT_FULL, WRITER_QUEUE_FULL, WRITER_STORE_FULL, WRITER_DISK_FULL };
const char *
writer_full_name(enum writer_full full); /* "queue_full", ...; NULL: there is capacity */

/* Starts the thread on an open store, which stays the caller's. */
MUST_USE struct writer *writer_start(struct store *store, struct writer_limits limits,
                                     struct err *err);

/* Writes what waits, answers it, ends the thread, frees the writer.  NULL is allowed. */
void writer_stop(struct writer *writer);

/* events, skips and all they point to stay valid until done is called: err NULL when the
   commit holds them (each event's ret_duplicate is set), else why not. */
typedef void writer_done(void *arg, const struct err *err);

MUST_USE bool writer_append(struct writer *writer, struct store_event *events, size_t count,
                            const struct store_skip *skips, size_t skip_count, writer_done *done,
                            void *arg);

/* Why the store takes no events at the moment. */
enum writer_full writer_full(struct writer *writer);

/* Other bounds from now on. */
void writer_set_bounds(struct writer *writer, struct writer_bounds bounds);

/* These wait for the commit. */
MUST_USE int writer_apply(struct writer *writer, const struct store_outcome_batch *what,
                          struct err *err);
MUST_USE int writer_intend(struct writer *writer, const char *destination, const char *const *keys,
                           size_t count, int64_t now_ms, struct err *err);
/* All that are meant, with which->count of them, also when it failed on the way; max is set
   here. */
MUST_USE int writer_redrive(struct writer *writer, struct store_dead_letters *which,
                            struct err *err);
MUST_USE int writer_discard(struct writer *writer, struct store_dead_letters *which,
                            struct err *err);
MUST_USE int writer_pause(struct writer *writer, const char *destination, int64_t since_ms,
                          struct err *err);
/* A round of what store.h says of purge: begun here, done by the store thread when nobody
   waits, or for a small part of its time when somebody always does.  done is called on the
   store thread at the end of the round, when it failed (err), or when the writer stops before
   (both with what was forgotten so far).  False: a round is under way already.  No event
   younger than WRITER_KEEP_MS goes, whatever ages say: a repeated messageId is known that
   long. */
#define WRITER_KEEP_MS (INT64_C(7) * 24 * 3600 * 1000)
typedef void writer_purged(void *arg, int64_t count, const struct err *err);
MUST_USE bool writer_purge(struct writer *writer, const struct store_ages *ages,
                           writer_purged *done, void *arg);

/* Called on the store thread after each commit that brought new waiting deliveries; set
   once, before the first append.  Wakes the schedulers. */
void writer_on_waiting(struct writer *writer, void (*on_waiting)(void *arg), void *arg);

struct writer_counts {
    int64_t commits;  /* groups that hold */
    int64_t events;   /* in them, without the repeated ones */
    int64_t failures; /* requests answered with an error */
    size_t waiting;   /* appends */
    bool writable;    /* the last transaction held, and the last look found nothing wrong */
    enum writer_full full;
    struct store_usage usage; /* by the last look */
};
struct writer_counts writer_counts(struct writer *writer);

/* Why it is not writable, for people; ERR_NONE while it is. */
void writer_fault(struct writer *writer, struct err *ret);

#endif
