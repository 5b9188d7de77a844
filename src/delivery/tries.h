/*
 * tries: whether a failure that may pass by itself persists, so that its record is at fault.
 *
 * It persists when it recurred FEW_TRIES times while other records were saved, or MANY_TRIES times
 * in any case.  During an outage nothing else is saved either, and no record is at fault.  Counted
 * by key: the count also holds for a part of a person's events and for the next event.  Separate
 * from the attempts in a receipt, which count every call.
 *
 * Threads: the scheduler's.  Memory: tries_done frees it.  Limits: TRIES_MAX keys; beyond that all
 *          counts start over, which only means more tries.
 */
#ifndef DELIVERY_TRIES_H
#define DELIVERY_TRIES_H

#include <stdint.h>

#include "base/hash.h"

#define FEW_TRIES       3
#define MANY_TRIES      12
#define TRIES_MAX       10000
#define TRIES_FORGET_MS (INT64_C(60) * 60 * 1000) /* after the last failure */

struct tries {
    char *key;
    int count;
    int64_t first_ms, last_ms; /* mono */
    UT_hash_handle hh;
};

/* Counts one more failure of that key's record; true when it persists.  last_saved_ms: when the
   destination last saved any record, mono. */
bool tries_last(struct tries **tries, const char *key, int64_t last_saved_ms);

/* Its record was saved. */
void tries_forget(struct tries **tries, const char *key);

void tries_done(struct tries **tries);

#endif
