/*
 * call: one SOAP call on its way through an operation.
 *
 * Each operation is a function in a file of its own, call_*.c, and a row of the
 * table in calls.c.  It reads call->request and appends its <result> elements to
 * call->out, or sets call->error and returns -1; then what it wrote is dropped.
 *
 * Threads: the function runs with the service's lock held.
 * Memory:  what lives as long as the call is taken from call->arena.
 */
#ifndef FAKEORG_SOAP_CALL_H
#define FAKEORG_SOAP_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include "fakeorg/access/admission.h"
#include "fakeorg/api/error.h"
#include "fakeorg/api/operation.h"
#include "fakeorg/soap/headers.h"
#include "fakeorg/soap/sequence.h"
#include "fakeorg/org/service.h"
#include "fakeorg/soap/xml_read.h"
#include "fakeorg/soap/xml_write.h"

#define CALL_MAX_RECORDS 200

struct call {
    struct service *service;
    struct arena *arena;
    int version;      /* of the address: 64 for /services/Soap/u/64.0 */
    const char *host; /* as the client wrote it, "127.0.0.1:9090" */
    size_t request_bytes;
    bool has_action;          /* header SOAPAction was there */
    struct xml_node *request; /* the element in the Body */
    enum operation operation; /* that it asks for; OPERATIONS for none known */
    struct headers headers;
    struct switches switches; /* the service's, and what a fault changed for this call */
    int socket;               /* of the client's connection; 0: none */
    struct fault fault;       /* what a fault on demand does to the call */
    struct buf *out;
    struct api_error *error;
    struct running running; /* among the calls being answered */
    size_t records;         /* written or read, for the latency */
    size_t failed;          /* of those, refused */
    const char *refusal;    /* "CODE: message" of the first of them; NULL without */
    uint64_t number;        /* in the log of calls */
};

struct soap_operation {
    int (*run)(struct call *call);
    unsigned headers;                   /* those that it declares, of enum header_bit */
    const char *children[SEQUENCE_MAX]; /* of its element */
};

/* The row of an operation, which must be one that is known. */
const struct soap_operation *soap_operation(enum operation operation);

int call_login(struct call *call);
int call_logout(struct call *call);
int call_get_user_info(struct call *call);
int call_get_server_timestamp(struct call *call);
int call_describe_global(struct call *call);
int call_describe_sobjects(struct call *call);
int call_query(struct call *call);
int call_query_all(struct call *call);
int call_query_more(struct call *call);
int call_retrieve(struct call *call);
int call_create(struct call *call);
int call_update(struct call *call);
int call_upsert(struct call *call);
int call_delete(struct call *call);
int call_convert_lead(struct call *call);

/* The text of a child of the request; sets the fault when it is missing. */
const char *call_argument(struct call *call, const char *name);

/* The InvalidFieldFault of create and update.  Returns -1. */
int call_unknown_field(struct call *call, const struct object *object, const char *name);

/* A value as SOAP shows it, as an element of the record. */
void call_write_value(struct buf *out, const struct record *record, const struct field *field);

#endif
