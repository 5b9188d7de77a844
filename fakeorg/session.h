/*
 * session: the sign-in of the org's one user.  All clients of the user share one
 * session, as in life (SOAP API guide, "Implementation considerations").
 *
 * Threads: whoever holds the service's lock.  Memory: plain values.
 */
#ifndef FAKEORG_SESSION_H
#define FAKEORG_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#define SESSION_ID_MAX       128
#define SESSION_LIFE_SECONDS 7200

struct session {
    char id[SESSION_ID_MAX]; /* "" when there is none */
    int64_t ends_ms;         /* by clock_mono */
};

/* The session id that a sign-in hands out: the one that lives, or a new one. */
const char *session_open(struct session *session, const char *org_id);

/* True when id is the living session; using it makes it live on. */
bool session_use(struct session *session, const char *id);

void session_expire(struct session *session);

#endif
