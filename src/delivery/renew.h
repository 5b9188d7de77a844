/*
 * renew: keeps what is known of the org's objects true: what an event is mapped with.
 *
 * Threads: the scheduler's.  Memory: the schema is the destination's.  Units: ms, mono.
 */
#ifndef DELIVERY_RENEW_H
#define DELIVERY_RENEW_H

#include "delivery/destination.h"

/* Takes over the schema that an earlier run kept. */
void renew_begin(struct destination *d);

/* True when nothing may be mapped, or be sent as it was mapped, before the objects are
   described anew. */
bool renew_stale(const struct destination *d);

/* Asks for a describe, ahead of need while there is work; at the start for a sign-in at least. */
void renew_due(struct destination *d);

/* When renew_due has something to do next; INT64_MAX: not by itself. */
int64_t renew_at(const struct destination *d);

/* Reads the answer to what renew_due asked for. */
void renew_answer(struct destination *d, struct call *call);

/* The org says that the schema is no longer true; of one field: not more often than it pays. */
void renew_distrust(struct destination *d);
void renew_distrust_field(struct destination *d);

/* Renames the keys of intents to what the schema makes of them.  -1: the store's error, or out
   of memory; may be repeated. */
MUST_USE int renew_intents(struct destination *d, struct err *err);

#endif
