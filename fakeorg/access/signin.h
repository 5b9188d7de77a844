/*
 * signin: checks the password and limits the attempts.
 *
 * Sources: SOAP API guide, login(); help 000381578 (3,600 sign-ins an hour); recorded
 * refusals.
 *
 * Threads: whoever holds the service's lock.  Memory: plain values.
 */
#ifndef FAKEORG_ACCESS_SIGNIN_H
#define FAKEORG_ACCESS_SIGNIN_H

#include <stdint.h>

#include "base/err.h"
#include "fakeorg/access/orglimits.h"
#include "fakeorg/access/quota.h"
#include "fakeorg/api/error.h"
#include "fakeorg/api/quirks.h"

struct signin {
    struct window hour;
    unsigned wrong;          /* consecutive wrong passwords */
    int64_t locked_until_ms; /* by the org's clock */
};

/* The credentials of the org's user. */
struct credentials {
    const char *username, *password, *token;
};

/* The credentials that a client sent: the security token directly follows the password. */
struct signin_attempt {
    const char *username, *password;
    const struct quirks *quirks;
    int64_t now_ms; /* of the org's clock */
    struct api_error *error;
};

/* Clears sign-ins, wrong passwords and the lockout. */
void signin_reset(struct signin *signin);

/* 0, or -1 with the error that refuses the sign-in. */
MUST_USE int signin_check(struct signin *signin, const struct limits *limits,
                          const struct credentials *user, const struct signin_attempt *attempt);

#endif
