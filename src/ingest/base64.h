/*
 * base64: as clients write it, URL-safe or not, padded or not.  Threads: any.
 */
#ifndef INGEST_BASE64_H
#define INGEST_BASE64_H

#include <stddef.h>

#include "base/err.h"

/* The decoded bytes with a NUL behind them, to be mem_freed.  NULL: ERR_INVALID or
   ERR_MEMORY.  A blank is read as the + that an unescaped query turned into it. */
MUST_USE char *base64_decode(const char *text, size_t *ret_len, struct err *err);

#endif
