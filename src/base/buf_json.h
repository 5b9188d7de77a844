/*
 * buf_json: writing JSON into a buffer, for output that must keep what a JSON library would
 * change (the digits of a number, the order of keys).
 *
 * Threads, memory, errors: as in buf.h.
 */
#ifndef BASE_BUF_JSON_H
#define BASE_BUF_JSON_H

#include <stddef.h>

#include "base/buf.h"

/* text, which must be valid UTF-8, as a JSON string with its quotes. */
void buf_json_string(struct buf *buf, const char *text, size_t len);

/* "name": with a comma before it unless the last byte written is { or [. */
void buf_json_key(struct buf *buf, const char *name);

/* Only the comma, by the same rule; before each element of an array. */
void buf_json_comma(struct buf *buf);

#endif
