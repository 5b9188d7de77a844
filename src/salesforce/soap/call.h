/*
 * call: one SOAP request and its answer, whatever it asks for: where it goes, how an answer
 * differs from a fault, when an outcome is unknown, and the limits that answers report.
 *
 * Threads: any, each with its own connection.  Errors: NULL or -1 with *fault filled.
 */
#ifndef SALESFORCE_SOAP_CALL_H
#define SALESFORCE_SOAP_CALL_H

#include "base/buf.h"
#include "salesforce/counts.h"
#include "salesforce/faults.h"
#include "salesforce/org_state.h"
#include "salesforce/soap/read.h"

/* The API's version for login() and, where a sign-in names no path, for calls.  Later versions
   refuse login(). */
#define SOAP_PATH "/services/Soap/u/64.0"

struct soap_call {
    enum request_kind kind;
    const char *answer; /* name of the element expected in the Body */
    const void *what;   /* for write */

    /* Writes a whole envelope. */
    void (*write)(struct buf *out, const struct org_connection *connection, const void *what);
};

/* Sends the call on the connection's session, renewing it once. */
MUST_USE struct soap_doc *soap_call_run(struct org_connection *connection,
                                        const struct soap_call *call, struct org_fault *fault);

/* One request to url, without a session's care; signing in goes through here. */
MUST_USE struct soap_doc *soap_call_once(struct org_connection *connection, const char *url,
                                         const struct soap_call *call, struct org_fault *fault);

/* An answer whose reader failed, as fault_from_reading has it; counts the fault.  Returns -1. */
int soap_call_unreadable(struct org_connection *connection, const struct soap_call *call,
                         const struct err *err, struct org_fault *fault);

/* LimitInfoHeader: false when the answer has none of type API REQUESTS. */
bool soap_call_limits(const struct soap_doc *doc, int64_t *ret_used, int64_t *ret_max);

#endif
