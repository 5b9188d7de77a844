/*
 * query: turns a message in the query of a GET into its JSON text.
 *
 * Two forms: data=, the base64 of the message; or one parameter for each field, with dots for
 * nesting (traits.company.name=Initech).  Segment, "Pixel tracking API".
 *
 * Threads: any.
 */
#ifndef INGEST_QUERY_H
#define INGEST_QUERY_H

#include "base/buf.h"

#define QUERY_MAX_DEPTH 16 /* dots in a parameter's name; deeper ones are left out */

struct query;

MUST_USE struct query *query_new(struct err *err);
void query_free(struct query *query); /* NULL is allowed */

/* One parameter, decoded; arg is the query.  Anything that is not UTF-8 is left out. */
void query_add(void *arg, const char *name, const char *value);

/* Appends the message to out.  -1: ERR_INVALID (data is not base64) or ERR_MEMORY. */
MUST_USE int query_message(const struct query *query, struct buf *out, struct err *err);

#endif
