/*
 * fault: why a whole call is refused.
 *
 * A function that can refuse takes a struct fault last and returns 0 or -1, as
 * with struct err.  The element that stands in the answer's detail follows from
 * the kind (WSDL, urn:fault.partner.soap.sforce.com).
 *
 * Threads: a struct fault belongs to its caller.  Memory: plain value.
 */
#ifndef FAKEORG_API_FAULT_H
#define FAKEORG_API_FAULT_H

#include "base/buf.h"
#include "base/err.h"

enum fault_kind {
    FAULT_UNEXPECTED,    /* UnexpectedErrorFault, for all without a class of their own */
    FAULT_LOGIN,         /* LoginFault */
    FAULT_FIELD,         /* InvalidFieldFault, has row and column */
    FAULT_SOBJECT,       /* InvalidSObjectFault, has row and column */
    FAULT_QUERY,         /* MalformedQueryFault, has row and column */
    FAULT_QUERY_LOCATOR, /* InvalidQueryLocatorFault */
    FAULT_ID,            /* InvalidIdFault */
    FAULT_CLIENT         /* soapenv:Client, of the XML layer: no code, no detail */
};

struct fault {
    enum fault_kind kind;
    const char *code; /* an ExceptionCode of the WSDL; NULL for FAULT_CLIENT */
    int row, column;  /* 1-based, or -1 where there is none */
    char message[2048];
};

/* Says what is wrong; a longer message is cut between characters.  Returns -1. */
int fault_fill(struct fault *fault, enum fault_kind kind, const char *code, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* The fault of an org that has no memory left.  Returns -1. */
int fault_memory(struct fault *fault);

#endif
