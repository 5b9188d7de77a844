/*
 * due: the clock by which deliveries are postponed and come due.  An earlier run may have postponed
 * them with a clock that was ahead; then this run reads due times with a clock equally far ahead.
 *
 * Threads: the scheduler's.  Memory: none.  Units: ms.
 */
#ifndef DELIVERY_DUE_H
#define DELIVERY_DUE_H

#include "delivery/destination.h"

/* Now, by that clock. */
int64_t due_now(const struct destination *d);

/* The longest that anything is postponed at once. */
int64_t due_longest_wait(const struct destination *d);

/* When the next postponed delivery comes due, mono; INT64_MAX: there is none. */
int64_t due_next(struct destination *d);

/* Whether something in the store is due and has not been read. */
bool due_waits(struct destination *d);

#endif
