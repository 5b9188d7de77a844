/*
 * fault: faults on demand: what goes wrong, in which calls, and how often.
 *
 * --fault SPEC and POST /_fakeorg/faults add rules (fault_spec.h).  Each call asks
 * faults_inject once, before anything else.  A struct fault says what goes wrong in that
 * call: it is refused, or it proceeds with errors pending for its records, with other
 * quirks, or with a broken answer (response_mode.h).
 *
 * Threads: whoever holds the service's lock.
 * Memory:  the rules own their texts; a call gets copies in its arena.
 * Errors:  ERR_INVALID of a spec says what was expected.
 * Limits:  FAULT_RULES rules at once.
 */
#ifndef FAKEORG_FAULTS_FAULT_H
#define FAKEORG_FAULTS_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "fakeorg/data/orgdata.h"
#include "fakeorg/faults/fault_spec.h"
#include "fakeorg/faults/request_view.h"

#define FAULT_RULES 100

struct faults {
    struct fault_rule rules[FAULT_RULES];
    size_t count;
};

/* An error for the record at that position in the call. */
struct pending_error {
    size_t record;
    const char *code, *text, *field;
    struct pending_error *next;
};

/* What goes wrong in a call. */
struct fault {
    const struct fault_kind *kind; /* NULL: none */
    bool done;        /* the call is carried out before the connection or answer fails */
    int64_t after_ms; /* delay of the answer */
    struct pending_error *errors;
};

/* Adds all of the specs or, with ERR_INVALID, none. */
MUST_USE int faults_add(struct faults *faults, const char *const *specs, size_t count,
                        struct err *err);
void faults_clear(struct faults *faults);

/* Removes the oldest count of them. */
void faults_drop(struct faults *faults, size_t count);

/* JSON: the active faults and how often each was injected. */
void faults_show(const struct faults *faults, struct buf *out);

/* For a request of which only the headers were read: true to end its connection. */
bool faults_inject_early(struct faults *faults);

/* A call that may go wrong, and what a fault may change of it. */
struct fault_target {
    const struct request_view *request;
    struct orgdata *org; /* for values that the request does not contain */
    struct arena *arena;
    struct quirks *quirks;
    struct api_error *error;
};

/* -1: target->error is set, or ret_fault says how it ends; the call must not be
   carried out.  If the kind cuts first, the caller ends the connection before it carries out
   the call. */
MUST_USE int faults_inject(struct faults *faults, const struct fault_target *target,
                           struct fault *ret_fault);

#endif
