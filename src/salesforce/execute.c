/* execute: one request of a back end on the org's session, with its one renewal. */
#include "salesforce/execute.h"

#include <string.h>

#include "salesforce/counts.h"
#include "salesforce/session.h"

/* Why a fresh session would be refused just as well; NULL: it need not be. */
static const char *refused_for_good(const struct org_connection *connection)
{
    const struct org_backend *backend = connection->org->backend;

    return backend->refuses_session != NULL ? backend->refuses_session(&connection->session) : NULL;
}

static void stop(struct org_connection *connection, struct org_fault *fault)
{
    const char *advice = refused_for_good(connection);

    fault->class = ORG_STOP;
    if (advice != NULL)
        fault->advice = advice;
    session_stop(connection->org, fault);
}

int execute(struct org_connection *connection, execute_once *once, void *request,
            struct org_fault *fault)
{
    for (bool renewed = false;; renewed = true) {
        int rc;

        if (session_take(connection, fault) < 0)
            return -1;
        rc = once(connection, request, fault);
        if (rc < 0)
            counts_fault(connection->org, fault);
        if (session_ended(connection, rc == 0 ? NULL : fault) && !renewed &&
            !fault->outcome_unknown)
            continue;
        if (rc == 0)
            return 0;
        if (strcmp(fault->code, "INVALID_OPERATION_WITH_EXPIRED_PASSWORD") == 0)
            stop(connection, fault);
        if (strcmp(fault->code, "INVALID_SESSION_ID") != 0)
            return -1;
        if (renewed || refused_for_good(connection) != NULL) {
            stop(connection, fault);
            return -1;
        }
        session_lost(connection);
    }
}
