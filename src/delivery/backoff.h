/*
 * backoff: how long to wait before the next try.  Full jitter: uniform between just above zero and
 * a bound that doubles with each failure, so that many waiters spread out.
 *
 * Threads: any.
 */
#ifndef DELIVERY_BACKOFF_H
#define DELIVERY_BACKOFF_H

#include <stdint.h>

/* failures: how many tries have failed, 1 or more.  In milliseconds, at least 1. */
int64_t backoff_ms(int failures, int64_t first_ms, int64_t longest_ms);

#endif
