/*
 * commit: writes an outcome batch down, however long the store takes.  Until then nothing else
 * happens for the destination.
 *
 * Threads: the scheduler's.  Memory: the batch is freed, and so are groups that are left empty.
 * Errors:  what the store does not take before a stop still waits there, creates with their
 *          intent.
 */
#ifndef DELIVERY_COMMIT_H
#define DELIVERY_COMMIT_H

#include "delivery/destination.h"

void commit_batch(struct destination *d, struct outcome_batch *batch);

/* The same; then those of the groups that have ended accumulate what came meanwhile, or go. */
void commit_and_close(struct destination *d, struct outcome_batch *batch, struct group **groups,
                      size_t count);

#endif
