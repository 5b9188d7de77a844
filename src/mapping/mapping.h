/*
 * mapping: from an event to what should be in Salesforce.  Pure: no I/O, no clock.
 *
 * Two entry points.  mapping_route is called at intake: does this destination want
 * the event, and whose is it?  mapping_map is called at delivery, with the org's
 * current schema: which record, which fields, and what a person should know about them.
 *
 * Bindings (binding.h) define what an event becomes; the built-in ones are the tables of
 * bindings.c.
 *
 * Threads:  any; nothing is kept.
 * Memory:   results own their texts; mapping_route_done and mapping_result_done free them.
 *           Their binding, object, reason and create_needs live as long as the settings.
 */
#ifndef MAPPING_MAPPING_H
#define MAPPING_MAPPING_H

#include "base/buf.h"
#include "event/event.h"
#include "mapping/bindings.h"
#include "schema/schema.h"
#include "settings/settings.h"

enum mapping_outcome { MAPPING_WRITE, MAPPING_SKIP, MAPPING_REJECT };

struct mapping_route {
    enum mapping_outcome outcome;
    const struct binding *binding; /* the one that the event uses; NULL on skip */
    const char *object;            /* its object; NULL on skip */
    char *key;          /* object and folded look-up values: what makes two events the same
                           person; NULL unless outcome is MAPPING_WRITE */
    const char *reason; /* code on skip ("not_opted_in", "opted_out", "wrong_case",
                           "type_not_used", "needs_version_2") and on reject
                           ("missing_lookup_value", "lookup_value_too_long"; from mapping_map
                           also "lookup_field_unusable", "object_not_visible") */
    char *detail;       /* a sentence for a person, or NULL */
};

enum value_kind { VALUE_TEXT, VALUE_NUMBER, VALUE_BOOLEAN, VALUE_NULL };

struct mapping_value {
    enum value_kind kind;
    char *text; /* UTF-8 as it would be sent: "12.5", "true", "2026-11-23"; NULL for VALUE_NULL */
};

/* One field to write, and why. */
struct mapping_write {
    char *field; /* API name as the schema spells it */
    struct mapping_value value;
    char *trait;      /* where it came from: "company.name"; "" for a default */
    bool create_only; /* a default of the create, or a field that no update can set */
};

/* True for what a rule fills in when the event has nothing: LastName and Company "n/a". */
static inline bool mapping_is_default(const struct mapping_write *write)
{
    return write->create_only && write->trait[0] == '\0';
}

struct mapping_note {
    char *trait;
    const char *code; /* static: unknown_field, ambiguous_field, truncated, wrong_type,
                         not_in_picklist, not_writable, control_characters, protected_field,
                         field_set_twice, null_left_out, ...; codes.c lists and explains all */
    char *detail;
};

struct mapping_lookup {
    char *field;
    struct mapping_value value;
    enum field_type type; /* decides how the value is quoted in a query */
    bool case_sensitive;  /* the field distinguishes "A" from "a", and so does the key */
};

struct mapping_result {
    enum mapping_outcome outcome;
    const struct binding *binding; /* NULL on skip */
    const char *object;            /* of the record: the binding's, or its successor */
    const char *reason;            /* as in mapping_route */
    char *detail;
    char *key; /* object and the look-up values in canonical form for the schema */
    struct mapping_lookup *lookups; /* joined by AND */
    size_t lookup_count;
    struct mapping_write *writes; /* no field twice */
    size_t write_count;
    struct mapping_note *notes;
    size_t note_count;
    const char *create_needs; /* field of the binding's create_need when it is missing here: the
                                 record can be updated but not created; else NULL */
};

/* The key is made of the values as single-line texts.  mapping_result's, which knows the org's
   fields, may differ where a looked-up field is a number ("042"), a time, has lines or is
   case-sensitive: use that one to group events for one record. */
MUST_USE int mapping_route(const struct event *event, const struct destination_settings *to,
                           struct mapping_route *ret, struct err *err);
void mapping_route_done(struct mapping_route *route);

/* The outcome is MAPPING_SKIP or MAPPING_REJECT with only reason and detail, or MAPPING_WRITE.
   schema may be schema_standard() with untyped_custom true ("--schema none"): then custom
   traits pass as <trait>__c untyped. */
MUST_USE int mapping_map(const struct event *event, const struct destination_settings *to,
                         const struct schema *schema, bool untyped_custom,
                         struct mapping_result *ret, struct err *err);
void mapping_result_done(struct mapping_result *result);

/* What mapping_result.key is made of: object and the values in canonical form (canonical.h).
   For a row found in Salesforce it gives the key of the events that mean it.  mem_free it;
   NULL only when out of memory; the same for the three below. */
MUST_USE char *mapping_key(const char *object, const struct mapping_lookup *lookups, size_t count);

/* The same less exactly: for rows that the org treats as equal and mapping_key does not. */
MUST_USE char *mapping_loose_key(const char *object, const struct mapping_lookup *lookups,
                                 size_t count);

/* Converts a key that was made at intake, or for an earlier schema, to this schema.  Parts that
   it cannot read are copied. */
MUST_USE char *mapping_key_again(const char *key, const struct schema *schema);

/* What mapping_loose_key makes of the values in a key. */
MUST_USE char *mapping_key_loosely(const char *key, const struct schema *schema);

/* The same values for the successor of the binding's object, the Contact that a converted Lead
   became: fields renamed by its table (Street to MailingStreet, ...), those it lacks left out
   with a note (not_on_contact).  No look-ups, no defaults, no key.  A schema without the
   successor's object gives MAPPING_REJECT, object_not_visible. */
MUST_USE int mapping_to_successor(const struct binding *binding, const struct mapping_write *writes,
                                  size_t count, const struct schema *schema,
                                  struct mapping_result *ret, struct err *err);

/* One line of "leadline map", without a newline. */
void mapping_print(const struct event *event, const struct mapping_result *result, struct buf *out);

/* docs/mapping.md's tables, from the rules. */
void mapping_print_reference(struct buf *out);

#endif
