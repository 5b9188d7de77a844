/*
 * login: a session for a name and a password, whatever protocol asks for one.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_ORG_LOGIN_H
#define FAKEORG_ORG_LOGIN_H

#include "fakeorg/org/request.h"

/* The id of the session, a loan of the org; NULL with the error.  The security token comes
   right after the password. */
MUST_USE const char *login(struct request *request, const char *username, const char *password);

/* For every client of the user: they share the session. */
void logout(struct request *request);

#endif
