/*
 * text: cleans texts that people and SDKs send, for a field.
 * Threads: any.
 */
#ifndef MAPPING_TEXT_H
#define MAPPING_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum text_lines {
    TEXT_ONE_LINE, /* each tab and line break becomes a blank */
    TEXT_MANY_LINES
};

/* A copy without the characters that XML 1.0 forbids (*ret_removed: there were some) and
   without white space at its ends.  mem_free it; NULL when out of memory.  bytes must be
   valid UTF-8 and may contain NUL; the copy contains none. */
MUST_USE char *text_clean(const char *bytes, size_t len, enum text_lines lines, bool *ret_removed);

/* True when text_clean would leave nothing. */
bool text_is_blank(const char *bytes, size_t len);

/* Removes white space (as Unicode and JavaScript have it) at both ends. */
void text_trim(const char **bytes, size_t *len);

/* Where the first word of a trimmed text ends: at an ASCII white space, or at its end. */
size_t text_first_word(const char *bytes, size_t len);

/* Something@something.something, one @, no white space or comma: enough to tell an
   address from a database id. */
bool text_is_address(const char *bytes, size_t len);

#endif
