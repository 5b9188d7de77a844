/*
 * utf8: what the project needs to know about text.  Threads: any.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* True when the bytes are UTF-8: no overlong forms, no surrogates. */
bool utf8_valid(const char *bytes, size_t len);

/* Reads one character of valid UTF-8; returns its bytes (1 to 4), 0 at the end. */
size_t utf8_next(const char *bytes, size_t len, uint32_t *ret_char);

/* Appends c as UTF-8 to out (room for 4); returns its bytes. */
size_t utf8_encode(uint32_t c, char out[4]);

/* The length as Salesforce counts it, in UTF-16 units. */
size_t utf8_utf16_length(const char *bytes, size_t len);

/* The length in bytes of the longest prefix of whole characters with at
   most max_units UTF-16 units. */
size_t utf8_cut(const char *bytes, size_t len, size_t max_units);

/* True for a character that XML 1.0 allows. */
bool utf8_xml_char(uint32_t c);

/* text without white space at its ends and with case folded, so that two texts
   that Salesforce's = treats as equal become the same bytes.  mem_free it; NULL
   when out of memory. */
MUST_USE char *utf8_fold(const char *text, size_t len);

/* The same, also without accents and the wide forms of East Asian letters: for texts that are
   equal only by rules not implemented here.  mem_free it; NULL when out of memory. */
MUST_USE char *utf8_base_letters(const char *text, size_t len);

#endif
