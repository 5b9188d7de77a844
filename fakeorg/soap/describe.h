/*
 * describe: writes objects and fields for describeSObjects and describeGlobal, with the
 * elements in the order of the WSDL.
 *
 * Threads: whoever holds the org's lock.
 */
#ifndef FAKEORG_SOAP_DESCRIBE_H
#define FAKEORG_SOAP_DESCRIBE_H

#include "base/buf.h"
#include "fakeorg/data/orgdata.h"

/* Writes a fields element of a DescribeSObjectResult. */
void describe_field(struct buf *out, const struct field *field);

/* Writes the children of a DescribeSObjectResult, or (global) those of a
   DescribeGlobalSObjectResult. */
void describe_object(struct buf *out, const struct orgdata *org, const struct object *object,
                     bool global);

#endif
