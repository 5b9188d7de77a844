/*
 * store: keeps events until they are delivered, and what became of each.  A table of
 * functions; each back end (sqlite/, memory/, others later) fills one, and
 * tests/unit/test_store.c holds all of them to the same behaviour.
 *
 * An accepted event has one delivery for each destination it is routed to.  A delivery
 * is waiting, or has ended as written, merged, unchanged or dead (discarded: a dead letter that a
 * person has dropped).  The counters always add up: accepted = written + merged + unchanged +
 * waiting + dead.
 *
 * Writing goes through one thread, the store thread (writer.h): functions under "writer" are called
 * only by it, and everything between begin and commit is one transaction.  Functions under
 * "readers" may be called from any thread at any time and see only what is committed.
 *
 * Errors:    after a writer's function has failed the transaction can only be rolled back (a failed
 *            commit has already done so; another rollback does no harm): none of it is kept.
 *            ERR_FULL and ERR_SYSTEM mean "cannot write now", ERR_RETRY that another program held
 *            the file, ERR_INVALID that the arguments are at fault.
 * Times:     all by the steady clock (base/clock.h) of the run that wrote them; an earlier run's
 *            clock may have been ahead.
 * Untrusted: rows read back are checked like input from outside.
 *
 * More, with the tables drawn: docs/store.md.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum store_state {
    STORE_WAITING,
    STORE_WRITTEN,   /* created or updated, with the record's Id */
    STORE_MERGED,    /* into the write of a later event of the same key, named */
    STORE_UNCHANGED, /* nothing newer to write */
    STORE_DEAD,      /* needs a person: code, message, advice */
    STORE_STATES
};

/* "waiting", "written", ... */
const char *store_state_name(enum store_state state);

/* ---- coming in ---- */

struct store_target {
    const char *destination;
    const char *key;       /* of the route; "" when it is unknown (dead) */
    const char *object;    /* "Lead", "Account" or "" */
    const char *dead_code; /* NULL: waiting.  Else dead on arrival, with message and advice */
    const char *dead_message;
    const char *dead_advice;
};

struct store_event {
    const char *source;
    const char *message_id;
    const char *type; /* "identify", ... */
    int64_t received_ms;
    int64_t timestamp_ms; /* corrected */
    const char *body;
    size_t body_len;
    const struct store_target *targets;
    size_t target_count;      /* at least 1 */
    const char *const *names; /* what search finds it by, each in the form it is compared in */
    size_t name_count;
    bool ret_duplicate; /* set by append: this source has sent that messageId before (or twice in
                           this transaction), so it is stored once */
};

/* Events that a destination did not want: counted, not stored.  Those that had a messageId are
   remembered. */
struct store_skip {
    const char *source;
    const char *destination;
    const char *reason;
    int64_t count;
    const struct store_skip_event {
        const char *message_id;
        const char *type;
        int64_t received_ms;
    } * events;
    size_t event_count; /* at most count */
};

/* How many skipped events are kept, the newest; append drops the others. */
#define STORE_SKIPPED_MAX 1000000

/* ---- going out ---- */

/* One waiting delivery, as handed to its destination.  The receiver owns all text. */
struct store_delivery {
    int64_t seq; /* order of arrival, never used twice */
    char *message_id;
    char *body;
    size_t body_len;
    int64_t timestamp_ms;
    int64_t received_ms;
    int attempts; /* calls it was part of so far */
    bool damaged; /* body or times are not what was stored: must never be sent */
};

/* How far a destination has read; zero reads everything that waits.  New deliveries come in the
   order of seq, repeated ones in the order they are due. */
struct store_cursor {
    int64_t new_seq;
    int64_t due_ms;
    int64_t due_seq;
};

