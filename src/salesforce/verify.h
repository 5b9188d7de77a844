/*
 * verify: rejects impossible answers, whichever back end has read them.
 *
 * An answer that contradicts itself, or what was asked, is never acted upon, least of all as "not
 * found", which would create a second record.  What can be seen only on the wire (a wrong number
 * of rows, a result that is both saved and an error) is refused by the back end.
 *
 * Threads: any.  Errors: -1, ERR_INVALID with why, or ERR_MEMORY.
 */
#ifndef SALESFORCE_VERIFY_H
#define SALESFORCE_VERIFY_H

#include "salesforce/org_values.h"

/* Rows without Id, of another object, or twice; more keys used than were asked for. */
MUST_USE int verify_rows(const struct org_find *what, const struct org_rows *rows, struct err *err);

/* Saved records without Id, of another object, other than those sent, or two that are one. */
MUST_USE int verify_results(const struct org_save *what, const struct org_result *results,
                            struct err *err);

#endif
