/*
 * answer_lookup: the step after a look-up.  The result decides whether a group's record is updated
 * or created, or has to wait.
 *
 * Threads: the scheduler's.  Memory: the decision points into the call's rows.
 * Errors:  out of memory makes the decision DECIDE_FAILED.
 */
#ifndef DELIVERY_ANSWER_LOOKUP_H
#define DELIVERY_ANSWER_LOOKUP_H

#include "delivery/decision.h"
#include "delivery/destination.h"
#include "delivery/match.h"

#define ABSENT_MS 10000 /* for this long a look-up that found nothing is not repeated */

/* Which rows belong to which groups: one match for each key in the query; mem_free it.  NULL: out
   of memory; or the call has failed after all, because a row matches none of the keys. */
MUST_USE struct match *answer_lookup_match(const struct destination *d, struct call *call);

/* The ith group of the call, with matches as above. */
struct decision answer_lookup(struct destination *d, const struct call *call, size_t i,
                              const struct match *matches);

#endif
