/*
 * mishap: faults on demand: what goes wrong, in which calls, how often.
 *
 * --fault SPEC and POST /_fakeorg/faults add rules (mishap_spec.h).
 *
 * Each call asks mishaps_strike once, before anything is done for it.  What struck is a
 * struct mishap: the call is refused, or goes on with errors laid up for its records,
 * other switches, or an end that its answer comes to (response_mode.h).
 *
 * Threads: whoever holds the service's lock.
 * Memory:  the rules own their texts; a call gets copies in its arena.
 * Limits:  MISHAP_RULES rules at once.
 */
#ifndef FAKEORG_FAULTS_MISHAP_H
#define FAKEORG_FAULTS_MISHAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "fakeorg/data/orgdata.h"
#include "fakeorg/faults/mishap_spec.h"
#include "fakeorg/faults/request_view.h"

#define MISHAP_RULES 100

struct mishaps {
    struct rule rules[MISHAP_RULES];
    size_t count;
};

/* An error that waits for the record at that place in the call. */
struct laid_error {
    size_t record;
    const char *code, *text, *field;
    struct laid_error *next;
};

/* What struck one call. */
struct mishap {
    const struct mishap_kind *kind; /* NULL: none */
    bool done;                      /* the call is to be done before the kind's end */
    int64_t after_ms;               /* the answer waits this long */
    struct laid_error *errors;
};

/* All of the specs or, with ERR_INVALID, none. */
MUST_USE int mishaps_add(struct mishaps *mishaps, const char *const *specs, size_t count,
                         struct err *err);
void mishaps_clear(struct mishaps *mishaps);

/* Ends the oldest count of them. */
void mishaps_drop(struct mishaps *mishaps, size_t count);

/* JSON: which are on and how often each struck. */
void mishaps_show(const struct mishaps *mishaps, struct buf *out);

/* For a request of which only the headers are here: true when its connection is to end. */
bool mishaps_strike_early(struct mishaps *mishaps);

/* A call that may be struck, and what a fault may change of it. */
struct mishap_target {
    const struct request_view *request;
    struct orgdata *org; /* for the values that the request is silent about */
    struct arena *arena;
    struct switches *switches;
    struct api_error *error;
};

/* -1: target->error is set, or ret_mishap says how it ends; the call is not to be done.
   Where the kind cuts first, the caller ends the connection before it does the call. */
MUST_USE int mishaps_strike(struct mishaps *mishaps, const struct mishap_target *target,
                            struct mishap *ret_mishap);

#endif
