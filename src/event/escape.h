/*
 * escape: backslash escapes in JSON strings (RFC 8259, section 7).  Inside event only.
 *
 * Threads: any; nothing is kept.
 */
#ifndef EVENT_ESCAPE_H
#define EVENT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of four hex digits, or -1. */
int32_t escape_hex_unit(const char *at, const char *end);

/* Whether a UTF-16 unit is one half of a pair; -1 is neither. */
bool escape_is_high_surrogate(int32_t unit);
bool escape_is_low_surrogate(int32_t unit);

/* Decodes the escape at *at, or skips a whole run of plain bytes, of a string that the
   parser has accepted; *at moves past it.  The result points into the text or to piece;
   *ret_len is its length in bytes. */
const char *escape_next(const char **at, const char *end, char piece[4], size_t *ret_len);

#endif
