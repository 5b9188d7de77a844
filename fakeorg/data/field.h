/*
 * field: an object's field, as describeSObjects reports it.
 *
 * Threads: whoever holds the org's lock (orgdata.h); the tables and names are constant.
 * Memory:  a field owns its texts; field_free frees them.
 * Sources: SOAP API guide, "Field Types"; the standard fields were taken from
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

/* How values of a type are compared. */
enum field_kind { KIND_TEXT, KIND_ID, KIND_BOOLEAN, KIND_NUMBER, KIND_TIME, KIND_COMPOUND };

struct field_type_info {
    const char *name; /* as describe and --field write it */
    const char *soap; /* its soapType */
    const char *wire; /* the type as faults write it */
    enum field_kind kind;
};

const struct field_type_info *field_type_info(enum field_type type);

enum field_flag {
    RO = 0,
    CREATE = 1 << 0,
    UPDATE = 1 << 1,
    RW = CREATE | UPDATE,
    NIL = 1 << 2,
    UNFILTERED = 1 << 3, /* not allowed in a WHERE clause */
    DEFAULTED = 1 << 4,  /* filled in on create */
    RESTRICTED = 1 << 5, /* a picklist that accepts only listed values */
    LOOKUP = 1 << 6,     /* idLookup: can key an upsert */
    CUSTOM = 1 << 7,
    EXTERNAL = 1 << 8, /* externalId: names its record in another system, keys an upsert */
    UNIQUE = 1 << 9,   /* no two undeleted records have the same value */
    CASED = 1 << 10,   /* caseSensitive: "a" and "A" are two values */
    HIDDEN = 1 << 11   /* by field-level security: invisible to clients */
};

/* One row of a table of standard fields. */
struct field_fact {
    const char *name;
    enum field_type type;
    int size;  /* length of text; all digits of a number */
    int scale; /* decimals */
    unsigned flags;
    const char *compound; /* the compound field that this one is part of */
    const char *refs;     /* objects, separated by | */
    const char *fallback; /* default on create */
    const char *values;   /* of a picklist, separated by | */
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
    char *folded; /* the name in lower case, for lookup */
    size_t position;
    unsigned full_flags; /* before field-level security */
    struct index *index; /* built when a query first needs it */
    UT_hash_handle hh;
};

/* A field with copies of all texts of fact; NULL with *err. */
MUST_USE struct field *field_new(const struct field_fact *fact, struct err *err);

/* A custom field from its name and a type as in --field: "string:50",
   "textarea", "int", "double:16,2", "picklist:a|b", "picklist!:a|b" (restricted).
   ",external", ",unique" and ",caseSensitive" may follow.  The message of ERR_INVALID says
   what was expected. */
MUST_USE struct field *field_new_custom(const char *name, const char *type, struct err *err);

/* Change a new field before its object has records; texts are copied.  0, or -1
   when out of memory. */
MUST_USE int field_set_default(struct field *field, const char *value);
MUST_USE int field_set_values(struct field *field, const char *values); /* "a|b" */
MUST_USE int field_set_label(struct field *field, const char *label);
void field_set_flags(struct field *field, unsigned added, unsigned taken);

/* NULL is allowed. */
void field_free(struct field *field);

/* True when value is in the picklist. */
bool field_lists(const struct field *field, const char *value, size_t len);

#define FIELD_NAME_MAX 96

/* The relationship name of a reference: "Owner" of OwnerId, "Ref__r" of
   Ref__c.  False when field is not such a reference. */
bool field_relationship(const struct field *field, char ret[FIELD_NAME_MAX]);

/* Required on create: not nillable, and without a default. */
bool field_required(const struct field *field);

static inline bool field_has(const struct field *field, enum field_flag flag)
{
    return (field->fact.flags & (unsigned)flag) == (unsigned)flag;
}

#endif
