/*
 * session: who is signed in, for how long, and who signs in next.
 *
 * One session for all connections of an org.  At most one connection signs in at a time; the others
 * wait for the result or, when it only renews a session that is still good, continue with
 * the old one.  Threads: any, each with its own connection.
 */
#ifndef SALESFORCE_SESSION_H
#define SALESFORCE_SESSION_H

#include "salesforce/org_state.h"

/* Gives the connection the org's session, signing in when there is none or it is old.  -1 with
   the stop, or with why the sign-in failed. */
MUST_USE int session_take(struct org_connection *connection, struct org_fault *fault);

/* The org no longer knows the connection's session: forget it, unless somebody renewed it. */
void session_lost(struct org_connection *connection);

/* How a call on the connection's session ended; fault NULL: well.  A server that for a minute is
   not there, or not the API, may have been replaced by another, which a sign-in would name: true
   when one is due, and session_take then does it.  Until it has been tried the fault does not
   stop the org.  Never within a minute of a sign-in, because that has just named the server. */
bool session_ended(struct org_connection *connection, struct org_fault *fault);

/* Stops the org with this fault. */
void session_stop(struct org *org, const struct org_fault *fault);

/* Signed out, not stopped. */
void session_reset(struct org *org);

#endif
