/*
 * alike: keys that the org may call equal take turns.  "José" and "Jose" are two keys here, and
 * only the org knows whether they are one to it.  If both were looked up before either has a
 * record, both would be created.  So of the keys that are equal by the loosest comparison known
 * (mapping_loose_key), one at a time is between its look-up and its saved create: the others
 * wait in the order they came, and each is then looked up by itself.
 *
 * A group has its turn from its look-up until its record is found or made, or until it gives up.
 * What it knows of there being no record ends with its turn.
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

/* The group, which is being decided on, is about to be looked up by a key that is loosely that
   one.  *ret_waits: it is another group's turn, and it waits for its own. */
MUST_USE int alike_take_turn(struct alikes *alikes, struct groups *groups, struct group *group,
                             const char *loose, bool *ret_waits, struct err *err);

/* True when it is another group's turn. */
bool alike_is_taken(const struct alikes *alikes, const struct group *group, const char *loose);

/* True while it is the group's turn: only then may its record be created. */
bool alike_has_turn(const struct group *group);

/* After each decision: the turn ends when the record is known, or when the group goes on no
   further and another waits, which accumulates then. */
void alike_pass_turn(struct alikes *alikes, struct groups *groups, struct group *group);

/* The group is about to go: its turn ends in any case. */
void alike_end_turn(struct alikes *alikes, struct groups *groups, struct group *group);

/* Forgets all of them. */
void alike_done(struct alikes *alikes);

#endif
