/*
 * fault_spec: the text form of a fault on demand; docs/fakeorg.md explains the
 * grammar:
 *
 *     operation[/operation]... : kind [, key=value]...
 *
 * Threads: any.  Memory: a rule owns its texts; fault_rule_done frees them.
 */
#ifndef FAKEORG_FAULTS_FAULT_SPEC_H
#define FAKEORG_FAULTS_FAULT_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "fakeorg/api/error_codes.h"
#include "fakeorg/api/operation.h"
#include "fakeorg/api/quirks.h"
#include "fakeorg/faults/response_mode.h"

/* One row of the table of kinds, for faults that are neither code nor quirk. */
struct fault_kind {
    const char *name;
    enum response_form form;
    unsigned status; /* of the answer, if it is not SOAP */
    bool saved;      /* the call is carried out anyway; saved= overrides it */
    bool cut_first;  /* the connection ends at once, the call is carried out after= later */
    bool early;      /* at the request's headers, before its body */
    int64_t after_ms;
    const char *help;
};

enum code_choice { AS_EITHER, AS_FAULT, AS_RECORD };

struct fault_rule {
    char *spec;          /* as given, for display */
    char *texts;         /* a copy that the texts below point into */
    uint64_t operations; /* a bit for each enum operation; all bits for * */

    /* What: one of these. */
    const struct fault_kind *kind;
    enum quirk_id quirk_id; /* QUIRKS: none */
    const char *quirk_value;
    struct api_error_code fault, error; /* of a call, of a record; code is NULL: none */
    bool error_first;                   /* where both are possible */

    /* When. */
    uint64_t nth, every, times; /* 0: not given */
    bool by_chance;
    double chance;
    uint64_t random;
    const char *field, *value; /* of a record; NULL: any */
    bool contains;             /* value is a substring */

    int64_t after_ms; /* -1: not given */
    enum { SAVED_BY_KIND, SAVED_YES, SAVED_NO } saved;

    uint64_t calls, injected; /* that matched; into which it was injected */
};

/* "create:cut-after-save,nth=3".  On ERR_INVALID the message says what was expected. */
MUST_USE int fault_rule_read(const char *spec, struct fault_rule *ret_rule, struct err *err);
void fault_rule_done(struct fault_rule *rule);

/* The rows of the table of kinds, for help. */
extern const struct fault_kind fault_kinds[];
extern const size_t fault_kinds_count;

#endif
