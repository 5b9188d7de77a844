/*
 * claim: one record, one writer.  Two keys may turn out to mean the same record (a duplicate rule
 * names it, two Leads became one Contact); then their groups become one.
 *
 * Threads: the scheduler's.  Memory: the groups belong to their table.
 * Errors:  -1: out of memory; no event is lost.
 */
#ifndef DELIVERY_CLAIM_H
#define DELIVERY_CLAIM_H

#include "delivery/groups.h"

/* The group's record is id: from now on nobody else writes it.  When another group already does,
   the two become one and their events merge in the order of their timestamps: *ret_joined says that
   group's events are now in the other, and that it is empty. */
MUST_USE int claim_record(struct groups *groups, struct group *group, const char *object,
                          const char *id, bool *ret_joined, struct err *err);

/* The group has created its record. */
MUST_USE int claim_made(struct groups *groups, struct group *group, struct err *err);

/* The record is forgotten. */
void claim_end(struct groups *groups, struct group *group);

#endif
