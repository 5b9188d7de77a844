/*
 * delivery: writes waiting events to their orgs, and records what became of each.
 *
 * One destination is one org with its settings: a scheduler thread that reads waiting events,
 * groups them by key, looks up records, builds batches and writes receipts, and worker threads that
 * each hold one connection and execute one call at a time.  See docs/architecture.md.
 *
 * Threads: delivery_* may be called from any thread.
 * Memory:  settings are referenced; store and writer must outlive the delivery.
 * Errors:  as stated at each function; a destination that cannot start is logged.
 */
#ifndef DELIVERY_DELIVERY_H
#define DELIVERY_DELIVERY_H

#include "delivery/status.h"
#include "settings/settings.h"
#include "store/writer.h"

struct delivery;

/* Starts every enabled destination of the settings.  backend: for tests; NULL for Salesforce. */
MUST_USE struct delivery *delivery_start(struct settings *settings, struct store *store,
                                         struct writer *writer, const struct org_backend *backend,
                                         struct err *err);

/* New deliveries may be waiting: wakes the schedulers.  Cheap. */
void delivery_wake(struct delivery *delivery);

/* Changed destinations switch to the new settings between two calls; new ones start, removed ones
   stop.  A change by a person ends a stop. */
void delivery_reload(struct delivery *delivery, struct settings *settings);

/* A person says "try again": ends a stop or a hold of that destination.  -1 with
   ERR_NOT_FOUND. */
MUST_USE int delivery_retry(struct delivery *delivery, const char *destination, struct err *err);

/* A person pauses a destination: calls in flight are finished, nothing more is sent until a person
   resumes it, even after a restart.  Resuming also ends a stop or a hold.  Waits for the store.
   -1: ERR_NOT_FOUND, or the store could not write it down. */
MUST_USE int delivery_pause(struct delivery *delivery, const char *destination, struct err *err);
MUST_USE int delivery_resume(struct delivery *delivery, const char *destination, struct err *err);

/* A person retries dead letters of that destination: what is held against their keys is forgotten,
   so that they are sent at once.  Call it before the dead letters wait again. */
void delivery_redrive(struct delivery *delivery, const char *destination);

/* Finishes the calls in flight (grace_ms at most, then interrupts them), records their results,
   ends. */
void delivery_stop(struct delivery *delivery, int64_t grace_ms);

MUST_USE int delivery_status(struct delivery *delivery, struct delivery_status **ret,
                             size_t *ret_count, struct err *err);
void delivery_status_free(struct delivery_status *list, size_t count);

#endif
