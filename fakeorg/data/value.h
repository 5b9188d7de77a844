/*
 * value: which values a field accepts.  Two steps, because Salesforce refuses in two
 * layers: a text that cannot be read as the field's type faults the whole call;
 * one that can but breaks a rule of the field fails its record alone.
 * Threads: any.  Memory: results live in the arena.
 */
#ifndef FAKEORG_DATA_VALUE_H
#define FAKEORG_DATA_VALUE_H

#include "base/arena.h"
#include "fakeorg/api/error.h"
#include "fakeorg/data/field.h"

/* Converts text from the wire to the form stored in records; NULL in *ret_value
   when it is empty, which is null.  -1 with the error when it does not have the type. */
MUST_USE int value_decode(const struct field *field, const char *text, struct arena *arena,
                          const char **ret_value, struct api_error *error);

struct value_problem {
    const char *code; /* a StatusCode of the WSDL; NULL if valid */
    const char *message;
};

/* Checks a value against length, range, form and list.  With truncate (header
   AllowFieldTruncation) text that is too long is cut instead, in *value.
   0, or -1 when out of memory. */
MUST_USE int value_check(const struct field *field, const char **value, bool truncate,
                         struct arena *arena, struct value_problem *ret_problem);

#endif
