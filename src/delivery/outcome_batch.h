/*
 * outcome_batch: collects the outcomes of deliveries and writes them to the store in one
 * transaction.
 *
 * An item that ends, or waits in the store again, moves from its group into the batch and is freed
 * with it.  Until the store has the batch nothing else happens for the destination: what the org
 * did and what the store says must not drift apart (commit.h).
 *
 * Threads: the scheduler's.  Memory: outcome_batch_done frees it; texts are copied.
 * Errors: -1 with ERR_MEMORY, and nothing has changed.
 */
#ifndef DELIVERY_OUTCOME_BATCH_H
#define DELIVERY_OUTCOME_BATCH_H

#include "delivery/group.h"
#include "store/writer.h"

struct ending;

struct outcome_batch {
    struct ending *endings; /* utlist */
    size_t ending_count;
    struct store_known *known; /* records, by key */
    size_t known_count, known_capacity;
    char **intents; /* keys whose create is answered */
    size_t intent_count, intent_capacity;
};

/* Why something waits or is dead; all text is copied. */
struct reason {
    const char *code, *message, *advice;
};

/* Each moves one item out of group->items.  -1: out of memory, the item still there. */
MUST_USE int outcome_written(struct outcome_batch *batch, struct group *group, struct item *item,
                             const char *record_id, bool created, struct err *err);
MUST_USE int outcome_merged(struct outcome_batch *batch, struct group *group, struct item *item,
                            const char *record_id, const char *into, struct err *err);
MUST_USE int outcome_unchanged(struct outcome_batch *batch, struct group *group, struct item *item,
                               struct err *err);
MUST_USE int outcome_dead(struct outcome_batch *batch, struct group *group, struct item *item,
                          struct reason reason, struct err *err);
MUST_USE int outcome_waiting(struct outcome_batch *batch, struct group *group, struct item *item,
                             struct reason reason, int64_t next_attempt_ms, struct err *err);

/* For an item that is in no group. */
MUST_USE int outcome_dead_on_arrival(struct outcome_batch *batch, struct item *item,
                                     struct reason reason, struct err *err);

/* All of the group's items.  -1: out of memory; what has not moved is still there. */
MUST_USE int outcome_all_dead(struct outcome_batch *batch, struct group *group,
                              struct reason reason, struct err *err);
MUST_USE int outcome_all_waiting(struct outcome_batch *batch, struct group *group,
                                 struct reason reason, int64_t next_attempt_ms, struct err *err);

/* Remembers the group's record and the times of its fields. */
MUST_USE int outcome_known_record(struct outcome_batch *batch, const struct group *group,
                                  int64_t now_ms, struct err *err);

/* The create of that key is answered. */
MUST_USE int outcome_intent_answered(struct outcome_batch *batch, const char *key, struct err *err);

/* Writes it to the store; while the disk is full, without the fields that were sent and with few
   notes. -1: the store did not accept it; nothing is written and nothing is freed. */
MUST_USE int outcome_batch_commit(const struct outcome_batch *batch, struct writer *writer,
                                  const char *destination, struct err *err);

/* Logs what has become a dead letter: how many for each code, and one messageId. */
void outcome_batch_log_dead(const struct outcome_batch *batch, const char *destination);

/* Calls each with every item in it. */
void outcome_batch_each(const struct outcome_batch *batch,
                        void (*each)(void *arg, struct item *item), void *arg);

/* Frees it with the items in it. */
void outcome_batch_done(struct outcome_batch *batch);

#endif
