/*
 * dispatch: decides on groups that have accumulated long enough or are large enough, and sends
 * calls.
 *
 * Threads: the scheduler's.  Memory: none of its own.  Units: ms, mono.
 * Errors:  logged; the destination pauses briefly, and the send is tried again.
 */
#ifndef DELIVERY_DISPATCH_H
#define DELIVERY_DISPATCH_H

#include "delivery/destination.h"

/* Turns what has accumulated into calls; does nothing while the schema is stale. */
void dispatch_cut(struct destination *d);

/* When dispatch_cut has something to do next; INT64_MAX: nothing accumulates. */
int64_t dispatch_due(const struct destination *d);

/* Hands queued calls to the workers, as many as may be in flight at once. */
void dispatch_send(struct destination *d);

#endif
