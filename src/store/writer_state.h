/*
 * writer_state: a request to the store thread and the writer itself, as the files of the writer
 * share them (writer.h).
 *
 * Threads: what is below the lock in struct writer is read and written with it held.
 */
#ifndef STORE_WRITER_STATE_H
#define STORE_WRITER_STATE_H

#include <pthread.h>

#include "store/writer.h"

enum request_kind { APPEND, APPLY, INTEND, REDRIVE, DISCARD, PAUSE, PURGE };

/* One request.  Appends are allocated and answered by done; the purge belongs to the writer, and
   its next step joins a group when it is due; the others are on the stack of the thread that waits
   for them. */
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
            struct store_dead_letters which; /* as submitted */
            struct store_dead_letters now;   /* as this transaction leaves them */
        } dead_letters;
        struct {
            const char *destination;
            int64_t since_ms;
        } pause;
        struct {
            struct store_purge round; /* as the last commit left it */
            struct store_purge step;  /* as this transaction leaves it */
            int64_t began_ms, ended_ms;
            int rows;
            writer_purged *done;
            void *arg;
        } purge;
    };
    bool refused; /* itself at fault: answered with err, kept out of the transaction */
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
    pthread_cond_t done;  /* a waiting request has its answer */
    struct request *first, **end;
    size_t requests, bytes; /* appends submitted and not answered yet */
    bool stopping;
    struct request purge; /* the store thread's while purging */
    bool purging;
    int64_t looked_ms;    /* when the store thread last checked capacity */
    int64_t requested_ms; /* when the last request came */
    struct writer_counts counts;
    struct err failed, found; /* by the last transaction and the last check; ERR_NONE: nothing */
    int64_t pending;          /* events in requests */
};

#endif
