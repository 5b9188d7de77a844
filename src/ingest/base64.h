/*
 * base64: as clients write it, URL-safe or not, padded or not.  Threads: any.
 */
#ifndef INGEST_BASE64_H
#define INGEST_BASE64_H

#include <stddef.h>

#include "base/err.h"

/* The decoded bytes and a NUL; mem_free them.  NULL: ERR_INVALID or ERR_MEMORY.  A space is read as
   a +, which an unescaped query turns into a space. */
MUST_USE char *base64_decode(const char *text, size_t *ret_len, struct err *err);

#endif
