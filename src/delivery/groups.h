/*
 * groups: all groups of a destination, by key and by record, and the states they go through.
 *
 *              +--> UNRESOLVED, RESOLVED or WAITING --+
 *              |                                      v
 *   made --> DECIDING <-------------------------------+
 *            ^ |  ^ |
 *            | |  | +--> QUEUED --> IN_FLIGHT
 *            | v  |         |           |
 *           ENDED +---------+-----------+
 *              |
 *              +--> freed
 *
 * Threads: the scheduler's.  Memory: the groups belong to this table.
 * Errors:  -1 or NULL: out of memory, and nothing has changed.
 */
#ifndef DELIVERY_GROUPS_H
#define DELIVERY_GROUPS_H

#include "delivery/group.h"

struct group_list { /* utlist, in the order they came */
    struct group *first;
    size_t count;
};

struct groups {
    struct group *by_key;
    struct group *by_record; /* those that have claimed a record: claim.h */
    struct group_list unresolved, resolved;
};

/* Takes the group to that state, and onto or off the list that goes with it.  Only the steps
   in the picture are legal: any other is a bug and aborts the process. */
void group_change_state(struct groups *groups, struct group *group, enum group_state to);
bool group_may_change(enum group_state from, enum group_state to);

/* From DECIDING: it accumulates, resolved when its record is known. */
void groups_accumulate(struct groups *groups, struct group *group);

struct group *groups_find(const struct groups *groups, const char *key);

/* Finds or creates it. */
MUST_USE struct group *groups_get(struct groups *groups, const char *key,
                                  const struct binding *binding);

/* Whether next compares a look-up value of any group by other rules than before. */
bool groups_keys_change(const struct groups *groups, const struct schema *before,
                        const struct schema *next);

/* Frees the group; it must be on no list and in no call. */
void groups_remove(struct groups *groups, struct group *group);

/* Frees all of them, wherever they are. */
void groups_done(struct groups *groups);

#endif
