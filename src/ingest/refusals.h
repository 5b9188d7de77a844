/*
 * refusals: counts refused requests by reason, and logs them: at most one line a second for each
 * reason, with how many were not logged since the last one.
 *
 * Threads: any.  Ownership: refusals_free frees all; the codes are static texts.
 * Limits: REFUSALS_REASONS reasons; further ones are counted as "other".
 */
#ifndef INGEST_REFUSALS_H
#define INGEST_REFUSALS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define REFUSALS_REASONS  64
#define REFUSALS_EVERY_MS 1000

struct refusals;

struct refusal_count {
    const char *code;
    int64_t count;
};

MUST_USE struct refusals *refusals_new(struct err *err);
void refusals_free(struct refusals *refusals); /* NULL is allowed */

/* source: whose request it was; NULL: not known. */
void refusals_add(struct refusals *refusals, int status, const char *code, const char *source);

/* In the order in which they first occurred; returns how many. */
size_t refusals_read(struct refusals *refusals, struct refusal_count ret[REFUSALS_REASONS]);

#endif
