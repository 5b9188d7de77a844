/*
 * request_view: the parts of a request that faults on demand look at, in any protocol.
 * Each protocol implements four functions over its own tree.
 *
 * A part is an argument of the request, or one of its records.
 *
 * Threads: that of the request.  Memory: everything belongs to the request.
 */
#ifndef FAKEORG_FAULTS_REQUEST_VIEW_H
#define FAKEORG_FAULTS_REQUEST_VIEW_H

#include <stdbool.h>

#include "fakeorg/api/operation.h"

struct request_view {
    enum operation operation;
    const void *first; /* part, or NULL */
    const void *(*next)(const void *part);
    bool (*is_record)(const void *part);
    const char *(*id)(const void *part); /* of a record, as the client wrote it, or "" */

    /* The client's value for a field of the record, or for the argument with that name;
       NULL if it sent none. */
    const char *(*value)(const void *part, const char *field);
};

#endif
