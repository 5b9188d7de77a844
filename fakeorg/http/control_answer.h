/*
 * control_answer: the answers to changes that return no data.
 *
 * Threads: any.
 */
#ifndef FAKEORG_HTTP_CONTROL_ANSWER_H
#define FAKEORG_HTTP_CONTROL_ANSWER_H

#include "base/buf.h"

/* Replaces out with {"error":why}.  Returns the status, 400. */
unsigned control_refuse(struct buf *out, const char *why);

/* {"ok":true}.  Returns the status, 200. */
unsigned control_done(struct buf *out);

#endif
