/*
 * rules: which traits make which field, as tables that read like the documentation:
 * rules_lead.c, rules_account.c, rules_contact.c.  A rule is changed in its line.
 *
 * A row names a field and the places to look in; the first where something is
 * present wins.  docs/mapping.md prints these tables.
 */
#ifndef MAPPING_RULES_H
#define MAPPING_RULES_H

#include <stddef.h>

enum source_kind {
    SOURCE_NONE,            /* ends a row */
    SOURCE_TRAIT,           /* the trait at path */
    SOURCE_TEXT,            /* the same, but only if it is text */
    SOURCE_FIRST_OF,        /* the first element present in the array at path */
    SOURCE_FIRST_WORD,      /* of the text at path */
    SOURCE_REST,            /* what follows its first word */
    SOURCE_USER_ID,         /* members of the message itself; path says which, for people */
    SOURCE_USER_ID_ADDRESS, /* only if it looks like an e-mail address */
    SOURCE_ANONYMOUS_ID,
    SOURCE_GROUP_ID
};

struct source {
    enum source_kind kind;
    const char *path; /* never NULL in a source that is not SOURCE_NONE */
};

#define TRAIT(path)                                                                                \
    {                                                                                              \
        SOURCE_TRAIT, path                                                                         \
    }
#define IF_TEXT(path)                                                                              \
    {                                                                                              \
        SOURCE_TEXT, path                                                                          \
    }
#define FIRST_OF(path)                                                                             \
    {                                                                                              \
        SOURCE_FIRST_OF, path                                                                      \
    }
#define FIRST_WORD(path)                                                                           \
    {                                                                                              \
        SOURCE_FIRST_WORD, path                                                                    \
    }
#define REST(path)                                                                                 \
    {                                                                                              \
        SOURCE_REST, path                                                                          \
    }
#define USER_ID                                                                                    \
    {                                                                                              \
        SOURCE_USER_ID, "userId"                                                                   \
    }
#define USER_ID_IF_ADDRESS                                                                         \
    {                                                                                              \
        SOURCE_USER_ID_ADDRESS, "userId"                                                           \
    }
#define ANONYMOUS_ID                                                                               \
    {                                                                                              \
        SOURCE_ANONYMOUS_ID, "anonymousId"                                                         \
    }
#define GROUP_ID                                                                                   \
    {                                                                                              \
        SOURCE_GROUP_ID, "groupId"                                                                 \
    }

/* The parts of an address, the same for every object. */
#define STREET  TRAIT("address.street"), TRAIT("street")
#define CITY    TRAIT("address.city"), TRAIT("city")
#define STATE   TRAIT("address.state"), TRAIT("state")
#define COUNTRY TRAIT("address.country"), TRAIT("country")
#define POSTAL_CODE                                                                                \
    TRAIT("address.postalCode"), TRAIT("postalCode"), TRAIT("address.zip"), TRAIT("zip")

#define RULE_SOURCES 5 /* the last stays SOURCE_NONE */

enum rule_when { ALWAYS, IF_BILLING, IF_SHIPPING };

struct rule {
    const char *field;
    struct source from[RULE_SOURCES];
    const char *filler;  /* on create, when the event has nothing; else NULL */
    enum rule_when when; /* which setting of the destination switches the row on */
};

struct rules {
    const char *object;
    const struct rule *rows;
    size_t count;
    const char *lookup;       /* field by which a record is found, unless settings say others */
    const char *create_needs; /* field that creating needs and no filler can make up, or NULL */
};

extern const struct rules rules_lead;
extern const struct rules rules_account;

/* From a field of Lead to the one of Contact that takes its value. */
struct contact_row {
    const char *lead;
    const char *contact; /* NULL: a Contact has no such field */
};

extern const struct contact_row rules_contact[];
extern const size_t rules_contact_count;

#endif
