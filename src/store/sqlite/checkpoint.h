/*
 * checkpoint: copies pages from the write-ahead log back into the database, on a separate thread
 * and connection, so that no commit waits for it.
 *
 * While the writer is busy the thread cannot catch up with the end of the log, and a log can only
 * restart once it is copied to its end.  So when the thread has got close, the writer copies the
 * short rest itself.
 *
 * Threads: started and stopped on the thread that opens and closes the store.
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
