/* The loop of a worker. */
#include "delivery/worker.h"

#include <stdio.h>

#include "delivery/destination.h"

static void fail_without_connection(struct call *call, const struct err *err)
{
    call->rc = -1;
    call->fault = (struct org_fault){.class = ORG_RETRY, .advice = ""};
    snprintf(call->fault.code, sizeof call->fault.code, "CONNECTION");
    snprintf(call->fault.message, sizeof call->fault.message, "%s", err->text);
}

void *worker_main(void *destination)
{
    struct destination *d = destination;
    struct org_connection *connection = NULL;
    struct call *call;

    while ((call = queue_take(d->ready, INT64_MAX)) != NULL) {
        struct err err;
        if (connection == NULL)
            connection = org_connection_open(d->org, &err);
        if (connection != NULL)
            call_execute(call, connection);
        else
            fail_without_connection(call, &err);
        inbox_post_answer(&d->inbox, call);
    }
    org_connection_close(connection);
    return NULL;
}
