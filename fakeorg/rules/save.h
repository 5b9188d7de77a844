/*
 * save: a record to be saved, and the request's options for saving.
 *
 * A protocol reads each record into a struct save (save_set for each value) and passes
 * all of them to save_records (save_order.h), which fills in errors or saves.
 *
 * Threads: whoever holds the service's lock.  Memory: everything in the context's arena.
 */
#ifndef FAKEORG_RULES_SAVE_H
#define FAKEORG_RULES_SAVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "fakeorg/api/error.h"
#include "fakeorg/api/quirks.h"
#include "fakeorg/data/orgdata.h"
#include "fakeorg/faults/fault.h"

struct rules; /* rules.h */

/* The options that all records of a request are saved with. */
struct save_context {
    struct orgdata *org;
    struct rules *rules;
    struct arena *arena;
    const struct quirks *quirks;
    struct api_error *error;              /* of the request as a whole */
    const struct pending_error *injected; /* by faults on demand, for single records */
    bool all_or_none;                     /* one failure fails the others too */
    bool truncate;                        /* text that is too long is cut */
    bool allow_save;                      /* despite duplicate rules that only alert */
    bool use_default_rule;                /* the active assignment rule */
    const char *assignment_rule_id;       /* or this one; NULL: none */
};

/* A record that a duplicate rule found, with the matching values and its name. */
struct duplicate_record {
    const struct object *object;
    char id[ID_MAX];
    struct duplicate_value {
        const struct field *field;
        const char *text;
    } * values; /* its name first, if it has one; without hidden fields */
    size_t value_count;
};

/* The records that one match found. */
struct duplicate_match {
    const char *rule;
    const struct object *object;
    struct field *const *fields;
    size_t field_count;
    struct duplicate_record *records; /* the first of them */
    size_t record_count, found;
    struct duplicate_match *next;
};

/* The result of a duplicate rule for a record. */
struct duplicate_result {
    const char *rule, *message;
    const struct object *object;
    bool allow_save; /* the rule only alerts */
    struct duplicate_match *matches;
};

struct save_error {
    const char *code; /* a StatusCode of the WSDL */
    const char *message;
    const char **fields; /* names */
    size_t field_count;
    const struct duplicate_result *duplicates; /* of DUPLICATES_DETECTED; else NULL */
    struct save_error *next;
};

struct save_value {
    struct field *field;
    const char *text; /* NULL: cleared */
    struct save_value *next;
};

struct save {
    bool create;
    struct object *object;
    const char *id_text;   /* as sent, or NULL */
    struct record *record; /* to update; set before or during the check, on create when created */
    struct save_value *values;
    struct save_error *errors;
};

/* Sets the request's value of a field; a later value in the record wins. */
MUST_USE int save_set(const struct save_context *ctx, struct save *save, struct field *field,
                      const char *text);

/* Adds the errors that faults on demand inject into the record at that position in the
   request.  -1 only when out of memory. */
MUST_USE int save_fail_injected(const struct save_context *ctx, size_t place, struct save *save);

/* Adds an error with at most one field (or NULL).  -1 only when out of memory. */
MUST_USE int save_fail(const struct save_context *ctx, struct save *save, const char *code,
                       const char *field, const char *format, ...) PRINTF_LIKE(5, 6);

/* The same without a field; NULL when out of memory. */
MUST_USE struct save_error *save_add_error(const struct save_context *ctx, struct save *save,
                                           const char *code, const char *message);

/* Adds a field to an error. */
MUST_USE int save_name_field(const struct save_context *ctx, struct save_error *error,
                             const char *name);

/* The error that was added last, or NULL. */
struct save_error *save_last_error(const struct save *save);

#endif
