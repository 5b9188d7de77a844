/*
 * accumulate: reads waiting events from the store, maps them, and adds them to groups, as far as
 * there is capacity.
 *
 * Threads: the scheduler's.  Memory: what is read is in hand, and belongs to its group.
 * Limits:  those of in_hand.h; TAKE_MAX deliveries a read.
 */
#ifndef DELIVERY_ACCUMULATE_H
#define DELIVERY_ACCUMULATE_H

#include "delivery/destination.h"

#define TAKE_MAX 2000 /* deliveries a read */

/* -1: the store could not be read, or out of memory; retrying loses nothing. */
MUST_USE int accumulate_read(struct destination *d, struct err *err);

#endif
