/*
 * outline: a text in YAML, or JSON, which is a part of it, as nodes that know their
 * line; and the reading of its maps by tables of keys, with errors that name file,
 * line, key and what was expected.
 *
 * Of YAML maps, lists and text are read; anchors, aliases and tags are refused.
 *
 * Threads: any.
 * Memory:  nodes live in the arena; source is lent to them.
 * Limits:  OUTLINE_MAX_DEPTH levels; the arena bounds the rest.
 */
#ifndef FAKEORG_OUTLINE_H
#define FAKEORG_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "fakeorg/arena.h"

#define OUTLINE_MAX_DEPTH 12

enum outline_kind { OUTLINE_NOTHING, OUTLINE_TEXT, OUTLINE_LIST, OUTLINE_MAP };

struct outline_node {
    enum outline_kind kind; /* OUTLINE_NOTHING: no value, ~ or null */
    int line;               /* from 1 */
    size_t count;           /* children */
    size_t position;        /* among the parent's children, from 0 */
    const char *key;        /* in a map; else NULL */
    const char *text;       /* "" unless OUTLINE_TEXT */
    const char *source;     /* what errors call the file */
    struct outline_node *parent, *first, *last, *next;
};

/* The root; NULL with *err. */
MUST_USE struct outline_node *outline_read(const char *text, size_t len, const char *source,
                                           struct arena *arena, struct err *err);

/* The child of that key; NULL when there is none or node is NULL. */
const struct outline_node *outline_member(const struct outline_node *node, const char *key);

/* ERR_INVALID "FILE:LINE: rules[2].when: ...".  Returns -1. */
int outline_fail(const struct outline_node *node, struct err *err, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* What the value of a key is; where it goes. */
enum outline_want {
    WANT_TEXT,    /* const char *, never empty */
    WANT_FLAG,    /* bool, of true or false */
    WANT_COUNT,   /* unsigned, of 0 to most */
    WANT_COUNT64, /* uint64_t, the same */
    WANT_NODE     /* const struct outline_node *, of any kind */
};

struct outline_key {
    const char *name;
    enum outline_want want;
    bool needed;
    size_t at; /* offset in the target */
    unsigned long most;
};

/* Reads a map into target by its table; what the map does not say stays as it is.  A
   key that the table does not have is an error. */
MUST_USE int outline_take(const struct outline_node *node, const struct outline_key *keys,
                          size_t key_count, void *target, struct err *err);

/* Single values.  -1 with *err when the node is of another kind. */
MUST_USE int outline_flag(const struct outline_node *node, bool *ret_flag, struct err *err);
MUST_USE int outline_text(const struct outline_node *node, const char **ret_text, struct err *err);
MUST_USE int outline_is(const struct outline_node *node, enum outline_kind kind, struct err *err);

#endif
