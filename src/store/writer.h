/*
 * writer: the store thread.  It takes every waiting request, puts them into one transaction (group
 * commit), and answers each after the commit.
 *
 * A failed transaction fails every request in it, and nothing of it is kept; the writer tries again
 * with the next group.  If a request itself is at fault (ERR_INVALID), only that request fails, and
 * the others are written without it.
 *
 * Threads:  any thread may submit requests; done is called on the store thread and must not block.
 * Limits:   max_requests and max_bytes submitted and not answered; beyond them, and while the store
 * is full, writer_append returns false ("429, later").  The other requests are never refused: each
 * blocks its caller, so there are at most as many as threads.
 * Full:     when a transaction finds the disk full, its appends are refused and the rest is tried
 *           again, with space from the store's reserve, so accepted events are still delivered.
 * Once a second the store thread checks whether there is capacity, and whether the store has found
 * a fault in itself.
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

/* Why new events are refused. */
enum writer_full { WRITER_NOT_FULL, WRITER_QUEUE_FULL, WRITER_STORE_FULL, WRITER_DISK_FULL };
const char *
writer_full_name(enum writer_full full); /* "queue_full", ...; NULL: there is capacity */

/* Starts the thread on an open store, which the caller keeps. */
MUST_USE struct writer *writer_start(struct store *store, struct writer_limits limits,
                                     struct err *err);

/* Writes what waits, answers it, ends the thread, frees the writer.  NULL is allowed. */
void writer_stop(struct writer *writer);

/* events, skips and all they point to must stay valid until done is called: err is NULL when they
   are committed (each event's ret_duplicate is set), else says why not. */
typedef void writer_done(void *arg, const struct err *err);

MUST_USE bool writer_append(struct writer *writer, struct store_event *events, size_t count,
                            const struct store_skip *skips, size_t skip_count, writer_done *done,
                            void *arg);

/* Why the store accepts no events at the moment. */
enum writer_full writer_full(struct writer *writer);

/* Changes the bounds. */
void writer_set_bounds(struct writer *writer, struct writer_bounds bounds);

/* These wait for the commit. */
MUST_USE int writer_apply(struct writer *writer, const struct store_outcome_batch *what,
                          struct err *err);
MUST_USE int writer_intend(struct writer *writer, const char *destination, const char *const *keys,
                           size_t count, int64_t now_ms, struct err *err);
/* All matching dead letters, in several transactions; which->count says how many, also after a
   failure half way; max is set here. */
MUST_USE int writer_redrive(struct writer *writer, struct store_dead_letters *which,
                            struct err *err);
MUST_USE int writer_discard(struct writer *writer, struct store_dead_letters *which,
                            struct err *err);
MUST_USE int writer_pause(struct writer *writer, const char *destination, int64_t since_ms,
                          struct err *err);
/* Starts a round of purging (store.h); the store thread does it when nobody waits, or in a small
   part of its time when somebody always does.  done is called on the store thread at the end of the
   round, when it failed (err), or when the writer stops first (both with the number deleted so
   far).  False: a round is already running.  No event younger than WRITER_KEEP_MS is deleted,
   whatever ages says: a repeated messageId is recognized for that long. */
#define WRITER_KEEP_MS (INT64_C(7) * 24 * 3600 * 1000)
typedef void writer_purged(void *arg, int64_t count, const struct err *err);
MUST_USE bool writer_purge(struct writer *writer, const struct store_ages *ages,
                           writer_purged *done, void *arg);

/* Called on the store thread after each commit that brought new waiting deliveries; set
   once, before the first append.  Used to wake the schedulers.  */
void writer_on_waiting(struct writer *writer, void (*on_waiting)(void *arg), void *arg);

struct writer_counts {
    int64_t commits;  /* transactions committed */
    int64_t events;   /* in them, without the repeated ones */
    int64_t failures; /* requests answered with an error */
    size_t waiting;   /* appends */
    bool writable;    /* the last transaction succeeded, and the last check found nothing wrong */
    enum writer_full full;
    struct store_usage usage; /* as of the last check */
};
struct writer_counts writer_counts(struct writer *writer);

/* Why it is not writable, for people; ERR_NONE while it is. */
void writer_fault(struct writer *writer, struct err *ret);

#endif
