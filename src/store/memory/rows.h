/*
 * rows: what the memory back end's files share: its struct, its rows, and copying them.
 *
 * Threads: everything between memory_locked and memory_unlocked.
 */
#ifndef STORE_MEMORY_ROWS_H
#define STORE_MEMORY_ROWS_H

#include <pthread.h>

#include "store/memory/tables.h"
#include "store/feed.h"
#include "store/rules.h"
#include "store/schedule.h"

struct memory_store {
    struct store base;
    pthread_mutex_t lock; /* guards the tables and the last numbers, held for one call at a time */
    struct memory_tables tables;
    struct schedule schedule, changes;
    int64_t last_seq, last_skipped;
};

struct memory_store *memory_locked(struct store *store);
int memory_unlocked(struct memory_store *memory, int rc); /* returns rc */

struct event {
    char *source, *message_id, *type, *body;
    size_t body_len;
    int64_t received_ms, timestamp_ms;
    int64_t *hashes; /* of its names */
    size_t hash_count;
};

struct delivery {
    struct memory_slot *event;
    struct store_receipt *receipt; /* without what the event holds */
};

/* The other tables hold a store_counters, store_skip_count, store_known,
   store_intent, store_skipped. */
extern void (*const memory_row_free[MEMORY_TABLES])(void *row);

/* New rows with copies, or NULL when out of memory. */
struct event *event_new(const struct store_event *from);
struct delivery *delivery_new(struct memory_slot *event, const struct store_receipt *from);

/* A copy of text, NULL for NULL; *failed becomes true when there is no memory for it. */
char *memory_copy_text(const char *text, bool *failed);

/* False when out of memory; what was copied is in *ret and belongs to the caller. */
bool memory_copy_skipped(const struct store_skipped *from, struct store_skipped *ret);
bool memory_copy_known(const struct store_known *from, struct store_known *ret);

/* What readers see of a delivery, if it is this destination's; NULL otherwise. */
const struct delivery *memory_committed(const struct memory_slot *slot, const char *destination);

/* Whether it waits for a person (row may be NULL), with this code if one is given. */
bool memory_is_dead_letter(const struct delivery *row, const char *code);

/* Adds the receipt of a committed delivery to a list. */
MUST_USE int memory_add_receipt(const struct delivery *row, bool with_body,
                                struct store_receipt **list, size_t *count, size_t *capacity,
                                struct err *err);

#endif
