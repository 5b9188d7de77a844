/*
 * validation: rules about which records an admin allows.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_RULES_VALIDATION_H
#define FAKEORG_RULES_VALIDATION_H

#include "fakeorg/rules/rules.h"
#include "fakeorg/rules/save.h"

MUST_USE int validation_read(struct rules *rules, const struct yml_node *list, struct err *err);

/* Adds an error for each rule that the record breaks. */
MUST_USE int validation_check(const struct save_context *ctx, struct save *save,
                              const struct record *preview);

#endif
