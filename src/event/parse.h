/*
 * parse: a strict JSON parser.
 *
 * Refused: everything RFC 8259 does not allow, bytes that are not UTF-8, a lone surrogate escape,
 * nesting deeper than DOC_MAX_DEPTH, more than DOC_MAX_NODES values, text after the value.
 * \u0000 is allowed: readers of a text must use its length.
 *
 * Threads: any; nothing is kept.
 * Memory:  the text is borrowed and must outlive the document; doc_done frees.
 */
#ifndef EVENT_PARSE_H
#define EVENT_PARSE_H

#include "base/err.h"
#include "event/doc.h"

#define DOC_MAX_DEPTH 64
#define DOC_MAX_NODES 200000

/* Parses len bytes of text.  0, or -1 with nothing to free: ERR_INVALID says what is wrong at
   which byte, or ERR_MEMORY. */
MUST_USE int doc_parse(struct doc *doc, const char *text, size_t len, struct err *err);

#endif
