/*
 * settle: gathers what became of deliveries and writes it down in one transaction.
 *
 * An item that ended, or goes back to wait, moves from its group into the settlement and
 * is freed with it.  Until the store has the settlement nothing else happens for the
 * destination: what the org did and what the store says must not drift apart.
 *
 * Threads: the scheduler's.
 */
#ifndef DELIVERY_SETTLE_H
#define DELIVERY_SETTLE_H

#include "delivery/group.h"
#include "store/writer.h"

struct ending;

struct settling {
    struct ending *endings; /* utlist */
    size_t ending_count;
    struct store_known *known;
    size_t known_count, known_capacity;
    char **intents;
    size_t intent_count, intent_room;
};

/* Why something waits or is dead; all text is copied. */
struct reason {
    const char *code, *message, *advice;
};

/* Each moves one item out of group->items.  -1: out of memory, the item still there. */
MUST_USE int settle_written(struct settling *s, struct group *group, struct item *item,
                            const char *record_id, bool created, struct err *err);
MUST_USE int settle_merged(struct settling *s, struct group *group, struct item *item,
                           const char *record_id, const char *into, struct err *err);
MUST_USE int settle_unchanged(struct settling *s, struct group *group, struct item *item,
                              struct err *err);
MUST_USE int settle_dead(struct settling *s, struct group *group, struct item *item,
                         struct reason reason, struct err *err);
MUST_USE int settle_waiting(struct settling *s, struct group *group, struct item *item,
                            struct reason reason, int64_t next_attempt_ms, struct err *err);

/* All of the group's items.  -1: out of memory, what has not moved still there. */
MUST_USE int settle_all_dead(struct settling *s, struct group *group, struct reason reason,
                             struct err *err);
MUST_USE int settle_all_waiting(struct settling *s, struct group *group, struct reason reason,
                                int64_t next_attempt_ms, struct err *err);

/* Remembers the group's record and the times of its fields. */
MUST_USE int settle_memory(struct settling *s, const struct group *group, int64_t now_ms,
                           struct err *err);

/* The create of that key is answered. */
MUST_USE int settle_intent(struct settling *s, const char *key, struct err *err);

/* Writes it down.  -1: the store did not take it; nothing stands and nothing is freed. */
MUST_USE int settle_commit(const struct settling *s, struct writer *writer, const char *destination,
                           struct err *err);

/* Tells the log what has ended dead: by code how many, and one messageId. */
void settle_log_dead(const struct settling *s, const char *destination);

/* Calls each with every item in it. */
void settle_each(const struct settling *s, void (*each)(void *arg, struct item *item), void *arg);

/* Frees it with the items in it. */
void settle_done(struct settling *s);

#endif
