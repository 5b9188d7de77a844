/*
 * chunked: a chunked body (RFC 9112, section 7.1), read incrementally, however it is split.
 *
 * Strict: lines end in CRLF, sizes are bare hex digits.  Extensions and trailers are skipped, up to
 * CHUNKED_MAX_EXTRA bytes of them in a body.
 *
 * Threads: any.  A plain value, zeroed at the start; nothing to free.
 */
#ifndef HTTP_CHUNKED_H
#define HTTP_CHUNKED_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define CHUNKED_MAX_EXTRA ((size_t)16 * 1024)

enum chunked_state {
    CHUNKED_SIZE, /* before the first digit of a size */
    CHUNKED_DIGITS,
    CHUNKED_EXTENSION,
    CHUNKED_SIZE_LF,
    CHUNKED_DATA,
    CHUNKED_DATA_CR,
    CHUNKED_DATA_LF,
    CHUNKED_TRAILER, /* at the start of a line */
    CHUNKED_TRAILER_TEXT,
    CHUNKED_TRAILER_LF,
    CHUNKED_END_LF,
    CHUNKED_DONE,
    CHUNKED_BAD
};

struct chunked {
    enum chunked_state state;
    uint64_t left; /* of this chunk */
    size_t extra;
};

/* Appends body bytes to to, and returns how many bytes were read: all, unless the state is then
   CHUNKED_DONE (what follows is the next request) or CHUNKED_BAD. */
size_t chunked_read(struct chunked *chunked, const char *bytes, size_t len, struct buf *to);

#endif