/* What became of one delivery. */
struct store_outcome {
    int64_t seq;
    enum store_state state;
    int attempts;
    bool created;          /* written: created, not updated */
    const char *record_id; /* written, merged, unchanged: where; NULL otherwise */
    const char *into;      /* merged: the messageId of the event it was written with */
    const char *code;      /* waiting, dead: why ("UNABLE_TO_LOCK_ROW"); NULL otherwise */
    const char *message;
    const char *advice;
    const char *notes;       /* JSON array of mapping notes, or NULL */
    const char *sent;        /* written: JSON object of the fields that were sent, or NULL */
    int64_t next_attempt_ms; /* waiting: steady clock; a time that a cursor has already passed is
                                moved just past it, so that no delivery is ever missed */
};

/* A known record: the record of a key and, for each field, the timestamp of the newest value
   written, so that a late event never overwrites a newer one. */
struct store_known {
    char *key;
    char *object;
    char *record_id;
    char *fields; /* JSON object {"FirstName": 1795428468679, ...} */
    int64_t written_ms;
};

/* A create that was about to be sent and whose outcome is not known yet. */
struct store_intent {
    char *key;
    int64_t since_ms; /* steady clock of the run that made it */
};

/* Everything that the results of one call change, in one transaction. */
struct store_outcome_batch {
    const char *destination;
    const struct store_outcome *outcomes;
    size_t outcome_count;
    const struct store_known *known; /* added or replaced, by key */
    size_t known_count;
    const char *const *answered_intents; /* keys whose intent is answered */
    size_t answered_intent_count;
    int64_t now_ms;
};

/* ---- capacity ---- */

/* How much the store holds, as the last commit left it. */
struct store_usage {
    int64_t waiting;   /* deliveries, to all destinations */
    int64_t bytes;     /* in use in its file */
    int64_t free_disk; /* bytes; INT64_MAX when that is unknown */
};

/* ---- dead letters ---- */

/* Which dead letters to redrive or discard.  A call handles some and moves first past them; after a
   rollback the call is repeated with all of this as it was before. */
struct store_dead_letters {
    const char *destination;
    const char *code;    /* only those with this code; NULL: with any */
    int64_t first, last; /* of their seqs; equal for a single one */
    size_t max;          /* in one call */
    int64_t count;       /* handled so far */
    bool done;           /* there are no more */
};

/* ---- purging ---- */

/* The oldest times that are kept, by the steady clock; 0 keeps everything. */
struct store_ages {
    int64_t ended_ms; /* events that were received and ended everywhere before */
    int64_t dead_ms;  /* dead letters from before, when nothing else keeps their event */
    int64_t known_ms; /* known records last written before */
};

/* One round of purging, in as many calls as it takes.  After a rollback the call is repeated with
   the round as it was before. */
struct store_purge {
    struct store_ages ages;
    bool (*go_on)(void *arg); /* asked before each row that might go */
    void *arg;
    struct store_purge_at {
        size_t part; /* of the round; each back end has its own number of parts */
        int64_t ms, seq;
    } at;          /* zero: the beginning */
    int64_t count; /* rows deleted so far */
    bool done;     /* no old rows are left */
};

/* ---- asking ---- */

struct store_receipt {
    int64_t seq; /* order of arrival */
    char *source, *message_id, *type, *destination, *object, *key;
    enum store_state state;
    bool created;
    bool discarded; /* dead, and a person discarded it at changed_ms */
    /* NULL where not applicable */
    char *record_id, *into, *code, *message, *advice, *notes, *sent;
    int attempts;
    int64_t received_ms, changed_ms, next_attempt_ms;
    char *body;
    bool damaged; /* what was read of the event is not what was stored; only known with the body */
};

/* How far a follower of the events has read: arrivals by seq, and what changed of them since. */
struct store_feed {
    int64_t seq;
    int64_t changed_ms, changed_seq;
};

/* Counted since the beginning: purge does not lower them. */
struct store_counters {
    char *destination;
    int64_t accepted;
    int64_t by_state[STORE_STATES];
    int64_t created, updated;  /* parts of written */
    int64_t oldest_waiting_ms; /* received; 0 = nothing waits */
    int64_t paused_ms;         /* when a person paused it; 0 = not paused */
    int64_t dead_letters;      /* dead, neither discarded nor purged: they wait for a person */
};

