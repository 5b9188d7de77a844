/*
 * assignment: rules that choose the owner of saved leads.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_RULES_ASSIGNMENT_H
#define FAKEORG_RULES_ASSIGNMENT_H

#include "fakeorg/rules/rules.h"
#include "fakeorg/rules/save.h"

MUST_USE int assignment_read(struct rules *rules, const struct yml_node *list, struct err *err);

/* If the request names an unknown rule, the whole request fails. */
MUST_USE int assignment_check(const struct save_context *ctx);

/* Sets the owner of a record that was just saved, if the request asks for it. */
MUST_USE int assignment_apply(const struct save_context *ctx, struct record *record);

#endif
