/*
 * binding: which events make records of which object, how a record is found, and what goes
 * into its fields.  A binding is a plain value: the built-in ones are rows
 * of the table in bindings.c, others can be made at run time.  Route, map, the list of objects
 * to describe, "leadline check" and delivery read bindings and know no object by its name.
 *
 * Threads: any; bindings are read-only.
 * Memory:  a binding and its texts live at least as long as the settings of its destination;
 *          pointers to them may be kept for that time.  Nothing here allocates.
 * Limits:  BINDING_LOOKUPS look-up fields.
 */
#ifndef MAPPING_BINDING_H
#define MAPPING_BINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "event/event.h"
#include "settings/settings.h"

#define BINDING_LOOKUPS 8
#define RULE_PLACES     5 /* the last stays PLACE_NONE */

/* ---- where a value is looked for in an event ---- */

enum place_kind {
    PLACE_NONE,            /* ends a list */
    PLACE_TRAIT,           /* the trait at path */
    PLACE_TEXT,            /* the same, but only if it is text */
    PLACE_FIRST_OF,        /* the first element present in the array at path */
    PLACE_FIRST_WORD,      /* of the text at path */
    PLACE_REST,            /* what follows its first word */
    PLACE_USER_ID,         /* members of the message itself; path says which, for people */
    PLACE_USER_ID_ADDRESS, /* only if it looks like an e-mail address */
    PLACE_ANONYMOUS_ID,
    PLACE_GROUP_ID
};

struct place {
    enum place_kind kind;
    const char *path; /* NULL only in PLACE_NONE */
};

/* clang-format off */
#define TRAIT(path)        {PLACE_TRAIT, path}
#define IF_TEXT(path)      {PLACE_TEXT, path}
#define FIRST_OF(path)     {PLACE_FIRST_OF, path}
#define FIRST_WORD(path)   {PLACE_FIRST_WORD, path}
#define REST(path)         {PLACE_REST, path}
#define USER_ID            {PLACE_USER_ID, "userId"}
#define USER_ID_IF_ADDRESS {PLACE_USER_ID_ADDRESS, "userId"}
#define ANONYMOUS_ID       {PLACE_ANONYMOUS_ID, "anonymousId"}
#define GROUP_ID           {PLACE_GROUP_ID, "groupId"}
/* clang-format on */

/* ---- what of a binding the destination's settings decide ---- */

/* A boolean of the destination; key NULL: nothing, it is always on. */
struct setting_switch {
    const char *key; /* as the configuration names it */
    size_t at;       /* in struct destination_settings */
};

/* Rows "trait: Field" of the destination; at 0: the settings have none for this binding. */
struct setting_rows {
    const char *key; /* as the configuration names it, for notes; or NULL */
    size_t at, count_at;
};

/* ---- the rules ---- */

/* A field and the places to look in; the first where something is present wins. */
struct field_rule {
    const char *field;
    struct place from[RULE_PLACES];
    const char *create_default; /* on create, when the event has nothing; or NULL */
    struct setting_switch when;
};

/* A field without which a record can be updated but not created, and for which there is no default;
   field NULL: there is none. */
struct create_need {
    const char *field;
    const char *code; /* of the dead letter: "name_required" */
    const char *detail, *advice;
};

/* From a field of the object to the one of its successor that takes its value. */
struct field_rename {
    const char *field;
    const char *successor; /* NULL: a successor has no such field */
};

/* The record that one of this object may be converted to; it is then updated instead.
   Custom fields go to the successor's field of the same name. */
struct successor {
    const char *object;
    const struct field_rename *renames;
    size_t rename_count;
    const char *no_field; /* code of the note about a value that a successor has no field for */
    size_t policy_at;     /* enum converted_lead in struct destination_settings */
};

/* Which events of the type: those whose trait at the path is this text.  trait NULL: all. */
struct binding_condition {
    const char *trait;
    const char *is;
};

/* The lowest version of the destination that it needs, and the skip for a lower one. */
struct binding_version {
    int least;
    const char *reason, *detail;
};

enum binding_operation {
    BINDING_UPSERT, /* look up; update what is found, create what is not */
};

struct binding {
    enum event_type event;
    struct binding_condition condition;
    struct binding_version version;
    const char *object;
    enum binding_operation operation;
    const char *lookup[BINDING_LOOKUPS + 1]; /* fields that must all match, each named by one of
                                                rules; NULL after the last */
    const struct field_rule *rules;
    size_t rule_count;
    struct create_need create_need;
    bool assignment_rule;              /* the org's assignment rules can choose the owner */
    const struct successor *successor; /* NULL: a record stays what it is */
    struct setting_rows lookup_rows;   /* where there are any they replace lookup */
    struct setting_rows field_rows;    /* come before rules */
};

/* ---- a binding under the settings of a destination ---- */

/* False when the settings switch all of it off. */
bool binding_is_on(const struct binding *binding, const struct destination_settings *to);

const struct settings_row *binding_rows(const struct setting_rows *rows,
                                        const struct destination_settings *to, size_t *ret_count);

bool rule_is_on(const struct field_rule *rule, const struct destination_settings *to);

/* The rule for a field; NULL when there is none. */
const struct field_rule *binding_rule(const struct binding *binding, const char *field);

/* True when records are found by that field of the rules: rows of the settings come first. */
bool binding_looks_up_by(const struct binding *binding, const struct destination_settings *to,
                         const char *field);

/* What to do about a record that has been converted to its successor. */
enum converted_lead binding_succession(const struct binding *binding,
                                       const struct destination_settings *to);

/* The object of that name, the binding's own or its successor, with the lifetime of the binding;
   NULL when it is neither. */
const char *binding_object(const struct binding *binding, const char *name);

/* "a" or "an" before the name of an object. */
const char *object_article(const char *object);

#endif