struct store_skip_count {
    char *source, *destination, *reason;
    int64_t count;
};

/* One event that a destination did not want; destination "": none did. */
struct store_skipped {
    int64_t id; /* order of arrival among the skipped ones, never used twice */
    char *source, *destination, *type, *reason;
    char *message_id; /* NULL: an earlier version did not keep it */
    int64_t received_ms;
};

/* What search looks for. */
enum store_search { STORE_BY_NAME, STORE_BY_RECORD };

struct store;

struct store_api {
    const char *name;

    void (*close)(struct store *store);

    /* writer */
    int (*begin)(struct store *store, struct err *err);
    int (*append)(struct store *store, struct store_event *events, size_t count,
                  const struct store_skip *skips, size_t skip_count, struct err *err);
    /* A key that already has an intent gets the new time. */
    int (*intend)(struct store *store, const char *destination, const char *const *keys,
                  size_t count, int64_t now_ms, struct err *err);
    /* ERR_INVALID when a delivery is not this destination's or has ended already. */
    int (*apply)(struct store *store, const struct store_outcome_batch *what, struct err *err);
    /* Dead letters wait again.  They are due in this or the next millisecond. */
    int (*redrive)(struct store *store, struct store_dead_letters *which, int64_t now_ms,
                   struct err *err);
    /* Dead letters are dropped for good: they count as before, are no longer listed or redriven,
       and are purged as if they had been delivered now. */
    int (*discard)(struct store *store, struct store_dead_letters *which, int64_t now_ms,
                   struct err *err);
    /* A person pauses a destination at since_ms, or resumes it (0). */
    int (*pause)(struct store *store, const char *destination, int64_t since_ms, struct err *err);
    /* Before a purge at now_ms: moves the ages back by the time that the store did not see pass, so
       that a calendar change between two runs makes nothing old (seen.h). */
    int (*limit_ages)(struct store *store, int64_t now_ms, struct store_ages *ages,
                      struct err *err);
    /* Deletes what is older than what->ages, row by row, as long as go_on allows; what is kept
       costs nothing.  Moves what->at, so that the next call continues there.  Waiting deliveries
       are kept.  The messageId of a deleted event counts as new again. */
    int (*purge)(struct store *store, struct store_purge *what, struct err *err);
    int (*commit)(struct store *store, struct err *err); /* on disk when it returns 0 */
    void (*rollback)(struct store *store);
    /* Between transactions.  Costs the same however much is stored.  Fails when the store has found
       that nothing more can be stored until a restart. */
    int (*usage)(struct store *store, struct store_usage *ret, struct err *err);
    /* Reserves disk space for the receipts of what waits.  False: there is no space. */
    bool (*keep_reserve)(struct store *store, int64_t waiting);
    /* Releases a part of it, so that a transaction that failed with ERR_FULL may succeed when it is
       tried again.  False: nothing was left. */
    bool (*release_reserve)(struct store *store);

