/*
 * place: what an event contains at the places that a rule names.
 * Threads: any.
 */
#ifndef MAPPING_PLACE_H
#define MAPPING_PLACE_H

#include "mapping/binding.h"
#include "mapping/record.h"

enum found_kind {
    FOUND_NOTHING, /* absent, or text of white space only */
    FOUND_NULL,    /* no value, but an explicit null */
    FOUND_VALUE
};

struct found {
    enum found_kind kind;
    enum doc_type type; /* of a value: DOC_FALSE, DOC_TRUE, DOC_NUMBER or DOC_STRING */
    char *text;         /* owned; valid UTF-8 that may contain NUL; a number as written */
    size_t len;
    const char *trait;           /* where it was found, borrowed from the place */
    const struct doc_node *null; /* of FOUND_NULL: the node */
};

/* The first of from that is present.  An array counts only with lists: its elements
   joined by ";".  Values of an unusable kind are skipped with the note wrong_type.
   *ret is always filled; found_done it. */
void place_find(struct record *record, const struct event *event, const struct place *from,
                bool lists, struct found *ret);

/* What one node contains, for traits that no rule names. */
void place_read(struct record *record, const struct event *event, const struct doc_node *node,
                const char *trait, bool lists, struct found *ret);

void found_done(struct found *found);

/* What a name in the settings means: userId, anonymousId and groupId are members of the
   message, email falls back to the userId as the rule for Email does (ignoring case), all else
   is a trait. */
void place_named(const char *name, struct place ret[RULE_PLACES]);

/* Adds to *use what a rule or row does with the trait at a path of keys joined by dots. */
struct place_use {
    bool value; /* it reads the trait itself */
    bool parts; /* it reads something inside it */
};
void place_uses(const struct place *from, const char *path, struct place_use *use);

#endif
