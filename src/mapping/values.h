/*
 * values: converts what was found to what a field of the described type takes.
 *
 * One table in values.c says which function converts which type and describes it;
 * notes and docs/mapping.md use those descriptions.
 *
 * Threads: any.
 */
#ifndef MAPPING_VALUES_H
#define MAPPING_VALUES_H

#include "mapping/place.h"

struct conversion {
    struct mapping_value value; /* owned; text is NULL when refused */
    const char *refused;        /* static code, "wrong_type" or "not_in_picklist"; else NULL */
    bool truncated;             /* cut to the field's length */
    bool cleaned;               /* characters were removed that XML cannot carry */
    bool dropped;               /* some of several values were not picklist values */
};

/* found is a FOUND_VALUE.  0, or -1 when out of memory. */
MUST_USE int value_convert(const struct found *found, const struct schema_field *field,
                           struct conversion *ret);

/* What fields of that type take: "a whole number, also as text". */
const char *value_takes(enum field_type type);

/* The same as a Markdown table. */
void values_print_reference(struct buf *out);

#endif
