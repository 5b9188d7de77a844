/*
 * match: which rows of a look-up belong to which groups, and which of several to take.
 *
 * Salesforce compares text without regard to case, so rows come back in another spelling
 * than was asked for; both sides are folded before they are compared.
 */
#ifndef DELIVERY_MATCH_H
#define DELIVERY_MATCH_H

#include "delivery/call.h"

/* What a look-up found for one group. */
struct match {
    int count;              /* records that fit */
    int live;               /* those not converted */
    const char *id;         /* the one chosen; NULL: none fits */
    bool converted;         /* the chosen one is a converted Lead */
    const char *contact_id; /* and this is its Contact; NULL when that is gone */
};

/* One match a group of the call, in order, for the keys the query held (rows.keys_used).
   Lends from call->rows; mem_free it.  NULL: out of memory. */
MUST_USE struct match *match_rows(const struct call *call, enum several_matches choice,
                                  struct err *err);

#endif
