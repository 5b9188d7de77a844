/*
 * rules: what an org's admin sets up beside its fields: validation rules, duplicate
 * rules, assignment rules and record locks.  Defined by --org and POST /_fakeorg/org.
 *
 * Each kind has a file of its own with three functions: ..._read, which puts the rules
 * of a YAML tree in the place of those that stood, or, with *err, leaves them; ..._check
 * or the like, which save.h's callers reach through rules_check; and its table of keys.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  each kind has an arena, dropped when rules take the place of others.
 * Sources: Salesforce help, "Triggers and order of execution": locks, validation rules,
 *          duplicate rules, then assignment rules.
 */
#ifndef FAKEORG_RULES_RULES_H
#define FAKEORG_RULES_RULES_H

#include "fakeorg/query/condition.h"
#include "fakeorg/rules/save.h"

struct validation_rule;
struct duplicate_rule;
struct assignment_rule;
struct lock;

struct rules {
    struct arena validation_arena, duplicate_arena, assignment_arena, lock_arena;
    struct validation_rule *validations;
    struct duplicate_rule *duplicates;
    struct assignment_rule *assignments;
    struct lock *locks;
    char **preview; /* room for the values of one record */
    size_t preview_room;
};

struct rules *rules_new(void);
void rules_free(struct rules *rules); /* NULL is allowed */

/* What the admin's rules say about records that nothing else stands in the way of:
   adds errors.  A bad AssignmentRuleHeader is an error. */
MUST_USE int rules_check(struct call *call, struct save *saves, size_t count);

/* The record as it would be after the save, in ret; its values are lent by the rules
   until the next preview, and by save. */
MUST_USE int rules_preview(struct call *call, const struct save *save, struct record *ret);

/* An object that an admin may shape, which users are not; or NULL. */
struct object *rules_object_named(struct orgdata *org, const char *name);

/* The object that a rule's key names; NULL with *err. */
struct object *rules_object(struct orgdata *org, const struct yml_node *node, struct err *err);

/* Gives a kind its new arena; for the ..._read functions. */
void rules_arena_swap(struct arena *old, struct arena *fresh);
#define RULES_ARENA_BYTES ((size_t)16 * 1024 * 1024)

/* validation.c */
MUST_USE int validation_read(struct service *service, const struct yml_node *list, struct err *err);
MUST_USE int validation_check(struct call *call, struct save *save, const struct record *preview);

/* duplicates.c */
MUST_USE int duplicates_read(struct service *service, const struct yml_node *list, struct err *err);
MUST_USE int duplicates_check(struct call *call, struct save *save, const struct record *preview);

/* assignment.c */
MUST_USE int assignment_read(struct service *service, const struct yml_node *list, struct err *err);
MUST_USE int assignment_check(struct call *call);

/* Sets the owner of a record that was just saved when the call asks for it. */
MUST_USE int assignment_apply(struct call *call, struct record *record);

/* locks.c */
MUST_USE int locks_read(struct service *service, const struct yml_node *list, struct err *err);

/* Adds the error when a lock keeps the record, or a parent that the save names, from
   being written; each refusal uses up one try. */
MUST_USE int locks_check(struct call *call, struct save *save, const struct record *record);

#endif
