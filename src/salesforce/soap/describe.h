/*
 * describe: describeSObjects() into a schema (SOAP guide, describeSObjects()).
 *
 * Threads: any, each with its own connection.
 */
#ifndef SALESFORCE_SOAP_DESCRIBE_H
#define SALESFORCE_SOAP_DESCRIBE_H

#include "base/buf.h"
#include "salesforce/org_state.h"
#include "salesforce/soap/read.h"

#define DESCRIBE_MAX 100 /* objects in one call */

struct describe {
    const char *const *objects;
    size_t count;
};

void describe_write(struct buf *out, const struct org_connection *connection, const void *what);

/* Reads a describeSObjectsResponse into a new schema; NULL also when an object that was
   asked for is missing. */
MUST_USE struct schema *describe_read(const struct soap_node *response, const struct describe *what,
                                      struct err *err);

int soap_describe(struct org_connection *connection, const char *const *objects, size_t count,
                  struct schema **ret, struct org_fault *fault); /* of the back end */

#endif
