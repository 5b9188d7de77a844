/*
 * login: signing in by login() with user name, password and security token (SOAP guide, login()).
 * The session serves any back end.
 *
 * Threads: any, each with its own connection.
 */
#ifndef SALESFORCE_SOAP_LOGIN_H
#define SALESFORCE_SOAP_LOGIN_H

#include "base/buf.h"
#include "salesforce/org_state.h"
#include "salesforce/soap/read.h"

extern const struct signin_method login_with_password;

void login_write(struct buf *out, const struct org_connection *connection, const void *what);

/* Reads a loginResponse.  -1 also when it succeeded and is still of no use: password
   expired, an address that is not allowed. */
MUST_USE int login_read(const struct soap_node *response, struct session *ret,
                        struct org_fault *fault);

#endif
