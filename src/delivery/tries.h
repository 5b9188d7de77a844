/*
 * tries: whether a failure that may pass by itself lasts, so that its record is to blame.
 *
 * It lasts when it came back FEW_TRIES times while other records were saved, or MANY_TRIES
 * times in any case.  During an outage nothing else is saved either, and nobody is blamed
 * for it.  Kept apart from the attempts in a receipt, which count every call.
 *
 * Threads: the scheduler's.  Memory: tries_done frees it.  Limits: TRIES_MAX deliveries;
 * past them all counts begin anew, which only means more tries.
 */
#ifndef DELIVERY_TRIES_H
#define DELIVERY_TRIES_H

#include <stdint.h>

#include "base/hash.h"

#define FEW_TRIES  3
#define MANY_TRIES 12
#define TRIES_MAX  10000

struct tries {
    int64_t seq;
    int count;
    int64_t first_ms; /* mono */
    UT_hash_handle hh;
};

/* Counts one more failure of that delivery and says whether it lasts.  last_saved_ms: when
   the destination last saved any record, mono. */
bool tries_last(struct tries **tries, int64_t seq, int64_t last_saved_ms);

void tries_done(struct tries **tries);

#endif
