#include <stdio.h>

#include <utlist.h>

#include "delivery/destination.h"

void mail_answered(struct destination *d, struct call *call)
{
    pthread_mutex_lock(&d->mail.mutex);
    DL_APPEND(d->mail.answered, call);
    pthread_cond_broadcast(&d->mail.arrived); /* who waits for the end waits there too */
    pthread_mutex_unlock(&d->mail.mutex);
}

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
            connection = d->api->connection_open(d->org, &err);
        if (connection != NULL)
            call_execute(call, d->api, connection);
        else
            fail_without_connection(call, &err);
        mail_answered(d, call);
    }
    if (connection != NULL)
        d->api->connection_close(connection);
    return NULL;
}
