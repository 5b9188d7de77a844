/*
 * sqlite_store: what the SQLite back end's files share.
 *
 *   sqlite.c         the folder and its lock, open and close, transactions
 *   sqlite_schema.c  tables, and the migrations that brought them there
 *   sqlite_write.c   the writer's functions, on the connection of the store thread
 *   sqlite_read.c    the readers' functions, on a connection of their own behind a lock
 *
 * Readers see the last commit and never wait for the writer, nor it for them (WAL).
 */
#ifndef STORE_SQLITE_STORE_H
#define STORE_SQLITE_STORE_H

#include <pthread.h>

#include "store/reserve.h"
#include "store/feed.h"
#include "store/rules.h"
#include "store/schedule.h"
#include "store/seen.h"
#include "store/sqlite_call.h"
#include "store/sqlite_checkpoint.h"
#include "store/sqlite_guard.h"

/* Names stand once in the database, rows carry their number.  Those met are kept here,
   and with a destination's the change of its counters since begin. */
struct sqlite_name {
    char *name;
    int64_t id;
    bool changed;
    struct store_counters change; /* without its destination */
};

struct sqlite_names {
    struct sqlite_name *list;
    size_t count, capacity;
};

struct sqlite_store {
    struct store base;
    char *file;
    int lock_fd; /* DIR/lock, held while open */
    struct sqlite_link writer;
    struct sqlite_names sources, destinations, words;
    struct sqlite_link reader;
    pthread_mutex_t reader_lock;
    struct checkpointer *checkpointer;
    struct guard *guard;
    struct reserve reserve;
    struct seen seen;         /* time; after a rollback it is ahead of the database */
    bool seen_changed;        /* its gaps: the next note writes them */
    int64_t waiting;          /* deliveries, by the last commit */
    int64_t waiting_more;     /* in this transaction, once the counters are flushed */
    struct schedule schedule; /* of what waits again */
    struct schedule changes;  /* of changed_ms, which watchers have a cursor over */
};

/* sqlite_schema.c: brings the database to this program's version, one transaction a
   step.  ERR_SYSTEM when it is not Leadline's or newer than the last step. */
extern const char *const sqlite_steps[];
extern const size_t sqlite_step_count;
MUST_USE int sqlite_migrate(struct sqlite_link *link, const char *const *steps, size_t count,
                            struct err *err);

/* sqlite_write.c */
extern const char *const sqlite_writer_sql[];
extern const size_t sqlite_writer_count;
int sqlite_append(struct store *store, struct store_event *events, size_t count,
                  const struct store_skip *skips, size_t skip_count, struct err *err);
int sqlite_intend(struct store *store, const char *destination, const char *const *keys,
                  size_t count, int64_t now_ms, struct err *err);
int sqlite_apply(struct store *store, const struct store_outcome_batch *what, struct err *err);
int sqlite_redrive(struct store *store, struct store_dead_letters *which, int64_t now_ms,
                   struct err *err);
int sqlite_discard(struct store *store, struct store_dead_letters *which, int64_t now_ms,
                   struct err *err);
int sqlite_pause(struct store *store, const char *destination, int64_t since_ms, struct err *err);
int sqlite_purge(struct store *store, struct store_purge *what, struct err *err);
/* Writes what the counters changed by; the last thing before a commit. */
MUST_USE int sqlite_flush_counters(struct sqlite_store *store, struct err *err);
/* Forgets names and changes: after a rollback their numbers may be wrong. */
void sqlite_forget_names(struct sqlite_store *store);

/* sqlite_seen.c; its statements are the first of the writer's. */
enum {
    SQLITE_SEEN_LAST,
    SQLITE_SEEN_GAPS,
    SQLITE_SEEN_CLEAR,
    SQLITE_SEEN_ADD,
    SQLITE_SEEN_NOTE,
    SQLITE_SEEN_STATEMENTS
};
MUST_USE int sqlite_seen_open(struct sqlite_store *store, struct err *err);
int sqlite_limit_ages(struct store *store, int64_t now_ms, struct store_ages *ages,
                      struct err *err);

/* sqlite_read.c */
extern const char *const sqlite_reader_sql[];
extern const size_t sqlite_reader_count;
int sqlite_take(struct store *store, const char *destination, struct store_cursor *cursor,
                int64_t now_ms, size_t max, size_t max_bytes, struct store_delivery **ret,
                size_t *ret_count, struct err *err);
int sqlite_next_due(struct store *store, const char *destination, const struct store_cursor *cursor,
                    int64_t *ret_ms, struct err *err);
int sqlite_find_known(struct store *store, const char *destination, const char *const *keys,
                      size_t count, struct store_known **ret, size_t *ret_count, struct err *err);
int sqlite_intents(struct store *store, const char *destination, struct store_intent **ret,
                   size_t *ret_count, struct err *err);
int sqlite_trace(struct store *store, const char *message_id, struct store_receipt **ret,
                 size_t *ret_count, struct err *err);
int sqlite_search(struct store *store, enum store_search by, const char *what, size_t max,
                  struct store_receipt **ret, size_t *ret_count, struct err *err);
int sqlite_skipped(struct store *store, const char *message_id, struct store_skipped **ret,
                   size_t *ret_count, struct err *err);
int sqlite_list(struct store *store, const char *destination, enum store_state state,
                int64_t before_seq, size_t max, struct store_receipt **ret, size_t *ret_count,
                struct err *err);
int sqlite_dead_letters(struct store *store, const char *destination, const char *code,
                        int64_t before_seq, size_t max, struct store_receipt **ret,
                        size_t *ret_count, struct err *err);
int sqlite_recent(struct store *store, int64_t before_seq, size_t max, int64_t now_ms,
                  struct store_feed *feed, struct store_receipt **ret, size_t *ret_count,
                  struct err *err);
int sqlite_since(struct store *store, struct store_feed *feed, int64_t now_ms, size_t max,
                 struct store_receipt **ret, size_t *ret_count, struct err *err);
int sqlite_counters(struct store *store, struct store_counters **ret, size_t *ret_count,
                    struct err *err);
int sqlite_skips(struct store *store, struct store_skip_count **ret, size_t *ret_count,
                 struct err *err);

#endif
