/*
 * rules: what an org's admin configures besides fields: validation rules, duplicate
 * rules, assignment rules and record locks.  Defined by --org and POST /_fakeorg/org.
 *
 * Each kind has its own file, with ..._read, which replaces the rules with those of a
 * YAML list or, with *err, keeps them, and ..._check or similar, which save_order.c
 * calls.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  each kind has an arena, freed when its rules are replaced.
 */
#ifndef FAKEORG_RULES_RULES_H
#define FAKEORG_RULES_RULES_H

#include "base/arena.h"
#include "base/yaml_tree.h"
#include "fakeorg/data/orgdata.h"

/* The first member of the struct of every kind of rule. */
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
    size_t preview_capacity;
};

/* For the org's tables, which must outlive them; NULL when out of memory. */
struct rules *rules_new(struct orgdata *org);
void rules_free(struct rules *rules); /* NULL is allowed */

/* Reads one rule into rule, which is zeroed; earlier are the rules before it in the
   list. */
struct rule_reader {
    size_t size;
    int (*read)(struct orgdata *org, const struct yml_node *node, struct arena *arena,
                const struct rule_link *earlier, struct rule_link *rule, struct err *err);
};

/* Replaces the rules in list with those of a YAML list or, with *err, keeps them. */
MUST_USE int rules_read(struct rules *rules, struct rule_list *list,
                        const struct rule_reader *reader, const struct yml_node *node,
                        struct err *err);

/* An object that rules can be about (not users), or NULL. */
struct object *rules_object_named(struct orgdata *org, const char *name);

/* The object named by a rule's key; NULL with *err. */
struct object *rules_object(struct orgdata *org, const struct yml_node *node, struct err *err);

/* Copies *text into the arena. */
MUST_USE int rules_keep_text(struct arena *arena, const char **text, struct err *err);

#endif
