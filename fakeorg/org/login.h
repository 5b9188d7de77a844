/*
 * login: signs in with username and password, for any protocol.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_ORG_LOGIN_H
#define FAKEORG_ORG_LOGIN_H

#include "fakeorg/org/request.h"

/* The session id, owned by the org; NULL with the error.  The security token directly
   follows the password. */
MUST_USE const char *login(struct request *request, const char *username, const char *password);

/* Ends the session that all clients of the user share. */
void logout(struct request *request);

#endif
