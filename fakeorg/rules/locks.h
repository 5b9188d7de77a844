/*
 * locks: keep records from being written for a while.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_RULES_LOCKS_H
#define FAKEORG_RULES_LOCKS_H

#include "fakeorg/rules/rules.h"
#include "fakeorg/rules/save.h"

MUST_USE int locks_read(struct rules *rules, const struct yml_node *list, struct err *err);

/* Adds an error when a lock keeps the record, or a parent that the save names, from
   being written; each refusal uses up one try. */
MUST_USE int locks_check(const struct save_context *ctx, struct save *save,
                         const struct record *record);

#endif
