/*
 * worker: a thread that holds one connection and executes one call at a time.
 *
 * Threads: it is one.  Memory: it owns a call from `ready` until it is posted to the inbox.
 */
#ifndef DELIVERY_WORKER_H
#define DELIVERY_WORKER_H

/* destination: struct destination.  Returns NULL when `ready` is closed. */
void *worker_main(void *destination);

#endif
