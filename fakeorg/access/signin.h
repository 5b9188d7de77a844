/*
 * signin: who may sign in, and how often.
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
#include "fakeorg/access/quota.h"

struct call;

struct signin {
    struct window hour;
    unsigned wrong;          /* passwords in a row */
    int64_t locked_until_ms; /* by the org's clock */
};

/* Forgets sign-ins, wrong passwords and the lockout. */
void signin_reset(struct signin *signin);

/* 0, or -1 with the error that refuses the sign-in. */
MUST_USE int signin_check(struct call *call, const char *username, const char *password);

#endif
