/*
 * mishap: faults on demand: what goes wrong, in which calls, how often.
 *
 * --fault SPEC and POST /_fakeorg/faults add rules; docs/fakeorg.md tells their
 * grammar:
 *
 *     operation[/operation]... : kind [, key=value]...
 *
 * Each call asks mishaps_strike once, before anything is done for it.  What struck
 * stands in call->mishap: the call is refused, or goes on with errors laid up for
 * its records, other switches, or an end that its answer comes to (wire.h).
 *
 * Threads: whoever holds the service's lock.  mishaps_strike gives the lock back for
 *          as long as a late commit waits.
 * Memory:  the rules own their texts; a call gets copies in its arena.
 * Limits:  MISHAP_RULES rules at once.
 */
#ifndef FAKEORG_FAULTS_MISHAP_H
#define FAKEORG_FAULTS_MISHAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "fakeorg/api/error_codes.h"
#include "fakeorg/api/switches.h"
#include "fakeorg/http/wire.h"

#define MISHAP_RULES 100

struct call;
struct operation;
struct save;

/* One row of the table of kinds that are neither code nor switch. */
struct mishap_kind {
    const char *name;
    enum wire wire;
    unsigned status; /* of the answer, where it is none of SOAP */
    bool saved;      /* the call is done all the same; saved= says else */
    bool cut_first;  /* the connection ends at once, the call is done after= later */
    bool early;      /* with the request's headers, its body unread */
    int64_t after_ms;
    const char *help;
};

enum code_choice { AS_EITHER, AS_FAULT, AS_RECORD };

struct rule {
    char *spec;          /* as given, for people */
    char *texts;         /* a copy that the texts below point into */
    uint64_t operations; /* by position; all bits for * */

    /* What: one of these. */
    const struct mishap_kind *kind;
    enum switch_id switch_id; /* SWITCHES: none */
    const char *switch_value;
    struct api_error_code fault, error; /* of a call, of a record; code NULL: none */
    bool error_first;                   /* where both would do */

    /* When. */
    uint64_t nth, every, times; /* 0: not asked for */
    bool by_chance;
    double chance;
    uint64_t random;
    const char *field, *value; /* of a record; NULL: any */
    bool contains;             /* value is a piece of it, not the whole */

    int64_t after_ms; /* -1: not asked for */
    enum { SAVED_BY_KIND, SAVED_YES, SAVED_NO } saved;

    uint64_t calls, struck; /* that it looked at; that it hit */
};

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

/* mishap_spec.c: "create:cut-after-save,nth=3".  ERR_INVALID says what was expected. */
MUST_USE int rule_read(const char *spec, struct rule *ret_rule, struct err *err);
void rule_done(struct rule *rule);

/* The rows of the table of kinds, for help. */
extern const struct mishap_kind mishap_kinds[];
extern const size_t mishap_kinds_count;

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

/* -1: call->error is set, or call->mishap says how it ends; the call is not to be done. */
MUST_USE int mishaps_strike(struct call *call, const struct operation *operation);

/* Adds what is laid up for the record at place to its errors.  -1 only without memory. */
MUST_USE int mishaps_fail_record(struct call *call, size_t place, struct save *save);

#endif
