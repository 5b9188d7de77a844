/*
 * queue: a bounded first-in first-out queue of pointers between threads.
 * Ownership of an item passes to the queue with queue_put, and to the caller with queue_take.
 *
 * Threads: any number may put and take.
 */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct queue;

/* A queue for at most max items; NULL with *err set. */
MUST_USE struct queue *queue_new(size_t max, struct err *err);

/* Frees the queue, which must be empty of items and of waiting threads.  NULL
   is allowed. */
void queue_free(struct queue *queue);

/* Hands item over.  false, and item still the caller's, when the queue is full
   or closed.  Never waits. */
MUST_USE bool queue_put(struct queue *queue, void *item);

/* The oldest item, now the caller's.  Waits for one until clock_mono() reaches
   deadline_ms (INT64_MAX: for ever, 0: not at all).  NULL: none came, or the
   queue is closed and empty. */
void *queue_take(struct queue *queue, int64_t deadline_ms);

/* Refuses every later put and wakes waiting threads; items still queued can be taken. */
void queue_close(struct queue *queue);

#endif
