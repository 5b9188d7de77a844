/*
 * execute: one request of a back end on the org's session: signs in when there is none, renews it
 * once when the org no longer knows it, stops the org when that does not help, records every fault.
 *
 * Threads: any, each with its own connection.
 */
#ifndef SALESFORCE_EXECUTE_H
#define SALESFORCE_EXECUTE_H

#include "salesforce/org_state.h"

/* Sends request once, on connection->session, and reads the answer.  0, or -1 with *fault filled.
   It is called a second time on another session after INVALID_SESSION_ID, or after a fault that
   left nothing unknown. */
typedef int execute_once(struct org_connection *connection, void *request, struct org_fault *fault);

MUST_USE int execute(struct org_connection *connection, execute_once *once, void *request,
                     struct org_fault *fault);

#endif
