/*
 * json: a strict reader that gives spans into the text instead of copies.
 *
 * Kept as they stand: the order of keys, the digits of numbers.  Refused:
 * everything RFC 8259 does not allow, bytes that are no UTF-8, a lone surrogate
 * escape, nesting deeper than JSON_MAX_DEPTH, more than JSON_MAX_NODES values, text
 * after the value.  \u0000 is allowed: readers of text look at its length.  Of a key that
 * stands twice in an object the last value counts, in the place of the first (repeats.h).
 *
 * Threads:  a parsed document is read-only and may be shared.
 * Memory:   the text is lent and must outlive the document; json_done frees the
 *           nodes.  Nodes stay where they are until then.
 */
#ifndef EVENT_JSON_H
#define EVENT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define JSON_MAX_DEPTH 64
#define JSON_MAX_NODES 200000

enum json_type {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

struct json_node {
    enum json_type type;
    bool escaped;     /* a string with backslashes in it */
    bool key_escaped; /* the same for its key */
    uint32_t start;   /* first byte of the value in the text; a string's without its quote */
    uint32_t len;     /* bytes of the value; a string's without its quotes */
    uint32_t key;     /* member of an object: first byte of the key */
    uint32_t key_len;
    uint32_t next;         /* index of the next sibling, 0 = none */
    uint32_t next_written; /* the same with those members that do not count */
    uint32_t child;        /* index of the first element or member, 0 = none */
    uint32_t count;        /* how many of them */
};

struct json_doc {
    const char *text;
    size_t len;
    struct json_node *nodes; /* nodes[0] is the root */
    size_t count, room;
};

/* Parses text.  0, or -1 with *err saying what is wrong at which byte; then
   there is nothing to free. */
MUST_USE int json_parse(struct json_doc *doc, const char *text, size_t len, struct err *err);
void json_done(struct json_doc *doc);

const struct json_node *json_root(const struct json_doc *doc);

/* Elements or members in order; NULL at the end, and for a node without any. */
const struct json_node *json_first(const struct json_doc *doc, const struct json_node *parent);
const struct json_node *json_next(const struct json_doc *doc, const struct json_node *node);

/* Members as they are written, with those that do not count because their name comes
   again. */
const struct json_node *json_first_written(const struct json_doc *doc,
                                           const struct json_node *parent);
const struct json_node *json_next_written(const struct json_doc *doc, const struct json_node *node);

/* The member of that exact name; NULL when there is none, or when object is
   NULL or no object. */
const struct json_node *json_get(const struct json_doc *doc, const struct json_node *object,
                                 const char *name);

/* The bytes of the value as they stand, a string with its quotes. */
const char *json_raw(const struct json_doc *doc, const struct json_node *node, size_t *ret_len);

/* A string decoded, or the text of a number or literal, or an array's or object's
   raw text: a copy with a NUL, to be mem_freed.  NULL when out of memory.  The
   text may hold NUL characters that came as \u0000: *ret_len counts them. */
MUST_USE char *json_text(const struct json_doc *doc, const struct json_node *node, size_t *ret_len);

/* The same text into room, with a NUL; false when it does not fit or holds a NUL itself. */
bool json_text_into(const struct json_doc *doc, const struct json_node *node, char *room,
                    size_t size);

/* The key of an object's member, decoded like json_text. */
MUST_USE char *json_key(const struct json_doc *doc, const struct json_node *node, size_t *ret_len);

/* The same into room, as with json_text_into. */
bool json_key_into(const struct json_doc *doc, const struct json_node *node, char *room,
                   size_t size);

/* True when node is a string (or key) that equals text. */
bool json_is_text(const struct json_doc *doc, const struct json_node *node, const char *text);
bool json_key_is(const struct json_doc *doc, const struct json_node *node, const char *text);

#endif
