/*
 * database: an open SQLite database, as the files of this back end share it.
 *
 * Threads: the writer's connection and all that is kept for it belong to the store thread; the
 *          readers share a second connection under a lock (rows.h).  Readers see the last commit
 *          and never wait for the writer, nor it for them (WAL).
 */
#ifndef STORE_SQLITE_DATABASE_H
#define STORE_SQLITE_DATABASE_H

#include <pthread.h>

#include "store/sqlite/reserve.h"
#include "store/feed.h"
#include "store/rules.h"
#include "store/schedule.h"
#include "store/seen.h"
#include "store/sqlite/call.h"
#include "store/sqlite/checkpoint.h"
#include "store/sqlite/guard.h"

/* Each name is in the database once, and rows refer to it by number.  Names seen so far are kept
   here, with the change of each destination's counters since begin. */
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

#endif
