/*
 * merged: the record that the events of a group add up to; merge.h builds it.
 *
 * Threads: the scheduler's; a worker reads `fields` while the call is in flight.
 * Memory:  names and values are borrowed from the group's items; merged_done frees the rest.
 */
#ifndef DELIVERY_MERGED_H
#define DELIVERY_MERGED_H

#include <stdbool.h>

#include "mapping/mapping.h"
#include "salesforce/org.h"

struct merged {
    struct merged_field {
        const char *name; /* as events of the group's object name it */
        const struct mapping_value *value;
        int64_t ms;      /* timestamp of the event that set it */
        bool is_default; /* sent on create only: no event set it */
    } * list;
    size_t count;
    struct mapping_result successor; /* owns the renamed values when the record is of another object
                                        than the events (a Contact that was a Lead) */
    struct org_field *fields;        /* what is sent; points into the two above */
    size_t field_count;
};

void merged_done(struct merged *merged);

/* NULL when it does not set that field. */
struct merged_field *merged_field(const struct merged *merged, const char *name);
bool merged_has(const struct merged *merged, const char *name);

#endif
