/*
 * source: what an event holds at the places a rule names.
 * Threads: any.
 */
#ifndef MAPPING_SOURCE_H
#define MAPPING_SOURCE_H

#include "mapping/record.h"
#include "mapping/rules.h"

enum found_kind {
    FOUND_NOTHING, /* absent, or text of white space only */
    FOUND_NULL,    /* nothing, but a null was said */
    FOUND_VALUE
};

struct found {
    enum found_kind kind;
    enum doc_type type; /* of a value: DOC_FALSE, DOC_TRUE, DOC_NUMBER or DOC_STRING */
    char *text;         /* owned; valid UTF-8 that may hold NUL; a number as written */
    size_t len;
    const char *trait;           /* where it was found, lent by the source */
    const struct doc_node *null; /* of FOUND_NULL: the node */
};

/* The first of from that is present.  An array counts only with lists: its elements
   joined by ";".  Values that cannot be one are passed over with the note wrong_type.
   *ret is always filled; found_done it. */
void source_find(struct record *record, const struct event *event, const struct source *from,
                 bool lists, struct found *ret);

/* What one node holds, for traits that no rule names. */
void source_read(struct record *record, const struct event *event, const struct doc_node *node,
                 const char *trait, bool lists, struct found *ret);

void found_done(struct found *found);

/* What a name in the settings means: userId, anonymousId and groupId are members of the
   message, email falls back to the userId as the rule for Email does (ignoring case), all else
   is a trait. */
void source_named(const char *name, struct source ret[RULE_SOURCES]);

/* Adds to *use what a rule or row does with the trait at a path of keys joined by dots. */
struct source_use {
    bool value; /* it reads the trait itself */
    bool parts; /* it reads something inside it */
};
void source_uses(const struct source *from, const char *path, struct source_use *use);

#endif
