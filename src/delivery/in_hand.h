/*
 * in_hand: the deliveries that have been read and whose outcome is not in the store yet.
 *
 * Threads: the scheduler's.  Memory: items belong to their groups, or to an outcome batch.
 * Limits:  IN_HAND_MAX deliveries and IN_HAND_MAX_BYTES of their texts; the rest waits in the
 *          store.
 */
#ifndef DELIVERY_IN_HAND_H
#define DELIVERY_IN_HAND_H

#include "delivery/group.h"

#define IN_HAND_MAX       20000
#define IN_HAND_MAX_BYTES (64 * 1024 * 1024)

struct in_hand {
    struct item *items; /* uthash by row.seq */
    size_t bytes;
};

MUST_USE int in_hand_add(struct in_hand *in_hand, struct item *item, struct err *err);
void in_hand_remove(struct in_hand *in_hand, struct item *item);
bool in_hand_has(const struct in_hand *in_hand, int64_t seq);
size_t in_hand_count(const struct in_hand *in_hand);
bool in_hand_full(const struct in_hand *in_hand);

/* Forgets all of them; their groups free them. */
void in_hand_done(struct in_hand *in_hand);

#endif
