/*
 * call: one request to the org and its answer, whatever it asks for.
 *
 * Here stand, once for all kinds: the session and its one renewal, counting, the limits
 * that answers carry, telling answers from faults, and when an outcome is unknown.
 */
#ifndef SALESFORCE_SOAP_CALL_H
#define SALESFORCE_SOAP_CALL_H

#include "base/buf.h"
#include "salesforce/faults.h"
#include "salesforce/org_state.h"
#include "salesforce/soap/read.h"

enum call_kind { CALL_SIGN_IN, CALL_DESCRIBE, CALL_FIND, CALL_CREATE, CALL_UPDATE, CALL_KINDS };

struct call {
    enum call_kind kind;
    const char *answer; /* name of the element expected in the Body */
    const void *what;   /* for write */

    /* Writes a whole envelope. */
    void (*write)(struct buf *out, const struct org_connection *connection, const void *what);
};

/* Sends the call on the connection's session, renewing it once.  The answer, or NULL with *fault
   filled and counted. */
MUST_USE struct soap_doc *call_run(struct org_connection *connection, const struct call *call,
                                   struct org_fault *fault);

/* One request to url, without a session's care; signing in goes through here. */
MUST_USE struct soap_doc *call_once(struct org_connection *connection, const char *url,
                                    const struct call *call, struct org_fault *fault);

/* An answer whose reader failed: ERR_FULL when it holds too many (or, of a save, not as many)
   results, ERR_INVALID when it cannot be true.  Marks the outcome as unknown if the call saves,
   counts the fault.  Returns -1. */
int call_unreadable(struct org_connection *connection, const struct call *call,
                    const struct err *err, struct org_fault *fault);

/* LimitInfoHeader: false when the answer has none of type API REQUESTS. */
bool call_read_limits(const struct soap_doc *doc, int64_t *ret_used, int64_t *ret_max);

#endif
