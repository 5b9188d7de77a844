/*
 * known_records: what the store knows of the records of groups: always the field times, and the
 * record itself while that is fresh.
 *
 * Threads: the scheduler's.  Memory: what is known is copied into the groups.
 * Errors:  -1: ERR_MEMORY, or the store's; may be repeated.
 */
#ifndef DELIVERY_KNOWN_RECORDS_H
#define DELIVERY_KNOWN_RECORDS_H

#include "delivery/destination.h"

/* A group may turn out to be of a record that another one writes, and is then empty. */
MUST_USE int known_records_read(struct destination *d, struct group *const *groups, size_t count,
                                struct err *err);

#endif
