/*
 * duplicates: rules against records that exist already.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  results live in the context's arena.
 */
#ifndef FAKEORG_RULES_DUPLICATES_H
#define FAKEORG_RULES_DUPLICATES_H

#include "fakeorg/rules/rules.h"
#include "fakeorg/rules/save.h"

MUST_USE int duplicates_read(struct rules *rules, const struct yml_node *list, struct err *err);

/* Adds an error with a struct duplicate_result for each rule that finds records. */
MUST_USE int duplicates_check(const struct save_context *ctx, struct save *save,
                              const struct record *preview);

#endif
