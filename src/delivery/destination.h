/*
 * destination: everything a scheduler knows about its org.  Data only; docs/architecture.md,
 * "Inside delivery", says which file does what with it.
 *
 * Threads: everything but `inbox` and `ready` belongs to the scheduler thread.  Workers get calls
 * through `ready` and return them through the inbox.
 * Memory: delivery.c creates and frees it.
 */
#ifndef DELIVERY_DESTINATION_H
#define DELIVERY_DESTINATION_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/queue.h"
#include "delivery/alike.h"
#include "delivery/call.h"
#include "delivery/groups.h"
#include "delivery/hold.h"
#include "delivery/in_hand.h"
#include "delivery/inbox.h"
#include "delivery/intents.h"
#include "delivery/poison.h"
#include "delivery/tries.h"

#define STORE_RETRY_MS 1000 /* before what the store refused is tried again */

struct destination {
    /* fixed from start to end */
    const struct destination_settings *settings;
    struct settings *settings_owner;
    _Atomic int64_t keep_known_ms; /* of all destinations: a reload may change it */
    struct store *store;
    struct writer *writer;
    struct org *org;
    char *schema_dir;
    struct queue *ready; /* calls for the workers */
    pthread_t scheduler;
    pthread_t *workers;
    int worker_count;

    struct inbox inbox;

    /* owned by the scheduler */
    struct schema *schema;       /* NULL until described or loaded */
    struct schema *next_schema;  /* described, and used once no call is in flight; NULL: none */
    int schema_number;           /* grows with each schema */
    int schema_needed;           /* no lower one may be used for mapping */
    bool describing, signing_in; /* such a call is queued or in flight */
    struct store_cursor cursor;
    bool more;        /* the store may have something to read */
    int64_t began_ms; /* steady, before any event of this run: a later time, from a clock that was
                         ahead, counts as this one */
    int64_t due_ahead_ms; /* how far ahead the clock is by which the store's due times are read */
    struct in_hand in_hand;
    struct groups groups;
    struct alikes alikes;
    struct call *queue;  /* utlist: calls to be sent */
    int calls_in_flight; /* with the workers */
    struct intents intents;
    struct tries *tries; /* uthash by key */
    struct poisons poisons;
    int64_t last_saved_ms; /* mono: when any record was last saved */
    struct hold hold;
};

#endif
