/*
 * request_view: as much of a request as faults on demand look at, whatever protocol it
 * came by.  Each protocol gives four functions over its own tree.
 *
 * A part is an argument of the request, or a record that it brings.
 *
 * Threads: that of the request.  Memory: everything is lent by the request.
 */
#ifndef FAKEORG_FAULTS_REQUEST_VIEW_H
#define FAKEORG_FAULTS_REQUEST_VIEW_H

#include <stdbool.h>

#include "fakeorg/api/operation.h"

struct request_view {
    enum operation operation;
    const void *first; /* part; NULL for none */
    const void *(*next)(const void *part);
    bool (*is_record)(const void *part);
    const char *(*id)(const void *part); /* of a record, as the client wrote it; "" without */

    /* What the client wrote for a field of the record, or for the argument of that name;
       NULL where the part says nothing of it. */
    const char *(*value)(const void *part, const char *field);
};

#endif
