/*
 * next_step: what comes next for a group whose record may or may not be known: a write, a
 * look-up, or, when the org has refused its key too often, a wait.
 *
 * Threads: the scheduler's.  Memory: texts of the decision are static, or borrowed from the
 * destination's poison records.
 * Errors:  out of memory makes the decision DECIDE_FAILED.
 */
#ifndef DELIVERY_NEXT_STEP_H
#define DELIVERY_NEXT_STEP_H

#include "delivery/decision.h"
#include "delivery/destination.h"

struct decision next_step(const struct destination *d, struct group *group);

/* Before the group waits for its turn among keys that the org may treat as equal: each turn costs a
   separate look-up, so too many in an hour wait longer.  LOOK_UP, WAIT or FAILED. */
struct decision next_step_turn(struct destination *d, struct group *group);

/* The group is to be written with its current items: merges them.  SEND, UNCHANGED, DEAD when they
   cannot make a record, or FAILED. */
struct decision next_step_create(struct destination *d, struct group *group);
struct decision next_step_update(const struct destination *d, struct group *group);

#endif
