/*
 * writer_purge: when a round of purging continues, and how much is done in one step.
 *
 * Threads: the store thread; the due time is read with the writer's lock held.
 */
#ifndef STORE_WRITER_PURGE_H
#define STORE_WRITER_PURGE_H

#include "store/writer_state.h"

#define WRITER_QUIET_MS 200 /* without a request: nobody waits */

/* For struct store_purge; arg is the writer.  Whether the step continues: a little in any case,
   more while nobody waits. */
bool writer_purge_continues(void *arg);

/* When its next step is due; INT64_MAX: there is no round. */
int64_t writer_purge_at_locked(const struct writer *writer);

/* Ends the round, with what was deleted so far. */
void writer_purge_end(struct writer *writer, const struct err *why);

/* The step's transaction has ended; why is NULL when it was committed. */
void writer_purge_answer(struct writer *writer, const struct err *why);

#endif
