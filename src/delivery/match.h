/*
 * match: which rows of a look-up belong to which groups, and which of several to take.
 *
 * Salesforce compares values and not spellings, so rows come back in another one than was
 * asked for: of each row the key is made that an event with its values would have.
 *
 * Threads: the scheduler's.  Memory: matches lend from the call's rows.
 */
#ifndef DELIVERY_MATCH_H
#define DELIVERY_MATCH_H

#include "delivery/call.h"

/* What a look-up found for one group. */
struct match {
    int count;                /* records that fit */
    int live;                 /* those whose place no other record has taken */
    const char *id;           /* the one chosen; NULL: none fits */
    bool replaced;            /* another record has taken its place (a converted Lead) */
    const char *successor_id; /* that record; NULL when it is gone */
};

/* One match a group of the call, in order, for the keys the query held (rows.keys_used).
   Lends from call->rows; mem_free it.  NULL: out of memory, or ERR_INVALID when a row fits
   none of the keys: then no row and no missing row of the answer can be believed. */
MUST_USE struct match *match_rows(const struct call *call, enum several_matches choice,
                                  struct err *err);

#endif
