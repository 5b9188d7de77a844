/*
 * functions: the functions of the table in store.h, and what the files of this back end offer each
 * other.
 *
 * Threads, memory and errors are those of store.h.
 */
#ifndef STORE_SQLITE_FUNCTIONS_H
#define STORE_SQLITE_FUNCTIONS_H

#include "store/sqlite/database.h"

/* ---- the writer's ---- */

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
int sqlite_limit_ages(struct store *store, int64_t now_ms, struct store_ages *ages,
                      struct err *err);

/* ---- the readers' ---- */

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
int sqlite_recent_skipped(struct store *store, int64_t before_id, size_t max,
                          struct store_skipped **ret, size_t *ret_count, struct err *err);
int sqlite_skipped_since(struct store *store, int64_t *id, size_t max, struct store_skipped **ret,
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

/* ---- what the files offer each other ---- */

/* Counts what a destination did not want, and remembers which events. */
MUST_USE int sqlite_append_skip(struct sqlite_store *store, const struct store_skip *skip,
                                struct err *err);
/* Drops the oldest skipped events beyond the bound. */
MUST_USE int sqlite_drop_skipped(struct sqlite_store *store, struct err *err);
MUST_USE int sqlite_put_known(struct sqlite_store *store, int64_t destination,
                              const struct store_known *known, struct err *err);
MUST_USE int sqlite_answer_intent(struct sqlite_store *store, int64_t destination, const char *key,
                                  struct err *err);

#endif
