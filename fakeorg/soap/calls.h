/*
 * calls: the operations of the SOAP API, one function each.
 *
 * To add one: a name in api/operation.h, a function and a row in calls.c.
 *
 * Threads: they run with the service's lock held.
 */
#ifndef FAKEORG_SOAP_CALLS_H
#define FAKEORG_SOAP_CALLS_H

#include "fakeorg/soap/sequence.h"
#include "fakeorg/soap/soap_call.h"

struct soap_operation {
    int (*run)(struct soap_call *call);
    unsigned headers;                   /* those that the WSDL declares, of enum header_bit */
    const char *children[SEQUENCE_MAX]; /* of the request element */
};

/* The row of an operation, which must not be OPERATIONS. */
const struct soap_operation *soap_operation(enum operation operation);

#endif
