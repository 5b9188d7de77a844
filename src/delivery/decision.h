/*
 * decision: what is to be done with a group next.  Every step (what came in, what was found, what
 * was saved, why a call failed) returns one, and only apply.c carries it out.
 *
 * Threads: any: plain values.  Memory: texts are borrowed, and must live until it has been applied.
 *          Units: ms.
 */
#ifndef DELIVERY_DECISION_H
#define DELIVERY_DECISION_H

#include "delivery/call.h"
#include "delivery/outcome_batch.h"

enum decision_kind {
    DECIDE_ACCUMULATE, /* wait for more events, then decide again */
    DECIDE_LOOK_UP,    /* find its record */
    DECIDE_CREATE,     /* create its record */
    DECIDE_UPDATE,     /* write to its record */
    DECIDE_SEND,       /* its events are merged: add it to a call */
    DECIDE_WAIT,       /* back to the store, for wait_ms */
    DECIDE_SAVED,      /* end: written */
    DECIDE_UNCHANGED,  /* end: nothing to write */
    DECIDE_DEAD,       /* end: dead letters */
    DECIDE_FAILED      /* out of memory */
};

/* What the answer means for a create of the group. */
enum decision_intent {
    INTENT_KEPT,    /* nothing */
    INTENT_UNKNOWN, /* unknown whether it was executed */
    INTENT_ANSWERED /* it was answered, or its record was found */
};

/* What a refusal means for events that were refused together: refusal.h. */
enum decision_refusal { REFUSAL_NONE, REFUSAL_ALONE, REFUSAL_TOGETHER };

struct decision {
    enum decision_kind kind;
    struct reason reason;  /* WAIT, DEAD; and for events that leave the group */
    int64_t wait_ms;       /* WAIT */
    enum call_kind call;   /* SEND */
    const char *object;    /* SEND: static.  UPDATE, SAVED: of record_id, static */
    const char *record_id; /* UPDATE, SAVED: its record from now on; NULL: the one it has */
    bool created;          /* SAVED */
    bool record_lost; /* ACCUMULATE, DEAD: its record is gone.  Events of other keys, which were
                         here because of it, are read again first */
    enum decision_intent intent;
    enum decision_refusal refusal; /* DEAD */
};

#endif
