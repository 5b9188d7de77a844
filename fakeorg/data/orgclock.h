/*
 * orgclock: the org's current time.
 *
 * The org's clock is the machine's plus an offset, which tests set with
 * POST /_fakeorg/clock.  Record timestamps, sessions, locators and limits all
 * use it.  Latency uses real time.
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

/* Now in the form of a record's dateTime, truncated to the second, and of its date. */
void orgclock_stamp(const struct orgclock *clock, char ret[ISOTIME_MAX]);
void orgclock_today(const struct orgclock *clock, char ret[ISOTIME_MAX]);

/* Moves the clock by a span such as "24h", "90s", "-2d", "1d12h" (w, d, h, m, s, ms).  ERR_INVALID.
 */
MUST_USE int orgclock_advance(struct orgclock *clock, const char *by, struct err *err);

/* Sets it to a date or a dateTime; without a zone it is UTC.  ERR_INVALID. */
MUST_USE int orgclock_set(struct orgclock *clock, const char *to, struct err *err);

/* Back to the machine's time. */
void orgclock_reset(struct orgclock *clock);

#endif
