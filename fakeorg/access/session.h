/*
 * session: the sign-in of the org's one user.  All clients of the user share one
 * session, as on the real service (SOAP API guide, "Implementation considerations").
 *
 * Threads: whoever holds the service's lock.  Memory: plain values.
 */
#ifndef FAKEORG_ACCESS_SESSION_H
#define FAKEORG_ACCESS_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#define SESSION_ID_MAX 128

struct session {
    char id[SESSION_ID_MAX]; /* "" if none */
    int64_t ends_ms;         /* by the org's clock */
};

/* Which use extends the session. */
enum session_life { SESSION_ANY_USE, SESSION_LATE_USE, SESSION_NO_USE };

/* The session id that a sign-in returns: the current one, or a new one. */
const char *session_open(struct session *session, const char *org_id, int64_t now_ms,
                         int64_t life_ms);

/* True when id is the current session; life says whether this use extends it. */
bool session_use(struct session *session, const char *id, int64_t now_ms, int64_t life_ms,
                 enum session_life life);

void session_expire(struct session *session);

#endif
