/*
 * commit: writes an outcome batch to the store, however long that takes.  Until then nothing else
 * happens for the destination.
 *
 * Threads: the scheduler's.  Memory: frees the batch, and groups that are left empty.
 * Errors:  what the store does not accept before a stop is still waiting there, creates with their
 *          intent.
 */
#ifndef DELIVERY_COMMIT_H
#define DELIVERY_COMMIT_H

#include "delivery/destination.h"

void commit_batch(struct destination *d, struct outcome_batch *batch);

/* The same; then groups that have ended accumulate what arrived meanwhile, or are freed. */
void commit_and_close(struct destination *d, struct outcome_batch *batch, struct group **groups,
                      size_t count);

#endif
