/*
 * accumulate: reads what waits in the store, maps it, and puts it into groups, as far as there is
 * capacity.
 *
 * Threads: the scheduler's.
 */
#ifndef DELIVERY_ACCUMULATE_H
#define DELIVERY_ACCUMULATE_H

#include "delivery/destination.h"

#define TAKE_MAX 2000 /* deliveries a read */

/* -1: the store could not be read, or out of memory; nothing is lost by trying again. */
MUST_USE int accumulate_read(struct destination *d, struct err *err);

#endif
