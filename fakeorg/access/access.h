/*
 * access: who may use the org, and how much: session, sign-ins, limits, calls counted.
 *
 * The real service counts only calls that have run for 20 seconds (limits sheet,
 * "Concurrent API Request Limits"); a limit on all concurrent calls may be set as well.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  plain values, except the list of running calls, which live in their requests.
 */
#ifndef FAKEORG_ACCESS_ACCESS_H
#define FAKEORG_ACCESS_ACCESS_H

#include <stdint.h>

#include "base/err.h"
#include "fakeorg/access/orglimits.h"
#include "fakeorg/access/quota.h"
#include "fakeorg/access/running.h"
#include "fakeorg/access/session.h"
#include "fakeorg/access/signin.h"
#include "fakeorg/api/error.h"
#include "fakeorg/api/operation.h"
#include "fakeorg/api/quirks.h"

struct access {
    struct session session;
    struct limits limits, first_limits; /* as configured at the start */
    struct quota quota;
    struct signin signin;
    struct running_calls running;
};

/* A request to be checked. */
struct access_request {
    enum operation operation;
    const char *session_id; /* or NULL */
    const struct quirks *quirks;
    int64_t now_ms; /* of the org's clock */
    struct api_error *error;
};

/* Counts the request and returns 0, or -1 with the error that refuses it. */
MUST_USE int access_check(struct access *access, const struct access_request *request);

/* The session that a sign-in returns: the current one, or a new one. */
const char *access_open_session(struct access *access, const char *org_id, int64_t now_ms);

/* Resets the limits to those of the start. */
void access_reset_limits(struct access *access);

#endif
