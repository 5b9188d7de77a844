/*
 * answer_fault: the step after a call that failed as a whole.  Its class says whether the cause is
 * temporary, the schema, or one of the records, which is then found by halving the call.
 *
 * Threads: the scheduler's.  Memory: decisions point into the call's fault.  Errors: none.
 */
#ifndef DELIVERY_ANSWER_FAULT_H
#define DELIVERY_ANSWER_FAULT_H

#include "delivery/decision.h"
#include "delivery/destination.h"

enum fault_decision {
    FAULT_WAIT,   /* all of its groups wait: answer_fault_wait says how */
    FAULT_HALVE,  /* one of its records is at fault: two calls of half the size */
    FAULT_SINGLE, /* its only group is at fault: answer_fault_single says how */
    FAULT_REPEAT  /* once more, with the schema that has been requested */
};

enum fault_decision answer_fault(struct destination *d, struct call *call);

struct decision answer_fault_wait(const struct destination *d, const struct call *call, size_t i);
struct decision answer_fault_single(struct destination *d, const struct call *call);

#endif