    /* readers */
    /* Waiting deliveries of a destination past the cursor, due at now_ms, oldest first: at most
       max, about max_bytes of bodies (at least one).  Moves the cursor. */
    int (*take)(struct store *store, const char *destination, struct store_cursor *cursor,
                int64_t now_ms, size_t max, size_t max_bytes, struct store_delivery **ret,
                size_t *ret_count, struct err *err);
    /* When the next repeated delivery past the cursor is due; INT64_MAX = none.  While a
       transaction is being written, take may hold back what is due for that moment. */
    int (*next_due)(struct store *store, const char *destination, const struct store_cursor *cursor,
                    int64_t *ret_ms, struct err *err);
    /* The known records of those keys, in any order; keys without one are left out. */
    int (*find_known)(struct store *store, const char *destination, const char *const *keys,
                      size_t count, struct store_known **ret, size_t *ret_count, struct err *err);
    int (*intents)(struct store *store, const char *destination, struct store_intent **ret,
                   size_t *ret_count, struct err *err);
    int (*trace)(struct store *store, const char *message_id, struct store_receipt **ret,
                 size_t *ret_count, struct err *err);
    /* Receipts of the events that have that name, as it was given to append, or whose outcome is
       that record (an Id of 15 or 18 characters): the newest events first, with body; at most max.
       Names are kept as hashes: the caller compares what the body says. */
    int (*search)(struct store *store, enum store_search by, const char *what, size_t max,
                  struct store_receipt **ret, size_t *ret_count, struct err *err);
    /* The destinations that did not want the event with that messageId, each once. */
    int (*skipped)(struct store *store, const char *message_id, struct store_skipped **ret,
                   size_t *ret_count, struct err *err);
    /* Skipped events, the newest first, below before_id (0 = from the newest); at most max. */
    int (*recent_skipped)(struct store *store, int64_t before_id, size_t max,
                          struct store_skipped **ret, size_t *ret_count, struct err *err);
    /* Those after *id, the oldest first; at most max.  Moves *id to the last one.  None is missed
       or listed twice, whatever is purged meanwhile. */
    int (*skipped_since)(struct store *store, int64_t *id, size_t max, struct store_skipped **ret,
                         size_t *ret_count, struct err *err);
    /* Receipts of a destination in one state, newest first, below before_seq (0 = from the
       newest); at most 10,000.  Discarded ones are left out. */
    int (*list)(struct store *store, const char *destination, enum store_state state,
                int64_t before_seq, size_t max, struct store_receipt **ret, size_t *ret_count,
                struct err *err);
    /* The same for its dead letters, with their bodies; code: only with this one, or NULL. */
    int (*dead_letters)(struct store *store, const char *destination, const char *code,
                        int64_t before_seq, size_t max, struct store_receipt **ret,
                        size_t *ret_count, struct err *err);
    /* The newest of all receipts, newest first, below before_seq (0 = from the newest), with
       their bodies.  feed (or NULL) is where to continue with changes. */
    int (*recent)(struct store *store, int64_t before_seq, size_t max, int64_t now_ms,
                  struct store_feed *feed, struct store_receipt **ret, size_t *ret_count,
                  struct err *err);
    /* What arrived after the feed, at most max, and what changed since among what arrived before
       it, at most max: as it is now, with bodies.  Moves the feed.  No outcome is ever missed; the
       outcome of an event that had ended before it was first listed may be listed twice. */
    int (*since)(struct store *store, struct store_feed *feed, int64_t now_ms, size_t max,
                 struct store_receipt **ret, size_t *ret_count, struct err *err);
    int (*counters)(struct store *store, struct store_counters **ret, size_t *ret_count,
                    struct err *err);
    int (*skips)(struct store *store, struct store_skip_count **ret, size_t *ret_count,
                 struct err *err);
};

struct store {
    const struct store_api *api; /* each back end's own struct begins with this one */
};

/* Opens the store in one of its back ends (back_ends.c).  "sqlite": where is the data directory,
   which no other process may use.  "memory": for tests; where is not used.  NULL with ERR_INVALID
   when there is no such back end, or with the back end's own error. */
MUST_USE struct store *store_open(const char *back_end, const char *where, struct err *err);

/* The names of the back ends, for tests that run with each; NULL after the last. */
const char *store_back_end(size_t i);
void store_close(struct store *store); /* NULL is allowed */

/* Free what the readers returned; count 0 and NULL are allowed. */
void store_deliveries_free(struct store_delivery *list, size_t count);
void store_known_free(struct store_known *list, size_t count);
void store_intents_free(struct store_intent *list, size_t count);
void store_receipt_clear(struct store_receipt *receipt); /* its texts, not itself */
void store_receipts_free(struct store_receipt *list, size_t count);
void store_counters_free(struct store_counters *list, size_t count);
void store_skip_counts_free(struct store_skip_count *list, size_t count);
void store_skipped_free(struct store_skipped *list, size_t count);

#endif
