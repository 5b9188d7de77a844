/*
 * rules: what an org's admin sets up beside its fields: validation rules, duplicate
 * rules, assignment rules and record locks.  Defined by --org and POST /_fakeorg/org.
 *
 * Each kind has a file of its own, with ..._read, which puts the rules of a YAML list in
 * the place of those before or, with *err, leaves them, and ..._check or the like, which
 * save_order.c calls.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  each kind has an arena, dropped when other rules take their place.
 */
#ifndef FAKEORG_RULES_RULES_H
#define FAKEORG_RULES_RULES_H

#include "base/arena.h"
#include "base/yaml_tree.h"
#include "fakeorg/data/orgdata.h"

/* Every struct of a kind of rule begins with one. */
struct rule_link {
    struct rule_link *next;
};

struct rule_list {
    struct arena arena;
    struct rule_link *first;
};

struct rules {
    struct orgdata *org;
    struct rule_list validations, duplicates, assignments, locks;
    char **preview; /* room for the values of one record */
    size_t preview_room;
};

/* For the org's tables, which must outlive them; NULL without memory. */
struct rules *rules_new(struct orgdata *org);
void rules_free(struct rules *rules); /* NULL is allowed */

/* How a rule of a kind is read: into rule, which is size bytes of zeros; earlier are those
   of the list before it. */
struct rule_reader {
    size_t size;
    int (*read)(struct orgdata *org, const struct yml_node *node, struct arena *arena,
                const struct rule_link *earlier, struct rule_link *rule, struct err *err);
};

/* Puts the rules of a YAML list in the place of those in list or, with *err, leaves them. */
MUST_USE int rules_read(struct rules *rules, struct rule_list *list,
                        const struct rule_reader *reader, const struct yml_node *node,
                        struct err *err);

/* An object that an admin may shape, which users are not; or NULL. */
struct object *rules_object_named(struct orgdata *org, const char *name);

/* The object that a rule's key names; NULL with *err. */
struct object *rules_object(struct orgdata *org, const struct yml_node *node, struct err *err);

/* *text copied into the arena. */
MUST_USE int rules_keep_text(struct arena *arena, const char **text, struct err *err);

#endif
