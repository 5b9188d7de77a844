/*
 * writer_capacity: whether the store works, and has capacity for new events.
 *
 * Threads: the store thread; writer_fits_locked: any, with the writer's lock held.
 */
#ifndef STORE_WRITER_CAPACITY_H
#define STORE_WRITER_CAPACITY_H

#include "store/writer_state.h"

/* Between transactions: checks the state of the store. */
void writer_check_capacity(struct writer *writer);

/* Whether count more events fit, besides those that are pending. */
bool writer_fits_locked(const struct writer *writer, int64_t count);

#endif
