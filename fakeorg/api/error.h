/*
 * error: why a whole call is refused.
 *
 * A function that can refuse takes a struct api_error last and returns 0 or -1, as
 * with struct err.  The element in the answer's detail follows from
 * the kind (WSDL, urn:fault.partner.soap.sforce.com).
 *
 * Threads: a struct api_error belongs to its caller.  Memory: plain value.
 */
#ifndef FAKEORG_API_ERROR_H
#define FAKEORG_API_ERROR_H

#include "base/buf.h"
#include "base/err.h"

enum api_error_kind {
    API_ERROR_UNEXPECTED,    /* UnexpectedErrorFault, for everything without its own class */
    API_ERROR_LOGIN,         /* LoginFault */
    API_ERROR_FIELD,         /* InvalidFieldFault, has row and column */
    API_ERROR_SOBJECT,       /* InvalidSObjectFault, has row and column */
    API_ERROR_QUERY,         /* MalformedQueryFault, has row and column */
    API_ERROR_QUERY_LOCATOR, /* InvalidQueryLocatorFault */
    API_ERROR_ID,            /* InvalidIdFault */
    API_ERROR_CLIENT         /* soapenv:Client, of the XML layer: no code, no detail */
};

struct api_error {
    enum api_error_kind kind;
    const char *code; /* an ExceptionCode of the WSDL; NULL for API_ERROR_CLIENT */
    int row, column;  /* 1-based, or -1 where there is none */
    char message[2048];
};

/* Sets the error; a message that is too long is cut at a character boundary.  Returns -1. */
int api_error_set(struct api_error *error, enum api_error_kind kind, const char *code,
                  const char *format, ...) PRINTF_LIKE(4, 5);

/* Sets the out-of-memory error.  Returns -1. */
int api_error_memory(struct api_error *error);

#endif
