/*
 * soql_match: whether a record satisfies a condition, and which of two comes first.
 * For the soql files only; conditions and orders must be bound (soql_bind).
 *
 * Threads: whoever holds the service's lock.  Memory: match_done frees the scratch.
 */
#ifndef FAKEORG_QUERY_SOQL_MATCH_H
#define FAKEORG_QUERY_SOQL_MATCH_H

#include "base/buf.h"
#include "fakeorg/query/soql.h"

struct match {
    struct orgdata *org;
    struct buf left, right; /* scratch for folded values */
    bool failed;            /* out of memory: results may be wrong */
};

void match_init(struct match *match, struct orgdata *org);
void match_done(struct match *match);

bool match_holds(struct match *match, const struct soql_condition *condition,
                 const struct record *record);

/* Negative, positive, or 0 for a record and itself: ties are broken by age, older first. */
int match_order(struct match *match, const struct soql_order *orders, const struct record *a,
                const struct record *b);

#endif
