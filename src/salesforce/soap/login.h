/*
 * signin: login() with user name, password and security token (SOAP guide, login()).
 */
#ifndef SALESFORCE_SOAP_LOGIN_H
#define SALESFORCE_SOAP_LOGIN_H

#include "base/buf.h"
#include "salesforce/org_state.h"
#include "salesforce/soap/read.h"

/* What a sign-in brings. */
struct signin {
    char *session_id, *server_url;
    char user_id[20], org_id[20], organization[80];
};
void signin_done(struct signin *signin);

/* Signs in at the org's address.  The caller sees to it that only one connection does. */
MUST_USE int signin_run(struct org_connection *connection, struct signin *ret,
                        struct org_fault *fault);

void signin_write(struct buf *out, const struct org_connection *connection, const void *what);

/* Reads a loginResponse.  -1 also when it succeeded and is still of no use: password
   expired, an address not to be trusted. */
MUST_USE int signin_read(const struct soap_node *response, struct signin *ret,
                         struct org_fault *fault);

#endif
