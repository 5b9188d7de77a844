/*
 * tree: a YAML document as plain nodes with their line numbers.
 *
 * Only the little of YAML that a configuration needs is read: maps, lists, text.
 * Anchors, aliases, merge keys, tags and a second document are refused, a key that occurs
 * twice in one map is marked, so a file means exactly what it says.  A byte order mark at
 * the beginning is skipped.
 *
 * Threads:  none of its own.
 * Memory:   tree_free frees the nodes and overwrites their texts: some are secrets.
 * Limits:   TREE_MAX_BYTES of text, TREE_MAX_DEPTH levels, TREE_MAX_NODES nodes,
 *           TREE_MAX_CHILDREN in one map or list.
 */
#ifndef SETTINGS_TREE_H
#define SETTINGS_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define TREE_MAX_BYTES    (1024 * 1024)
#define TREE_MAX_DEPTH    8
#define TREE_MAX_NODES    50000
#define TREE_MAX_CHILDREN 2000

enum tree_kind { TREE_NOTHING, TREE_TEXT, TREE_LIST, TREE_MAP };

struct tree_node {
    enum tree_kind kind; /* TREE_NOTHING: no value, ~ or null */
    int line;            /* from 1 */
    bool repeated;       /* its key occurred before in the same map */
    bool comment;        /* text without quotes (or nothing) followed by a comment */
    char *key;           /* in a map; else NULL */
    char *text;          /* TREE_TEXT; "" otherwise.  Never NULL, valid UTF-8, without NUL */
    size_t count;        /* children */
    struct tree_node *first, *last, *next;
};

/* The root.  NULL with *err, its text beginning "name:line: ". */
MUST_USE struct tree_node *tree_read(const char *text, size_t len, const char *name,
                                     struct err *err);
void tree_free(struct tree_node *root); /* NULL is allowed */

/* The child of that key or at that index; NULL when there is none or node is NULL. */
const struct tree_node *tree_member(const struct tree_node *node, const char *key);
const struct tree_node *tree_element(const struct tree_node *node, size_t index);

#endif
