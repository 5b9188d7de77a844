/*
 * orgclock: what time it is in the org.
 *
 * The org's calendar is that of the machine plus an offset, which tests turn with
 * POST /_fakeorg/clock.  Whatever the org remembers by time reads it here: stamps of
 * records, sessions, locators, limits.  Latency stays real.
 *
 * Threads: any.  Memory: plain value.
 */
#ifndef FAKEORG_DATA_ORGCLOCK_H
#define FAKEORG_DATA_ORGCLOCK_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/err.h"
#include "base/isotime.h"

#define ORGCLOCK_DAY_MS ((int64_t)24 * 3600 * 1000)

struct orgclock {
    atomic_llong offset_ms;
};

/* Milliseconds since 1970-01-01T00:00:00Z. */
int64_t orgclock_now(const struct orgclock *clock);

/* Now as records keep a dateTime, cut to the second, and as they keep a date. */
void orgclock_stamp(const struct orgclock *clock, char ret[ISOTIME_MAX]);
void orgclock_today(const struct orgclock *clock, char ret[ISOTIME_MAX]);

/* By a text such as "24h", "90s", "-2d", "1d12h" (w, d, h, m, s, ms).  ERR_INVALID. */
MUST_USE int orgclock_advance(struct orgclock *clock, const char *by, struct err *err);

/* To a date or a dateTime; without a zone it is UTC.  ERR_INVALID. */
MUST_USE int orgclock_set(struct orgclock *clock, const char *to, struct err *err);

/* Back to the machine's time. */
void orgclock_reset(struct orgclock *clock);

#endif
