/*
 * address: where a password or a session may be sent.
 *
 * Threads: any.  Out of memory an address is not allowed.
 */
#ifndef SALESFORCE_ADDRESS_H
#define SALESFORCE_ADDRESS_H

#include <stdbool.h>

/* https, or http to localhost, 127.0.0.0/8 or [::1]; no user information. */
bool address_allowed(const char *url);

/* Whether a session may go to the server that a sign-in names: an allowed address in one of
   Salesforce's domains, or of login_url's host (of this machine, when login_url is), and not
   http where login_url is https. */
bool address_trusted(const char *server_url, const char *login_url);

#endif
