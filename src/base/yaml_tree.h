/*
 * yaml_tree: YAML text, or JSON, which is a subset of it, as nodes with their line
 * numbers; and reading its maps by tables of keys, with errors that name file,
 * line, key and what was expected.
 *
 * Only maps, lists and text are read; anchors, aliases and tags are refused.
 *
 * Threads: any.
 * Memory:  nodes live in the arena; they borrow file.
 * Limits:  YML_MAX_DEPTH levels; the arena bounds the rest.
 */
#ifndef BASE_YAML_TREE_H
#define BASE_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/arena.h"

#define YML_MAX_DEPTH 12

enum yml_kind { YML_NOTHING, YML_TEXT, YML_LIST, YML_MAP };

struct yml_node {
    enum yml_kind kind; /* YML_NOTHING: no value, ~ or null */
    int line;           /* from 1 */
    size_t count;       /* children */
    size_t position;    /* among the parent's children, from 0 */
    const char *key;    /* in a map; else NULL */
    const char *text;   /* "" unless YML_TEXT */
    const char *file;   /* what errors call the file */
    struct yml_node *parent, *first, *last, *next;
};

/* The root; NULL with *err. */
MUST_USE struct yml_node *yml_read(const char *text, size_t len, const char *file,
                                   struct arena *arena, struct err *err);

/* The child of that key; NULL when there is none or node is NULL. */
const struct yml_node *yml_member(const struct yml_node *node, const char *key);

/* ERR_INVALID "FILE:LINE: rules[2].when: ...".  Returns -1. */
int yml_fail(const struct yml_node *node, struct err *err, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The type of a key's value, and of the member that receives it. */
enum yml_want {
    WANT_TEXT,    /* const char *, never empty */
    WANT_FLAG,    /* bool, of true or false */
    WANT_COUNT,   /* unsigned, of 0 to most */
    WANT_COUNT64, /* uint64_t, the same */
    WANT_NODE     /* const struct yml_node *, of any kind */
};

struct yml_key {
    const char *name;
    enum yml_want want;
    bool needed;
    size_t at; /* offset in the target */
    unsigned long most;
};

/* Reads a map into target by its table; members that the map leaves out are unchanged.  A
   key that the table does not have is an error. */
MUST_USE int yml_take(const struct yml_node *node, const struct yml_key *keys, size_t key_count,
                      void *target, struct err *err);

/* Single values.  -1 with *err when the node is of a different kind. */
MUST_USE int yml_flag(const struct yml_node *node, bool *ret_flag, struct err *err);
MUST_USE int yml_text(const struct yml_node *node, const char **ret_text, struct err *err);
MUST_USE int yml_is(const struct yml_node *node, enum yml_kind kind, struct err *err);

#endif
