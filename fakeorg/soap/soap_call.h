/*
 * soap_call: one SOAP request as an operation processes it.
 *
 * Each operation is a function in a call_*.c file and a row of the table in
 * calls.c.  It reads call->body and appends its <result> elements to call->out, or sets
 * call->request.error and returns -1; then its output is dropped.
 *
 * Threads: the function runs with the service's lock held.
 * Memory:  what must live as long as the call comes from call->request.arena.
 */
#ifndef FAKEORG_SOAP_SOAP_CALL_H
#define FAKEORG_SOAP_SOAP_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include "fakeorg/org/request.h"
#include "fakeorg/soap/headers.h"
#include "fakeorg/soap/xml_read.h"
#include "fakeorg/soap/xml_write.h"

#define CALL_MAX_RECORDS 200

struct soap_call {
    struct request request;
    const char *host;      /* as the client wrote it, "127.0.0.1:9090" */
    bool has_action;       /* whether there was a SOAPAction header */
    struct xml_node *body; /* the element in the Body */
    struct headers headers;
    struct buf *out;
};

/* How its records are saved, according to its headers. */
struct save_context soap_save_context(const struct soap_call *call);

/* The text of a child of the request; sets the error when it is missing. */
const char *call_argument(struct soap_call *call, const char *name);

/* The InvalidFieldFault of create and update.  Returns -1. */
int call_unknown_field(struct soap_call *call, const struct object *object, const char *name);

#endif
