/*
 * apply: carries decisions out.  The only place where what was decided reaches the groups'
 * lists, the queue of calls, the intents and the outcome batch.
 *
 * Threads: the scheduler's.  Memory: takes ownership of nothing; a decision's texts are copied.
 */
#ifndef DELIVERY_APPLY_H
#define DELIVERY_APPLY_H

#include "delivery/decision.h"
#include "delivery/destination.h"

/* The group is being decided on; then it accumulates, is queued, or has ended.  Its events that end
   or wait move to batch. -1, mostly out of memory: what is left of the group accumulates and is
   decided on again; nothing is lost. */
MUST_USE int apply_decision(struct destination *d, struct group *group,
                            const struct decision *decision, struct outcome_batch *batch,
                            struct err *err);

/* Queues two calls of half the size.  -1: out of memory, and the call is as it was. */
MUST_USE int apply_halve(struct destination *d, struct call *call, struct err *err);

#endif
