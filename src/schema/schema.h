/*
 * schema: what the org's objects look like, as plain values.
 *
 * Filled from a describe, from files, or from the bundled standard Lead, Account
 * and Contact.  Nothing here talks to an org.
 *
 * Threads:  read-only once filled; shared by reference count.
 * Memory:   schema_unref frees with the last reference.
 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum field_type {
    FIELD_STRING,
    FIELD_TEXTAREA,
    FIELD_PHONE,
    FIELD_EMAIL,
    FIELD_URL,
    FIELD_PICKLIST,
    FIELD_MULTIPICKLIST,
    FIELD_COMBOBOX,
    FIELD_REFERENCE,
    FIELD_ID,
    FIELD_BOOLEAN,
    FIELD_INT,
    FIELD_DOUBLE,
    FIELD_CURRENCY,
    FIELD_PERCENT,
    FIELD_DATE,
    FIELD_DATETIME,
    FIELD_TIME,
    FIELD_ADDRESS, /* compound, read-only */
    FIELD_OTHER,   /* base64, location, anyType and unknown types: never written */
    FIELD_UNTYPED  /* no schema available: the value is sent unchanged */
};

struct schema_field {
    char *name;
    char *label; /* NULL when unknown */
    enum field_type type;
    int length;    /* characters (UTF-16 units); 0 = does not apply */
    int precision; /* digits of a number in all */
    int scale;     /* digits after the point */
    int digits;    /* digits of an int */
    bool custom, nillable, createable, updateable, filterable, defaulted_on_create;
    bool restricted_picklist, id_lookup, external_id, unique, case_sensitive;
    char **picklist; /* active values; NULL when none */
    size_t picklist_count;
};

struct schema_object {
    char *name;
    bool createable, updateable, queryable;
    bool hidden; /* was asked for, and the user cannot see it: no look-up finds it */
    struct schema_field *fields; /* sorted by schema_object_sort: name, ASCII case folded */
    size_t count, capacity;
};

struct schema {
    struct schema_object *objects;
    size_t count, capacity;
    int64_t described_ms; /* steady clock, of this run or an earlier one; 0 = bundled */
    int references;       /* changed only by schema_ref and schema_unref, atomically */
};

/* An empty one with one reference; NULL when out of memory. */
MUST_USE struct schema *schema_new(void);
struct schema *schema_ref(struct schema *schema);
void schema_unref(struct schema *schema);

/* The standard fields of Lead, Account and Contact as every org has them. */
MUST_USE struct schema *schema_standard(struct err *err);

/* Adds an empty object, a zeroed field; the caller fills it.  NULL: no memory.
   Pointers to earlier ones become stale. */
MUST_USE struct schema_object *schema_add_object(struct schema *schema, const char *name);
MUST_USE struct schema_field *schema_add_field(struct schema_object *object, const char *name);

/* After the last schema_add_field, before the first look-up. */
void schema_object_sort(struct schema_object *object);

/* Moves every object of from into to, which must not have them.  -1: no memory, both unchanged. */
MUST_USE int schema_move(struct schema *to, struct schema *from, struct err *err);

/* True when the object was asked for, hidden or not. */
bool schema_knows(const struct schema *schema, const char *name);

/* NULL when absent or hidden.  Names are compared without regard to ASCII case. */
const struct schema_object *schema_object(const struct schema *schema, const char *name);
const struct schema_field *schema_field(const struct schema_object *object, const char *name);

/* The custom field a trait means: name__c ignoring case; else, ignoring every
   character that is not a letter or digit, the one field that fits.  NULL when none
   or several (*ret_ambiguous) fit. */
const struct schema_field *schema_custom_field(const struct schema_object *object,
                                               const char *trait, bool *ret_ambiguous);

/* "string", "textarea", ... as describe names them; FIELD_OTHER for unknown ones. */
const char *field_type_name(enum field_type type);
enum field_type field_type_parse(const char *name);

/* One file an object, DIR/Lead.json, replaced atomically (temporary file, synced, renamed); files
   of other objects are deleted.
   Load reads every *.json there; ERR_NOT_FOUND when there is none. */
MUST_USE int schema_save(const struct schema *schema, const char *dir, struct err *err);
MUST_USE struct schema *schema_load(const char *dir, struct err *err);

#endif
