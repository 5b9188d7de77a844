/*
 * doc: a JSON document as nodes that point into its text, so that the order of keys and the digits
 * of numbers stay as they were sent.  doc_parse (parse.h) makes one.
 *
 * When a key occurs twice in an object, the last value counts, in the position of the
 * first (repeats.h).
 *
 * Threads:  a parsed document is read-only and may be shared.
 * Memory:   the text is borrowed and must outlive the document; doc_done frees the nodes.  Nodes
 *           do not move until then.
 * Errors:   only functions that return a copy can fail, and only for lack of memory.
 */
#ifndef EVENT_DOC_H
#define EVENT_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum doc_type { DOC_NULL, DOC_FALSE, DOC_TRUE, DOC_NUMBER, DOC_STRING, DOC_ARRAY, DOC_OBJECT };

struct doc_node {
    enum doc_type type;
    bool escaped;     /* a string with backslashes in it */
    bool key_escaped; /* the same for its key */
    uint32_t start;   /* first byte of the value in the text; a string's without its quote */
    uint32_t len;     /* bytes of the value; a string's without its quotes */
    uint32_t key;     /* member of an object: first byte of the key */
    uint32_t key_len;
    uint32_t next;         /* index of the next sibling, 0 = none */
    uint32_t next_written; /* the same, including members that do not count */
    uint32_t child;        /* index of the first element or member, 0 = none */
    uint32_t count;        /* how many of them */
};

struct doc {
    const char *text;
    size_t len;
    struct doc_node *nodes; /* nodes[0] is the root */
    size_t count, capacity;
};

/* Frees the nodes, not the text. */
void doc_done(struct doc *doc);

const struct doc_node *doc_root(const struct doc *doc);

/* Elements or members in order; NULL at the end, and for a node without any. */
const struct doc_node *doc_first(const struct doc *doc, const struct doc_node *parent);
const struct doc_node *doc_next(const struct doc *doc, const struct doc_node *node);

/* Members as they are written, including those that do not count because their name
   occurs again. */
const struct doc_node *doc_first_written(const struct doc *doc, const struct doc_node *parent);
const struct doc_node *doc_next_written(const struct doc *doc, const struct doc_node *node);

/* The member of that exact name; NULL when there is none, or when object is
   NULL or not an object. */
const struct doc_node *doc_get(const struct doc *doc, const struct doc_node *object,
                               const char *name);

/* The bytes of the value as written, a string with its quotes. */
const char *doc_raw(const struct doc *doc, const struct doc_node *node, size_t *ret_len);

/* A string decoded, or the text of a number or literal, or an array's or object's
   raw text: a copy with a NUL, to be mem_freed.  NULL when out of memory.  The
   text may contain NUL characters, sent as \u0000: *ret_len counts them. */
MUST_USE char *doc_text(const struct doc *doc, const struct doc_node *node, size_t *ret_len);

/* The same text into ret, with a NUL; false when it does not fit or contains a NUL itself. */
bool doc_text_into(const struct doc *doc, const struct doc_node *node, char *ret, size_t size);

/* The key of an object's member, decoded like doc_text. */
MUST_USE char *doc_key(const struct doc *doc, const struct doc_node *node, size_t *ret_len);

/* The same into ret, as with doc_text_into. */
bool doc_key_into(const struct doc *doc, const struct doc_node *node, char *ret, size_t size);

/* True when node is a string (or key) that equals text. */
bool doc_is_text(const struct doc *doc, const struct doc_node *node, const char *text);
bool doc_key_is(const struct doc *doc, const struct doc_node *node, const char *text);

#endif
