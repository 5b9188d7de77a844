/*
 * due: the time by which deliveries are put off and come due.  An earlier run may have put them
 * off with a clock that was ahead; then this one reads due times by a clock as far ahead.
 *
 * Threads: the scheduler's.  Memory: none.  Units: ms.
 */
#ifndef DELIVERY_DUE_H
#define DELIVERY_DUE_H

#include "delivery/destination.h"

/* Now, by that clock. */
int64_t due_now(const struct destination *d);

/* The longest that anything is put off at once. */
int64_t due_longest_wait(const struct destination *d);

/* When the next delivery that was put off comes due, mono; INT64_MAX: none was. */
int64_t due_next(struct destination *d);

/* Whether something is due in the store that has not been read. */
bool due_waits(struct destination *d);

#endif
