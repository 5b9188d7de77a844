/*
 * counts: how many requests an org was sent, and their results; read by org_read_counts.
 *
 * Threads: any.
 */
#ifndef SALESFORCE_COUNTS_H
#define SALESFORCE_COUNTS_H

#include "salesforce/org_state.h"

enum request_kind {
    REQUEST_SIGN_IN,
    REQUEST_DESCRIBE,
    REQUEST_FIND,
    REQUEST_CREATE,
    REQUEST_UPDATE,
    REQUEST_OTHER
};

/* The kind of a save. */
enum request_kind counts_kind_of(enum org_operation operation);

/* A request that may have reached the org. */
void counts_request(struct org *org, enum request_kind kind);

void counts_fault(struct org *org, const struct org_fault *fault);

/* The number of calls in the last 24 hours, as an answer reports it. */
void counts_limits(struct org *org, int64_t used, int64_t max);

void counts_saved(struct org *org, const struct org_save *what, const struct org_result *results);

#endif
