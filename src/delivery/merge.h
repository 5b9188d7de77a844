/*
 * merge: the events of one group become one record to write.
 *
 * Events are applied in the order of their timestamps; for each field the later value wins. On an
 * update values older than what was last written, defaults and look-up values are left out, and
 * nothing may remain.  On a create, defaults fill in what no event set.
 *
 * Threads: the scheduler's.  Memory: the record points into the items.
 * Errors:  -1: out of memory; then the merged record must not be used.
 */
#ifndef DELIVERY_MERGE_H
#define DELIVERY_MERGE_H

#include "delivery/group.h"

/* Fills group->merged for a create (create true) or for an update of its record. */
MUST_USE int merge_group(struct group *group, bool create, const struct schema *schema,
                         struct err *err);

#endif
