/*
 * save: the rules by which a record is created or updated.
 *
 * In three steps, as the two layers of refusal want it: save_decode for all records
 * of a call (a field or value that does not fit faults the call, nothing is saved),
 * save_check for each (what it breaks goes into its errors), save_apply for those
 * without errors.
 *
 * Threads: whoever holds the service's lock.  Memory: everything in the arena.
 * Sources: SOAP API guide, create() and update(); core data types and their errors.
 */
#ifndef FAKEORG_RULES_SAVE_H
#define FAKEORG_RULES_SAVE_H

#include <stdbool.h>
#include <stddef.h>

#include "fakeorg/soap/call.h"

struct save_error {
    const char *code; /* a StatusCode of the WSDL */
    const char *message;
    const char **fields; /* names */
    size_t field_count;
    const char *duplicate_result; /* XML: the error is a DuplicateError; else NULL */
    struct save_error *next;
};

struct save_value {
    struct field *field;
    const char *text; /* NULL: cleared by fieldsToNull */
    struct save_value *next;
};

struct save {
    bool create;
    struct object *object;
    const char *id_text;   /* as sent; NULL without */
    struct record *record; /* to update; set before or by save_check, on create by save_apply */
    struct save_value *values;
    struct save_error *errors;
};

/* Reads an sObjects element (decode.c).  A value of the wrong xsi:type and a parent
   that is not found are errors of the record already. */
MUST_USE int save_decode(struct call *call, const struct xml_node *node, bool create,
                         struct save *ret_save);

/* A value that the call brings for a field; what comes later in the record wins. */
MUST_USE int save_set(struct call *call, struct save *save, struct field *field, const char *text);

/* Finds the undeleted record that id_text names, of any object where object is NULL,
   or adds the error.  -1 only without memory. */
MUST_USE int save_find(struct call *call, struct save *save);

/* Fills save->errors.  -1 only without memory. */
MUST_USE int save_check(struct call *call, struct save *save);

/* Writes the record.  -1 only without memory. */
MUST_USE int save_apply(struct call *call, struct save *save);

/* Adds what faults on demand have for the record at place in the call.  -1 only without
   memory. */
MUST_USE int save_fail_injected(struct call *call, size_t place, struct save *save);

/* Adds an error with at most one field (or NULL). */
MUST_USE int save_fail(struct call *call, struct save *save, const char *code, const char *field,
                       const char *format, ...) PRINTF_LIKE(5, 6);

/* The error that was added last; NULL without. */
struct save_error *save_last_error(const struct save *save);

#endif
