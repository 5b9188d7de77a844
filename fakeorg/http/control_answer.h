/*
 * control_answer: how a change is answered that has nothing else to show.
 *
 * Threads: any.
 */
#ifndef FAKEORG_HTTP_CONTROL_ANSWER_H
#define FAKEORG_HTTP_CONTROL_ANSWER_H

#include "base/buf.h"

/* {"error":why} in place of what out held.  Returns the status, 400. */
unsigned control_refuse(struct buf *out, const char *why);

/* {"ok":true}.  Returns the status, 200. */
unsigned control_done(struct buf *out);

#endif
