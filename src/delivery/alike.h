/*
 * alike: keys that the org may treat as equal take turns.  "José" and "Jose" are two keys here, and
 * only the org knows whether it treats them as one.  If both were looked up before either has a
 * record, both would be created.  So among keys that are equal by the loosest comparison
 * (mapping_loose_key), only one at a time is between its look-up and its saved create.  The others
 * wait in order of arrival, and each is then looked up by itself.
 *
 * A group has its turn from its look-up until its record is found or created, or until it gives up.
 * A look-up that found no record is not relied on after the turn.
 *
 * Threads: the scheduler's.  Memory: alike_done frees the table, never groups.
 * Errors:  -1: out of memory, and nothing has changed.
 */
#ifndef DELIVERY_ALIKE_H
#define DELIVERY_ALIKE_H

#include "delivery/groups.h"

struct alike {
    char *loose;
    struct group *turn;    /* whose turn it is */
    struct group *waiting; /* utlist by list_prev and list_next, GROUP_WAITING */
    UT_hash_handle hh;
};

struct alikes {
    struct alike *by_loose; /* uthash */
};

/* The group, which is being decided on, is about to be looked up by a key whose loose form is
   loose.  *ret_waits: it is another group's turn, so this one now waits. */
MUST_USE int alike_take_turn(struct alikes *alikes, struct groups *groups, struct group *group,
                             const char *loose, bool *ret_waits, struct err *err);

/* True when it is another group's turn. */
bool alike_is_taken(const struct alikes *alikes, const struct group *group, const char *loose);

/* True while it is the group's turn: only then may its record be created. */
bool alike_has_turn(const struct group *group);

/* After each decision: the turn ends when the record is known, or when the group makes no further
   progress and another is waiting, which then accumulates. */
void alike_pass_turn(struct alikes *alikes, struct groups *groups, struct group *group);

/* The group is about to be freed: its turn ends in any case. */
void alike_end_turn(struct alikes *alikes, struct groups *groups, struct group *group);

/* Forgets all of them. */
void alike_done(struct alikes *alikes);

#endif
