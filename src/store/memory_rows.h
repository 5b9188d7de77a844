/*
 * memory_rows: what the memory back end's files share: its own struct, its rows, and
 * copying them.
 *
 * Threads: everything between memory_locked and memory_unlocked.
 */
#ifndef STORE_MEMORY_ROWS_H
#define STORE_MEMORY_ROWS_H

#include <pthread.h>

#include "store/memory_tables.h"
#include "store/feed.h"
#include "store/rules.h"
#include "store/schedule.h"

struct memory_store {
    struct store base;
    pthread_mutex_t lock; /* of tables and last_seq, held for one call at a time */
    struct memory_tables tables;
    struct schedule schedule, changes;
    int64_t last_seq;
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
    struct store_receipt *receipt; /* without what the event knows */
};

/* The other tables hold a store_counters, store_skip_count, store_known,
   store_intent, store_skipped. */
extern void (*const memory_row_free[MEMORY_TABLES])(void *row);

/* Rows of their own, or NULL when out of memory. */
struct event *event_new(const struct store_event *from);
struct delivery *delivery_new(struct memory_slot *event, const struct store_receipt *from);

/* A copy of text, NULL for NULL; *failed becomes true when there is no memory for it. */
char *memory_copy_text(const char *text, bool *failed);

/* False when out of memory; what was copied stands in *ret and is the caller's. */
bool memory_copy_receipt(const struct store_receipt *from, struct store_receipt *ret);
bool memory_copy_skipped(const struct store_skipped *from, struct store_skipped *ret);
bool memory_copy_known(const struct store_known *from, struct store_known *ret);

/* Readers, memory_read.c. */
int memory_take(struct store *store, const char *destination, struct store_cursor *cursor,
                int64_t now_ms, size_t max, size_t max_bytes, struct store_delivery **ret,
                size_t *ret_count, struct err *err);
int memory_next_due(struct store *store, const char *destination, const struct store_cursor *cursor,
                    int64_t *ret_ms, struct err *err);
int memory_find_known(struct store *store, const char *destination, const char *const *keys,
                      size_t count, struct store_known **ret, size_t *ret_count, struct err *err);
int memory_intents(struct store *store, const char *destination, struct store_intent **ret,
                   size_t *ret_count, struct err *err);
int memory_trace(struct store *store, const char *message_id, struct store_receipt **ret,
                 size_t *ret_count, struct err *err);
int memory_search(struct store *store, enum store_search by, const char *what, size_t max,
                  struct store_receipt **ret, size_t *ret_count, struct err *err);
int memory_skipped(struct store *store, const char *message_id, struct store_skipped **ret,
                   size_t *ret_count, struct err *err);
int memory_list(struct store *store, const char *destination, enum store_state state,
                int64_t before_seq, size_t max, struct store_receipt **ret, size_t *ret_count,
                struct err *err);
int memory_dead_letters(struct store *store, const char *destination, const char *code,
                        int64_t before_seq, size_t max, struct store_receipt **ret,
                        size_t *ret_count, struct err *err);
int memory_recent(struct store *store, int64_t before_seq, size_t max, int64_t now_ms,
                  struct store_feed *feed, struct store_receipt **ret, size_t *ret_count,
                  struct err *err);
int memory_since(struct store *store, struct store_feed *feed, int64_t now_ms, size_t max,
                 struct store_receipt **ret, size_t *ret_count, struct err *err);
int memory_counters(struct store *store, struct store_counters **ret, size_t *ret_count,
                    struct err *err);
int memory_skips(struct store *store, struct store_skip_count **ret, size_t *ret_count,
                 struct err *err);

#endif
