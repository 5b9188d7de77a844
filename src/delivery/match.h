/*
 * match: which rows of a look-up belong to which groups, and which of several to take.
 *
 * Salesforce compares values, not how they are written, so a row may hold another form of the value
 * than the query.  So each row gets the key that an event with its values would have.
 *
 * Threads: the scheduler's.  Memory: matches point into the call's rows.
 */
#ifndef DELIVERY_MATCH_H
#define DELIVERY_MATCH_H

#include "delivery/call.h"

/* What a look-up found for one group. */
struct match {
    int count;                /* records that match */
    int live;                 /* those that no other record has replaced */
    const char *id;           /* the one chosen; NULL: none matches */
    bool replaced;            /* another record has replaced it (a converted Lead) */
    const char *successor_id; /* that record; NULL when it no longer exists */
};

/* One match for each group of the call, in order, for the keys in the query (rows.keys_used).
   Points into call->rows; mem_free it.  NULL: out of memory, or ERR_INVALID when a row matches none
   of the keys: then neither the rows nor the missing ones can be trusted. */
MUST_USE struct match *match_rows(const struct call *call, enum several_matches choice,
                                  struct err *err);

#endif
