/*
 * dispatch: decides on what has accumulated long enough, or is enough, and sends calls.
 *
 * Threads: the scheduler's.  Memory: none of its own.  Units: ms, mono.
 * Errors:  logged; the destination holds a moment, and what was to be sent is tried again.
 */
#ifndef DELIVERY_DISPATCH_H
#define DELIVERY_DISPATCH_H

#include "delivery/destination.h"

/* Cuts what has accumulated into calls; nothing while the schema is stale. */
void dispatch_cut(struct destination *d);

/* When dispatch_cut has something to do next; INT64_MAX: nothing accumulates. */
int64_t dispatch_due(const struct destination *d);

/* Hands queued calls to the workers, as many as may be in flight at once. */
void dispatch_send(struct destination *d);

#endif
