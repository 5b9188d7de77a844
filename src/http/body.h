/*
 * body: the bytes of a request as they came, made into what its handler reads.
 * Threads: any.
 */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include <stdbool.h>

#include "base/buf.h"

/* Inflates body in place when it is gzip; its bound holds before and after.  0, or -1 with
   ERR_FULL (too large once inflated), ERR_INVALID (no gzip) or ERR_MEMORY, and the body is
   empty.  A body without bytes is left as it is. */
MUST_USE int body_decode(struct buf *body, bool gzip, struct err *err);

#endif
