/*
 * soap: answers a request to /services/Soap/u/NN.0, independent of HTTP.
 * Threads: any number at once.
 */
#ifndef FAKEORG_SOAP_SOAP_H
#define FAKEORG_SOAP_SOAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "fakeorg/org/service.h"
#include "fakeorg/faults/response_mode.h"

#define SOAP_PATH        "/services/Soap/u/"
#define SOAP_MAX_REQUEST ((size_t)50 * 1024 * 1024)
#define SOAP_MAX_ANSWER  ((size_t)256 * 1024 * 1024)

struct soap_request {
    const char *path;         /* "/services/Soap/u/64.0/00D..." */
    const char *host;         /* the Host header */
    const char *content_type; /* NULL without */
    bool has_action;          /* whether there was a SOAPAction header */
    const char *body;
    size_t len;
    int socket;                 /* of its connection; 0: none */
    struct response_mode *mode; /* set to how to send the answer; or NULL */
};

/* Appends the answer to out (nothing if the mode needs none), after the configured
   latency; returns the HTTP status, 500 for every fault. */
unsigned soap_answer(struct service *service, const struct soap_request *request, struct buf *out);

#endif
