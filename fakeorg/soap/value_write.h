/*
 * value_write: writes a field's value as an element of its record.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_SOAP_VALUE_WRITE_H
#define FAKEORG_SOAP_VALUE_WRITE_H

#include "base/buf.h"
#include "fakeorg/data/record.h"

/* Nil for NULL; not for compound fields. */
void value_write(struct buf *out, const struct field *field, const char *value);

/* The value of a record's field, compound or not. */
void value_write_of(struct buf *out, const struct record *record, const struct field *field);

#endif
