/*
 * record: a mapping_result while it is being filled.
 *
 * Whoever fills it appends freely; running out of memory is remembered and asked for
 * once, at the end (no_memory), as in base/buf.h.
 *
 * Threads: one record belongs to one thread.
 * Limits:  RECORD_MAX_NOTES notes, then one that says how many more there were;
 *          RECORD_MAX_WRITES fields.
 *
 * It also knows which nodes of the event's JSON were looked at: what has been neither
 * written nor noted at the end would vanish in silence.
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
    const struct doc *doc; /* of the event; NULL when nobody asks what was seen */
    bool *seen;            /* by the node's place in doc */
};

/* A value was read at node, or a note made about it: about all that it holds, too. */
void record_see(struct record *record, const struct doc_node *node, bool seen);
bool record_saw(const struct record *record, const struct doc_node *node);

/* Says how many notes were left out; the last thing. */
void record_finish(struct record *record);

/* The same note twice is one note.  The text names fields and types, never a value. */
void record_note(struct record *record, const char *trait, const char *code, const char *format,
                 ...) PRINTF_LIKE(4, 5);

/* Takes value's text, whatever comes of it. */
void record_write(struct record *record, const char *field, struct mapping_value value,
                  const char *trait, bool create_only);

/* True when the field is written already. */
bool record_has(const struct record *record, const char *field);

/* Makes the outcome a reject; reason is static. */
void record_reject(struct record *record, const char *reason, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Room for one item more behind count; NULL and no_memory when there is none. */
void *record_grow(struct record *record, void *items, size_t count, size_t size);

#endif
