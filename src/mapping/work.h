/*
 * work: one event on its way to a record: what is known, and the steps that share it.
 *
 *   lookup_take   lookup.c   by what the record is found
 *   custom_take   custom.c   the traits that no rule names
 *
 * map.c puts the steps in order.
 */
#ifndef MAPPING_WORK_H
#define MAPPING_WORK_H

#include "mapping/source.h"
#include "mapping/values.h"

struct work {
    const struct event *event;
    const struct destination_settings *to;
    const struct rules *rules;
    const struct schema_object *object; /* NULL on the way in, where no schema is */
    bool untyped_custom;
    struct record record;
};

/* The settings' rows for the object: "fields", and "custom_lead_lookup_fields". */
const struct settings_row *work_rows(const struct work *work, size_t *ret_count);
const struct settings_row *work_lookup_rows(const struct work *work, size_t *ret_count);

/* Does the destination want the event, and by which rules?  Then outcome is MAPPING_WRITE. */
struct decision {
    enum mapping_outcome outcome;
    const char *reason; /* static, on skip */
    const char *detail; /* static, or NULL */
    const struct rules *rules;
};
struct decision work_decide(const struct event *event, const struct destination_settings *to);

/* The field of that name; with untyped_custom, a custom one that the schema lacks is made
   up in *made.  NULL when there is none. */
const struct schema_field *work_field(const struct work *work, const char *name,
                                      struct schema_field *made);

/* Converts what was found and writes it to field, with notes about what had to change.
   FOUND_NOTHING does nothing; a null is written only where it clears. */
void work_put(struct work *work, const struct schema_field *field, const struct found *found);

/* The value alone.  False when it was refused (a note says why) or memory is out. */
bool work_convert(struct work *work, const struct schema_field *field, const struct found *found,
                  struct conversion *ret);

/* True when a create can set the field; *ret_create_only: and no update can. */
bool work_writable(const struct schema_field *field, bool *ret_create_only);

/* The look-ups with their values, and the same as writes.  False when the record cannot be
   looked up (the outcome is a reject then) or memory is out. */
bool lookup_take(struct work *work);

void custom_take(struct work *work);

#endif
