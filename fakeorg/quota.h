/*
 * quota: how many calls were made, of which kind, and how many are left.
 *
 * Every call is counted by operation.  The calls that count against the daily
 * limit are those of a rolling 24 hours, kept by the minute.
 *
 * Threads: whoever holds the service's lock.  Memory: plain values.
 */
#ifndef FAKEORG_QUOTA_H
#define FAKEORG_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUOTA_MINUTES    1440
#define QUOTA_OPERATIONS 32

struct quota {
    uint64_t daily_limit;
    uint64_t calls[QUOTA_OPERATIONS]; /* by the operation's position in its table */
    uint64_t by_minute[QUOTA_MINUTES];
    uint64_t used;  /* sum of by_minute */
    int64_t minute; /* since 1970: the newest one in by_minute */
};

void quota_init(struct quota *quota, uint64_t daily_limit);

/* Forgets all calls, keeps the limit. */
void quota_reset(struct quota *quota);

/* Takes one call from the daily limit.  false when none is left. */
bool quota_take(struct quota *quota);

#endif
