/*
 * accumulate: reads what waits in the store, maps it, and puts it into groups, as far as there is
 * capacity.
 *
 * Threads: the scheduler's.  Memory: what is read is in hand, and its group's.
 * Limits:  those of in_hand.h; TAKE_MAX deliveries a read.
 */
#ifndef DELIVERY_ACCUMULATE_H
#define DELIVERY_ACCUMULATE_H

#include "delivery/destination.h"

#define TAKE_MAX 2000 /* deliveries a read */

/* -1: the store could not be read, or out of memory; nothing is lost by trying again. */
MUST_USE int accumulate_read(struct destination *d, struct err *err);

#endif
