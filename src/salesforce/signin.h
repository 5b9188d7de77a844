/*
 * signin: what a sign-in gives, and the ways of signing in.
 *
 * Separate from the back ends, because a session works for all of them: the session Id of a login()
 * serves REST as well, an access token of OAuth serves SOAP.
 *
 * Threads: any.  Ownership: a session owns its texts; session_done wipes and frees them.
 */
#ifndef SALESFORCE_SIGNIN_H
#define SALESFORCE_SIGNIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct org_connection;
struct org_fault;

struct session {
    char *id;            /* goes out with every request: a session Id or an access token */
    char *server_url;    /* where calls go; with a path or, like OAuth's instance_url, without */
    int64_t lifetime_ms; /* how long it is valid at least; 0: not known */
    char user_id[20], org_id[20], organization[80]; /* "": not known */
};

void session_done(struct session *session);

/* The server's address without a path, "https://na1.example": how many bytes of url it has; 0 when
   url is not a URL. */
size_t session_instance_length(const char *url);

struct signin_method {
    const char *name; /* "password" */

    /* Signs in at the org's login_url.  The caller makes sure that only one connection does, and
       that the session goes to no server but Salesforce's. */
    int (*run)(struct org_connection *connection, struct session *ret, struct org_fault *fault);
};

#endif
