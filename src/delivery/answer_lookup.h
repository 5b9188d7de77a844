/*
 * answer_lookup: the step after a look-up.  What was found decides whether a group's record is
 * updated or made, or has to wait.
 *
 * Threads: the scheduler's.  Memory: the decision lends from the call's rows.
 * Errors:  without memory the decision is DECIDE_FAILED.
 */
#ifndef DELIVERY_ANSWER_LOOKUP_H
#define DELIVERY_ANSWER_LOOKUP_H

#include "delivery/decision.h"
#include "delivery/destination.h"
#include "delivery/match.h"

#define ABSENT_MS 10000 /* a look-up that found nothing is not repeated for so long */

/* Which rows belong to which groups: one match a key that the query held; mem_free it.  NULL:
   out of memory; or the call has failed after all, because a row is none that was asked for. */
MUST_USE struct match *answer_lookup_match(const struct destination *d, struct call *call);

/* The ith group of the call, with matches as above. */
struct decision answer_lookup(struct destination *d, const struct call *call, size_t i,
                              const struct match *matches);

#endif
