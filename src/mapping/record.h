/*
 * record: a mapping_result while it is being filled.
 *
 * Whoever fills it appends freely; running out of memory is remembered and checked
 * once, at the end (no_memory), as in base/buf.h.
 *
 * Threads: one record belongs to one thread.
 * Limits:  RECORD_MAX_NOTES notes, then one that says how many more there were;
 *          RECORD_MAX_WRITES fields.
 *
 * It also records which nodes of the event's JSON were looked at, so that whatever is
 * neither written nor noted at the end can be noted.
 */
#ifndef MAPPING_RECORD_H
#define MAPPING_RECORD_H

#include "mapping/mapping.h"

#define RECORD_MAX_NOTES  200
#define RECORD_MAX_WRITES 1000 /* more than an object has fields */

struct record {
    struct mapping_result *result;
    bool no_memory;
    size_t notes_left_out;
    const struct doc *doc; /* of the event; NULL when what was seen does not matter */
    bool *seen;            /* by the node's index in doc */
};

/* A value was read at node, or a note was made about it: this includes all that it contains. */
void record_see(struct record *record, const struct doc_node *node, bool seen);
bool record_saw(const struct record *record, const struct doc_node *node);

/* Adds how many notes were left out; call it last. */
void record_finish(struct record *record);

/* The same note twice is one note.  The text names fields and types, never a value. */
void record_note(struct record *record, const char *trait, const char *code, const char *format,
                 ...) PRINTF_LIKE(4, 5);

/* Always takes ownership of value's text. */
void record_write(struct record *record, const char *field, struct mapping_value value,
                  const char *trait, bool create_only);

/* True when the field is written already. */
bool record_has(const struct record *record, const char *field);

/* Makes the outcome a reject; reason is static. */
void record_reject(struct record *record, const char *reason, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Makes space for one more item after count; NULL and no_memory when out of memory. */
void *record_grow(struct record *record, void *items, size_t count, size_t size);

#endif
