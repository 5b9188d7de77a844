/*
 * operation: what a client can ask the org for, whatever protocol it speaks.
 *
 * Names are those of the SOAP API, because --fault, the log of calls and the counters
 * have always shown them.  A new one is a name here and a row in operation.c.
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
    OPERATIONS /* how many there are; also stands for one that nobody knows */
};

/* "describeSObjects"; "unknown" for OPERATIONS. */
const char *operation_name(enum operation operation);

/* OPERATIONS when there is none of that name. */
enum operation operation_named(const char *name);

/* Whether it answers for each record whether that was saved. */
bool operation_saves(enum operation operation);

#endif
