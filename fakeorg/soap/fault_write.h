/*
 * fault_write: writes SOAP faults.
 *
 * Threads: any.
 */
#ifndef FAKEORG_SOAP_FAULT_WRITE_H
#define FAKEORG_SOAP_FAULT_WRITE_H

#include "base/buf.h"
#include "fakeorg/api/error.h"

/* Appends the whole envelope of the fault; header is its soapenv:Header, or "". */
void fault_write(const struct api_error *error, const char *header, struct buf *out);

#endif
