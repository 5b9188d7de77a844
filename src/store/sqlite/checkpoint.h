/*
 * checkpoint: brings pages from the write-ahead log back into the database, on a
 * thread and a connection of its own, so that nobody who waits for a commit waits for it.
 *
 * While the writer is busy the thread cannot catch up with the end of the log, and only a
 * log that is copied to its end can begin anew.  So when it has come near, the writer copies
 * the short rest itself.
 *
 * Threads: starts and stops on the thread that opens and closes the store.
 * Errors:  a checkpoint that fails is tried again with a later commit; the log grows until
 *          then, and nothing is lost.
 */
#ifndef STORE_SQLITE_CHECKPOINT_H
#define STORE_SQLITE_CHECKPOINT_H

#include "store/sqlite/call.h"

struct checkpointer;

/* Watches the commits of writer, which outlives it.  file lives as long. */
MUST_USE struct checkpointer *checkpointer_start(sqlite3 *writer, const char *file,
                                                 struct err *err);
void checkpointer_stop(struct checkpointer *checkpointer); /* NULL is allowed */

#endif
