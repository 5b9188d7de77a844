/*
 * body: turns the bytes of a request body as received into what its handler reads.
 * Threads: any.
 */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include <stdbool.h>

#include "base/buf.h"

/* Inflates body in place when it is gzip; its size limit applies before and after.  0, or -1 with
   ERR_FULL (too large once inflated), ERR_INVALID (no gzip) or ERR_MEMORY, and the body is empty.
   An empty body is left as it is. */
MUST_USE int body_decode(struct buf *body, bool gzip, struct err *err);

#endif
