/*
 * standard: the fields that every org has, as compact tables (standard_lead.c,
 * standard_account.c, standard_contact.c) that schema_standard turns into a
 * schema.  Fields that features or people add to an org are not here: describe has them.
 */
#ifndef SCHEMA_STANDARD_H
#define SCHEMA_STANDARD_H

#include "schema/schema.h"

enum {
    NIL = 1 << 0,
    CREATE = 1 << 1,
    UPDATE = 1 << 2,
    WRITE = CREATE | UPDATE,
    FILTER = 1 << 3,
    DEFAULTED = 1 << 4,
    RESTRICTED = 1 << 5,
    ID_LOOKUP = 1 << 6,
};

struct standard_field {
    const char *name;
    enum field_type type;
    unsigned flags; /* of the above */
    int length, precision, scale, digits;
    const char *picklist; /* values with | between; NULL when none */
};

struct standard_object {
    const char *name;
    const struct standard_field *fields;
    size_t count;
};

extern const struct standard_object standard_lead;
extern const struct standard_object standard_account;
extern const struct standard_object standard_contact;

#endif
