/*
 * gzip: compresses and decompresses bodies, with a limit on the decompressed size.
 * Threads: any.
 */
#ifndef BASE_GZIP_H
#define BASE_GZIP_H

#include <stddef.h>

#include "base/buf.h"

/* Appends the contents of a gzip body to out.  -1: ERR_INVALID when it is not
   a complete gzip body, ERR_FULL when it is larger than out's maximum. */
MUST_USE int gzip_inflate(const void *bytes, size_t len, struct buf *out, struct err *err);

/* Appends bytes as one gzip member to out. */
MUST_USE int gzip_deflate(const void *bytes, size_t len, struct buf *out, struct err *err);

#endif
