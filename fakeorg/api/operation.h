/*
 * operation: what a client can ask the org to do, in any protocol.
 *
 * Names are those of the SOAP API, because --fault, the log of calls and the counters
 * have always used them.  To add one: a name here and a row in operation.c.
 *
 * Threads: any; constant.
 */
#ifndef FAKEORG_API_OPERATION_H
#define FAKEORG_API_OPERATION_H

#include <stdbool.h>

enum operation {
    OPERATION_LOGIN,
    OPERATION_LOGOUT,
    OPERATION_USER_INFO,
    OPERATION_TIMESTAMP,
    OPERATION_DESCRIBE_ALL,
    OPERATION_DESCRIBE,
    OPERATION_QUERY,
    OPERATION_QUERY_ALL,
    OPERATION_QUERY_MORE,
    OPERATION_RETRIEVE,
    OPERATION_CREATE,
    OPERATION_UPDATE,
    OPERATION_UPSERT,
    OPERATION_DELETE,
    OPERATION_CONVERT_LEAD,
    OPERATIONS /* their number; also means an unknown one */
};

/* "describeSObjects"; "unknown" for OPERATIONS. */
const char *operation_name(enum operation operation);

/* OPERATIONS when there is none of that name. */
enum operation operation_named(const char *name);

/* Whether its answer has a result for each record. */
bool operation_saves(enum operation operation);

#endif
