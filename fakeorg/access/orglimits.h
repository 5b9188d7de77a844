/*
 * orglimits: one table of the org's numeric limits on clients and
 * sign-ins.
 *
 * To add one: a name here and a row in orglimits.c.  Set by --limit NAME=VALUE and by
 * POST /_fakeorg/limits.  Choices between behaviours are quirks (quirks.h).
 *
 * Threads: plain values; the service's are protected by its lock.
 */
#ifndef FAKEORG_ACCESS_ORGLIMITS_H
#define FAKEORG_ACCESS_ORGLIMITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum limit_id {
    LIMIT_DAILY_CALLS,
    LIMIT_DAILY_GRACE,
    LIMIT_CONCURRENT_CALLS,
    LIMIT_LONG_CALLS,
    LIMIT_LONG_CALL_SECONDS,
    LIMIT_SESSION_MINUTES,
    LIMIT_LOGINS_PER_HOUR,
    LIMIT_WRONG_PASSWORDS,
    LIMIT_LOCKOUT_MINUTES,
    LIMIT_SIGN_IN,
    LIMIT_TOKEN,
    LIMIT_PASSWORD_EXPIRED,
    LIMITS
};

struct limits {
    int64_t at[LIMITS];
};

/* Sets all to their defaults. */
void limits_init(struct limits *limits);

/* "name=value".  On ERR_INVALID the message says what was expected. */
MUST_USE int limits_set(struct limits *limits, const char *text, struct err *err);

/* The limit called name, len characters of it; LIMITS when there is none. */
enum limit_id limit_named(const char *name, size_t len);

MUST_USE int limit_set(struct limits *limits, enum limit_id id, int64_t value, struct err *err);

/* The members of a JSON object: each limit's value, default and meaning. */
void limits_show(const struct limits *limits, struct buf *out);

#endif
