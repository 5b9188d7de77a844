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

static void fail_without_line(struct call *call, const struct err *err)
{
    call->rc = -1;
    call->fault = (struct org_fault){.class = ORG_RETRY, .advice = ""};
    snprintf(call->fault.code, sizeof call->fault.code, "CONNECTION");
    snprintf(call->fault.message, sizeof call->fault.message, "%s", err->text);
}

void *worker_main(void *destination)
{
    struct destination *d = destination;
    struct org_line *line = NULL;
    struct call *call;

    while ((call = queue_take(d->ready, INT64_MAX)) != NULL) {
        struct err err;
        if (line == NULL)
            line = d->api->line_open(d->org, &err);
        if (line != NULL)
            call_carry(call, d->api, line);
        else
            fail_without_line(call, &err);
        mail_answered(d, call);
    }
    if (line != NULL)
        d->api->line_close(line);
    return NULL;
}
