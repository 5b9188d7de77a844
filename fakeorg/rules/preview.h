/*
 * preview: a record as it would be after a save.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_RULES_PREVIEW_H
#define FAKEORG_RULES_PREVIEW_H

#include "fakeorg/rules/rules.h"
#include "fakeorg/rules/save.h"

/* Fills ret; its values belong to the rules, until the next preview, and to save. */
MUST_USE int rules_preview(const struct save_context *ctx, const struct save *save,
                           struct record *ret);

#endif
