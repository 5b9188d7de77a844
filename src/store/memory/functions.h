/*
 * functions: the functions of the table in store.h, and what the files of this back end offer each
 * other.
 *
 * Threads, memory and errors are those of store.h.
 */
#ifndef STORE_MEMORY_FUNCTIONS_H
#define STORE_MEMORY_FUNCTIONS_H

#include "store/memory/rows.h"

/* ---- the writer's ---- */

int memory_append(struct store *store, struct store_event *events, size_t count,
                  const struct store_skip *skips, size_t skip_count, struct err *err);
int memory_intend(struct store *store, const char *destination, const char *const *keys,
                  size_t count, int64_t now_ms, struct err *err);
int memory_apply(struct store *store, const struct store_outcome_batch *what, struct err *err);
int memory_redrive(struct store *store, struct store_dead_letters *which, int64_t now_ms,
                   struct err *err);
int memory_discard(struct store *store, struct store_dead_letters *which, int64_t now_ms,
                   struct err *err);
int memory_pause(struct store *store, const char *destination, int64_t since_ms, struct err *err);
int memory_purge(struct store *store, struct store_purge *what, struct err *err);
int memory_usage(struct store *store, struct store_usage *ret, struct err *err);

/* ---- the readers' ---- */

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
int memory_recent_skipped(struct store *store, int64_t before_id, size_t max,
                          struct store_skipped **ret, size_t *ret_count, struct err *err);
int memory_skipped_since(struct store *store, int64_t *id, size_t max, struct store_skipped **ret,
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

/* ---- what the files offer each other, between memory_locked and memory_unlocked ---- */

/* A draft of a destination's counters, copied from the committed ones; NULL when out of memory.  It
   belongs to the transaction and may be changed in place. */
MUST_USE struct store_counters *memory_counters_draft(struct memory_store *memory,
                                                      const char *destination, struct err *err);
MUST_USE int memory_append_skip(struct memory_store *memory, const struct store_skip *skip,
                                struct err *err);
MUST_USE int memory_append_skipped(struct memory_store *memory, const struct store_skip *skip,
                                   const struct store_skip_event *event, struct err *err);
MUST_USE int memory_put_known(struct memory_store *memory, const char *destination,
                              const struct store_known *known, struct err *err);
MUST_USE int memory_answer_intent(struct memory_store *memory, const char *destination,
                                  const char *key, struct err *err);

#endif
