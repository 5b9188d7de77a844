/*
 * field: what an object's field is, as describeSObjects tells it.
 *
 * Threads: whoever holds the org's lock (orgdata.h); the facts and names are constant.
 * Memory:  a field owns its texts; field_free frees them.
 * Sources: SOAP API guide, "Field Types"; the standard fields are facts read from
 *          describe results.
 */
#ifndef FAKEORG_DATA_FIELD_H
#define FAKEORG_DATA_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/hash.h"

enum field_type {
    FIELD_ID,
    FIELD_STRING,
    FIELD_TEXTAREA,
    FIELD_EMAIL,
    FIELD_PHONE,
    FIELD_URL,
    FIELD_PICKLIST,
    FIELD_MULTIPICKLIST,
    FIELD_BOOLEAN,
    FIELD_INT,
    FIELD_DOUBLE,
    FIELD_CURRENCY,
    FIELD_PERCENT,
    FIELD_DATE,
    FIELD_DATETIME,
    FIELD_TIME,
    FIELD_REFERENCE,
    FIELD_ADDRESS
};

/* How values of a type are told apart and put in order. */
enum field_kind { KIND_TEXT, KIND_ID, KIND_BOOLEAN, KIND_NUMBER, KIND_TIME, KIND_COMPOUND };

struct field_type_info {
    const char *name; /* as describe and --field write it */
    const char *soap; /* its soapType */
    const char *wire; /* the type that faults name */
    enum field_kind kind;
};

const struct field_type_info *field_type_info(enum field_type type);

enum field_flag {
    RO = 0,
    CREATE = 1 << 0,
    UPDATE = 1 << 1,
    RW = CREATE | UPDATE,
    NIL = 1 << 2,
    UNFILTERED = 1 << 3, /* may not stand in a WHERE clause */
    DEFAULTED = 1 << 4,  /* gets a value on create without one */
    RESTRICTED = 1 << 5, /* a picklist that refuses other values */
    LOOKUP = 1 << 6,     /* idLookup: can key an upsert */
    CUSTOM = 1 << 7,
    EXTERNAL = 1 << 8, /* externalId: names its record in another system, keys an upsert */
    UNIQUE = 1 << 9,   /* no two undeleted records have the same value */
    CASED = 1 << 10,   /* caseSensitive: "a" and "A" are two values */
    HIDDEN = 1 << 11   /* by field-level security: clients must not know that it exists */
};

/* One row of a table of standard fields. */
struct field_fact {
    const char *name;
    enum field_type type;
    int size;  /* length of text; all digits of a number */
    int scale; /* digits behind the point */
    unsigned flags;
    const char *compound; /* the field that shows this one as a part */
    const char *refs;     /* objects, | between */
    const char *fallback; /* value where create brings none */
    const char *values;   /* of a picklist, | between */
};

struct field_facts {
    const struct field_fact *facts;
    size_t count;
};

extern const struct field_facts lead_fields, account_fields, contact_fields;

struct index; /* index.h */

struct field {
    struct field_fact fact; /* its texts point into the field's own memory */
    char *texts[5];
    char *label;
    char *folded; /* the name in lower case, by which it is found */
    size_t position;
    unsigned full_flags; /* before field-level security took some away */
    struct index *index; /* values to records, once a query asked for it */
    UT_hash_handle hh;
};

/* A field with copies of everything in fact; NULL with *err. */
MUST_USE struct field *field_new(const struct field_fact *fact, struct err *err);

/* A custom field from its name and a type as --field takes it: "string:50",
   "textarea", "int", "double:16,2", "picklist:a|b", "picklist!:a|b" (restricted).
   ",external", ",unique" and ",caseSensitive" may stand behind it.  ERR_INVALID says
   what was expected. */
MUST_USE struct field *field_new_custom(const char *name, const char *type, struct err *err);

/* Changes to a field that was made, before its records are; texts are copied.  0, or -1
   without memory. */
MUST_USE int field_set_default(struct field *field, const char *value);
MUST_USE int field_set_values(struct field *field, const char *values); /* "a|b" */
MUST_USE int field_set_label(struct field *field, const char *label);
void field_set_flags(struct field *field, unsigned added, unsigned taken);

/* NULL is allowed. */
void field_free(struct field *field);

/* True when the picklist lists value. */
bool field_lists(const struct field *field, const char *value, size_t len);

#define FIELD_NAME_MAX 96

/* The name under which a reference leads to its parent: "Owner" of OwnerId, "Ref__r" of
   Ref__c.  false when field is no such reference. */
bool field_relationship(const struct field *field, char ret[FIELD_NAME_MAX]);

/* Required on create: not nillable, and nothing fills it. */
bool field_required(const struct field *field);

static inline bool field_has(const struct field *field, enum field_flag flag)
{
    return (field->fact.flags & (unsigned)flag) == (unsigned)flag;
}

#endif
