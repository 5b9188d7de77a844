/*
 * writer_capacity: whether the store works, and has capacity for new events.
 *
 * Threads: the store thread; fits is asked by any, with the writer's lock held.
 */
#ifndef STORE_WRITER_CAPACITY_H
#define STORE_WRITER_CAPACITY_H

#include "store/writer_state.h"

/* Between transactions: looks at the store, as far as it can tell. */
void writer_check_capacity(struct writer *writer);

/* Whether so many events more fit, with those that are on their way. */
bool writer_fits_locked(const struct writer *writer, int64_t count);

#endif
