/*
 * connection: one keep-alive connection to the org's hosts, over libcurl.
 *
 * TLS 1.2 and later with the system's certificates; plain http to this machine alone; no
 * redirect is followed; HTTP/1.1.  Bodies go out gzipped above a kilobyte and may come
 * back so; the answer is bounded after unpacking.
 *
 * A request is sent at most once: libcurl's own habit of sending again on a fresh
 * connection when a kept one breaks is suppressed once a byte of the body has gone out.
 *
 * Threads: a connection belongs to one thread at a time.
 */
#ifndef SALESFORCE_TRANSPORT_H
#define SALESFORCE_TRANSPORT_H

#include "base/buf.h"
#include "salesforce/org_state.h"

MUST_USE int transport_init(struct org_connection *connection, struct err *err);
void transport_done(struct org_connection *connection);

struct transport_answer {
    long status;
    struct buf body; /* bounded by whoever initialises it */
    bool sent;       /* the request may have reached the server, answer or not */
};

/* Posts body as XML.  0 when a whole answer came, whatever its status; else -1. */
MUST_USE int transport_post(struct org_connection *connection, const char *url, const char *body,
                            size_t len, struct transport_answer *answer, struct org_fault *fault);

#endif
