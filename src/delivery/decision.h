/*
 * decision: what is to be done with a group next.  Every step (what came in, what was found,
 * what was saved, why a call failed) returns one, and apply.c alone carries it out.
 *
 * Threads: none of its own: plain values.  Memory: texts are lent, and must live until it has
 * been applied.  Units: ms.
 */
#ifndef DELIVERY_DECISION_H
#define DELIVERY_DECISION_H

#include "delivery/call.h"
#include "delivery/outcome_batch.h"

enum decision_kind {
    DECIDE_ACCUMULATE, /* wait for company, then decide anew */
    DECIDE_LOOK_UP,    /* find its record */
    DECIDE_CREATE,     /* make its record */
    DECIDE_UPDATE,     /* write to its record */
    DECIDE_SEND,       /* what is to be written is merged: into a call with it */
    DECIDE_WAIT,       /* back to the store, for wait_ms */
    DECIDE_SAVED,      /* end: written */
    DECIDE_UNCHANGED,  /* end: nothing to write */
    DECIDE_DEAD,       /* end: dead letters */
    DECIDE_FAILED      /* there was no memory to decide */
};

/* What the answer says about a create of the group. */
enum decision_intent {
    INTENT_KEPT,    /* nothing */
    INTENT_UNKNOWN, /* whether it was carried out is not known */
    INTENT_ANSWERED /* it was answered, or its record was found */
};

/* What a refusal says about events that were refused together: refusal.h. */
enum decision_refusal { REFUSAL_NONE, REFUSAL_ALONE, REFUSAL_TOGETHER };

struct decision {
    enum decision_kind kind;
    struct reason reason;  /* WAIT, DEAD; and for events that part */
    int64_t wait_ms;       /* WAIT */
    enum call_kind call;   /* SEND */
    const char *object;    /* SEND: static.  UPDATE, SAVED: of record_id, static */
    const char *record_id; /* UPDATE, SAVED: its record from now on; NULL: the one it has */
    bool created;          /* SAVED */
    bool record_lost;      /* ACCUMULATE, DEAD: its record is not where it was.  Events of other
                              keys, which were here for its sake, are read anew first */
    enum decision_intent intent;
    enum decision_refusal refusal; /* DEAD */
};

#endif
