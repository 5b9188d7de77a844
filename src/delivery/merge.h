/*
 * merge: the events of one group become one record to write.
 *
 * Events go in the order of their timestamps; a later one's value wins, field by field.
 * On an update a value older than what was last written is left out, defaults and
 * look-up values are left out, and what remains may be nothing.  On a create defaults
 * take the place of what no event said.
 *
 * Threads: the scheduler's.  Memory: the record lends from the items.
 * Errors:  -1: out of memory; the merged record is not to be used then.
 */
#ifndef DELIVERY_MERGE_H
#define DELIVERY_MERGE_H

#include "delivery/group.h"

/* Makes group->merged for a create (create true) or for an update of its record. */
MUST_USE int merge_group(struct group *group, bool create, const struct schema *schema,
                         struct err *err);

#endif
