/*
 * work: the state of mapping one event to a record, and the steps that share it.
 *
 *   lookup_take   lookup.c   how the record is found
 *   custom_take   custom.c   the traits that no rule names
 *   left_over     left_over.c   what no rule has read, so that it is noted
 *
 * map.c puts the steps in order.
 */
#ifndef MAPPING_WORK_H
#define MAPPING_WORK_H

#include "mapping/place.h"
#include "mapping/values.h"

#define WORK_MAX_SHOWN 100 /* characters of a trait's name in a note */

struct work {
    const struct event *event;
    const struct destination_settings *to;
    const struct binding *binding;
    const char *integration;            /* the kind of destination, for people: "Salesforce" */
    const struct schema_object *object; /* NULL at intake, where there is no schema */
    bool untyped_custom;
    struct record record;
};

/* The settings' rows for the binding's fields, and for what its records are found by. */
const struct settings_row *work_rows(const struct work *work, size_t *ret_count);
const struct settings_row *work_lookup_rows(const struct work *work, size_t *ret_count);
const char *work_rows_key(const struct work *work); /* "lead_fields" */

/* Does the destination want the event, and by which binding?  Then outcome is MAPPING_WRITE. */
struct choice {
    enum mapping_outcome outcome;
    const char *reason;      /* on skip; lives as long as the binding */
    const char *detail;      /* the same, or NULL */
    const char *integration; /* static */
    const struct binding *binding;
};
struct choice work_choose(const struct event *event, const struct destination_settings *to);

/* The field of that name; with untyped_custom, a custom one that the schema lacks is made
   up in *made.  NULL when there is none. */
const struct schema_field *work_field(const struct work *work, const char *name,
                                      struct schema_field *made);

/* Converts what was found and writes it to field, with notes about what had to change.
   FOUND_NOTHING does nothing; a null is written only where it clears. */
void work_put(struct work *work, const struct schema_field *field, const struct found *found);

/* Converts without writing.  False when it was refused (a note says why) or out of memory. */
bool work_convert(struct work *work, const struct schema_field *field, const struct found *found,
                  struct conversion *ret);

/* True when a create can set the field; *ret_create_only: and no update can. */
bool work_writable(const struct schema_field *field, bool *ret_create_only);

/* The look-ups with their values, and the same as writes.  False when the record cannot be
   looked up (the outcome is a reject then) or out of memory. */
bool lookup_take(struct work *work);

void custom_take(struct work *work);

/* A trait's own name as text of one line; mem_free it, NULL: out of memory. */
char *work_name(const struct doc *doc, const struct doc_node *member);

/* What the settings and the rules do with the trait at a path of keys joined by dots, and
   the field that it would be written to ("" when that is switched off). */
struct work_use {
    struct place_use use;
    const char *field;
};
struct work_use work_use(const struct work *work, const char *path);

/* A note about the trait at path, and each of its parts, that was neither written nor
   noted.  path is shown in notes. */
void left_over(struct work *work, const struct doc_node *node, const char *path);

#endif
