/*
 * record_check: checks on a record before the admin's rules.
 *
 * Threads: whoever holds the service's lock.  Memory: errors live in the context's arena.
 * Sources: SOAP API guide, create() and update(); core data types and their errors.
 */
#ifndef FAKEORG_RULES_RECORD_CHECK_H
#define FAKEORG_RULES_RECORD_CHECK_H

#include "fakeorg/rules/save.h"

/* Finds the undeleted record that id_text names, of any object where object is NULL,
   or adds the error.  -1 only when out of memory. */
MUST_USE int save_find(const struct save_context *ctx, struct save *save);

/* Fills save->errors.  -1 only when out of memory. */
MUST_USE int save_check(const struct save_context *ctx, struct save *save);

#endif
