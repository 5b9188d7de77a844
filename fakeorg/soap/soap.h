/*
 * soap: a request at /services/Soap/u/NN.0 answered, without the HTTP around it.
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
    const char *host;         /* header Host */
    const char *content_type; /* NULL without */
    bool has_action;          /* header SOAPAction was there */
    const char *body;
    size_t len;
    int socket;                 /* its connection; 0: none */
    struct response_mode *mode; /* where is told how to send the answer; NULL: nowhere */
};

/* Appends the answer to out, after the latency asked for (nothing where the mode
   needs nothing); returns the HTTP status, 500 for every fault. */
unsigned soap_answer(struct service *service, const struct soap_request *request, struct buf *out);

#endif
