/*
 * claim: one record, one writer.  Two keys may turn out to be one record (a duplicate rule names
 * it, a Contact has two Leads); then their groups become one.
 *
 * Threads: the scheduler's.  Memory: groups stay their table's.
 * Errors:  -1: out of memory; no event is lost.
 */
#ifndef DELIVERY_CLAIM_H
#define DELIVERY_CLAIM_H

#include "delivery/groups.h"

/* The group's record is id: from now on nobody else writes it.  When another group does
   already, the two become one, whose events merge in the order of their timestamps: *ret_joined
   says that group's are with the other now, and that it is empty. */
MUST_USE int claim_record(struct groups *groups, struct group *group, const char *object,
                          const char *id, bool *ret_joined, struct err *err);

/* The group has made its record. */
MUST_USE int claim_made(struct groups *groups, struct group *group, struct err *err);

/* The record is forgotten. */
void claim_end(struct groups *groups, struct group *group);

#endif
