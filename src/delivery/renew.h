/*
 * renew: keeps the schema up to date: the description of the org's objects that events are mapped
 * with.
 *
 * Threads: the scheduler's.  Memory: the schema belongs to the destination.  Units: ms, mono.
 */
#ifndef DELIVERY_RENEW_H
#define DELIVERY_RENEW_H

#include "delivery/destination.h"

/* Loads the schema that an earlier run saved. */
void renew_begin(struct destination *d);

/* True when nothing may be mapped, or sent as mapped, before the objects are described again. */
bool renew_stale(const struct destination *d);

/* Requests a describe, ahead of need while there is work; at the start at least a sign-in. */
void renew_due(struct destination *d);

/* When renew_due has something to do next; INT64_MAX: nothing by itself. */
int64_t renew_at(const struct destination *d);

/* Handles the answer to what renew_due requested. */
void renew_answer(struct destination *d, struct call *call);

/* The org says that the schema is out of date; for a single field, at most once in a while. */
void renew_distrust(struct destination *d);
void renew_distrust_field(struct destination *d);

/* Renames the keys of intents to those that the schema gives.  -1: the store's error, or out of
   memory; may be repeated. */
MUST_USE int renew_intents(struct destination *d, struct err *err);

#endif
