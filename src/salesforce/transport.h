/*
 * transport: one keep-alive connection to the org's hosts, over libcurl; it knows nothing of any
 * API.
 *
 * TLS 1.2 and later with the system's certificates; plain http only to this machine;
 * redirects are not followed; HTTP/1.1.  Bodies go out gzipped above a kilobyte and may come
 * back so; the answer is bounded after unpacking.
 *
 * A request is sent at most once: libcurl's retry on a new connection when a kept
 * one breaks is suppressed once a byte of the body has been sent.
 *
 * Threads: a transport belongs to one thread at a time.  Ownership: requests borrow their texts.
 * Errors: -1 with *fault filled.
 */
#ifndef SALESFORCE_TRANSPORT_H
#define SALESFORCE_TRANSPORT_H

#include <curl/curl.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "salesforce/org_values.h"

struct transport {
    CURL *curl;
    const atomic_bool *interrupted; /* a request in flight ends within about a second once it is
                                       true, and no other starts */
};

MUST_USE int transport_init(struct transport *transport, int64_t timeout_ms,
                            const atomic_bool *interrupted, struct err *err);
void transport_done(struct transport *transport);

struct transport_request {
    const char *url;
    const char *const *headers; /* "Content-Type: text/xml", ... */
    size_t header_count;
    const char *body;
    size_t len;
};

struct transport_answer {
    long status;
    struct buf body; /* bounded by whoever initialises it */
    bool sent;       /* the request may have reached the server, answer or not */
};

/* Posts the body.  0 when a whole answer came, whatever its status; else -1. */
MUST_USE int transport_post(struct transport *transport, const struct transport_request *request,
                            struct transport_answer *answer, struct org_fault *fault);

#endif
