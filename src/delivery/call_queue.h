/*
 * call_queue: the calls that wait to be sent, and which of them a group joins.
 *
 * Threads: the scheduler's.  Memory: queued calls are the destination's.
 * Limits:  groups are in hand, so their calls are bounded.
 */
#ifndef DELIVERY_CALL_QUEUE_H
#define DELIVERY_CALL_QUEUE_H

#include "delivery/destination.h"

/* How many groups a call of that kind takes; that many do not wait for more. */
size_t call_queue_capacity(const struct destination *d, enum call_kind kind);

/* Puts a group that is being decided on into the last call of that kind that accepts it, else into
   a new one at the end.  A key that once made a whole call fail gets a call of its own. -1: out of
   memory, and the group has not moved. */
MUST_USE int call_queue_join(struct destination *d, struct group *group, enum call_kind kind,
                             const char *object, struct err *err);

/* Puts a call (back) into the queue, and its groups with it. */
void call_queue_append(struct destination *d, struct call *call);
void call_queue_prepend(struct destination *d, struct call *call);

/* Takes it out; its groups stay queued until they are sent or decided on. */
void call_queue_remove(struct destination *d, struct call *call);

/* Frees all queued calls, but not their groups. */
void call_queue_done(struct destination *d);

#endif
