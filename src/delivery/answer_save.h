/*
 * answer_save: the step after a save.  The result for each record decides what happens to its
 * group: one function for each class of result, in one table.
 *
 * Threads: the scheduler's.  Memory: the decision points into the call's results.
 * Errors:  out of memory makes the decision DECIDE_FAILED.
 */
#ifndef DELIVERY_ANSWER_SAVE_H
#define DELIVERY_ANSWER_SAVE_H

#include "delivery/decision.h"
#include "delivery/destination.h"

#define SAME_RECORD_TURNS 3 /* times a record is looked up again before giving up */

/* Before its groups are decided on: counts what the call cost and logs it.  Returns how many
   records were saved. */
size_t answer_save_count(struct destination *d, const struct call *call);

/* The ith group of the call. */
struct decision answer_save(struct destination *d, const struct call *call, size_t i);

#endif
