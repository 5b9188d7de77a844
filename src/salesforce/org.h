/*
 * org: a Salesforce org as its callers see it: sign in, describe, find, save.  The wire format
 * is up to a back end (backend.h); this is the one header that other folders
 * include.
 *
 * Threads: an org is shared by all threads: address, session, limits, counts.  A connection is
 * kept alive between calls and belongs to one thread at a time.
 *
 * Sign-in: a call without a session signs in first.  INVALID_SESSION_ID leads to exactly one
 * renewal however many calls see it, and the call is sent again on the new session; a second one
 * straight after, a refused sign-in, an expired password stop the org: every call fails at once
 * with that same fault (ORG_STOP) until org_reset.  It never signs in blindly.
 *
 * A session is sent only to Salesforce's domains and to login_url's host (address.h).  When its
 * server has been gone for a minute, one sign-in asks for its replacement.
 *
 * Ownership: requests borrow their texts until the call returns; for results see org_values.h.
 * Errors: a call gives 0, or -1 with *fault filled.
 * Units: times in milliseconds, of the clock that the member names.
 * Never in a text: password, token, session id, values of fields (Salesforce's messages may quote
 * values: fault.message and result.message are for receipts, not for logs).
 */
#ifndef SALESFORCE_ORG_H
#define SALESFORCE_ORG_H

#include "salesforce/org_values.h"

struct org;
struct org_connection;

/* Copies config.  Does not connect yet. */
MUST_USE struct org *org_new(const struct org_config *config, struct err *err);
void org_free(struct org *org); /* NULL is allowed; every connection must be closed first */

/* Ends a stop and an interruption: the next call signs in again. */
void org_reset(struct org *org);

MUST_USE struct org_connection *org_connection_open(struct org *org, struct err *err);
void org_connection_close(struct org_connection *connection); /* NULL is allowed */

/* Makes calls in flight on any connection fail within about a second, and later ones at once, with
   code "INTERRUPTED", until org_reset; thread-safe. */
void org_interrupt(struct org *org);

const struct org_capacity *org_capacity(const struct org *org);

/* Signs in unless there is a session; every call does so by itself. */
MUST_USE int org_sign_in(struct org_connection *connection, struct org_fault *fault);

/* Describes objects into a new schema, in one call.  When the user may not see all of them they
   are described one by one, and the others are hidden in the schema; -1 when all are. */
MUST_USE int org_describe(struct org_connection *connection, const char *const *objects,
                          size_t count, struct schema **ret, struct org_fault *fault);

/* One look-up (and its further pages) for as many keys as fit.  An impossible answer is a fault
   (UNTRUE_ANSWER), never fewer rows: of another object, without a field asked for, an Id
   twice, not as many as it says. */
MUST_USE int org_find(struct org_connection *connection, const struct org_find *what,
                      struct org_rows *ret, struct org_fault *fault);

/* For a caller that finds a row matching none of the keys: fills the fault.  Returns -1. */
int org_foreign_row(struct org_fault *fault, const char *why);

/* results has room for what->count and is filled, in order, on 0.  A number of results
   that differs from the number of records (RESULT_COUNT), and impossible results
   (UNTRUE_ANSWER), are a fault with outcome_unknown: a success with errors, a created record
   without an Id, one Id twice, an Id of another object or another record than was sent, a
   refused create with an Id. */
MUST_USE int org_save(struct org_connection *connection, const struct org_save *what,
                      struct org_result *results, struct org_fault *fault);

/* Several saves, of any object and operation, in one call.  -1 when the call as a whole failed:
   then no results are filled. */
MUST_USE int org_save_together(struct org_connection *connection, const struct org_save *saves,
                               size_t count, struct org_saved *saved, struct org_fault *fault);

void org_read_counts(struct org *org, struct org_counts *ret);

/* What is done about each code, as Markdown: the tables of docs/salesforce.md. */
struct buf;
void org_print_reference(struct buf *out);

#endif
