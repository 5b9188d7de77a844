/*
 * calls: the operations of the SOAP API, one function each.
 *
 * A new one is a name in api/operation.h, a function here and a row in calls.c.
 *
 * Threads: they run with the service's lock held.
 */
#ifndef FAKEORG_SOAP_CALLS_H
#define FAKEORG_SOAP_CALLS_H

#include "fakeorg/soap/sequence.h"
#include "fakeorg/soap/soap_call.h"

struct soap_operation {
    int (*run)(struct soap_call *call);
    unsigned headers;                   /* those that it declares, of enum header_bit */
    const char *children[SEQUENCE_MAX]; /* of its element */
};

/* The row of an operation, which must be one that is known. */
const struct soap_operation *soap_operation(enum operation operation);

#endif
