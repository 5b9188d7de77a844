/*
 * rows: reads the rows of a statement into a list, under the lock of the readers.
 *
 * Threads: any, between sqlite_locked and sqlite_unlocked.
 * Memory:  lists belong to the caller; after a failure they hold what was read before it.
 * Errors:  those of a statement, and ERR_SYSTEM for a row of the wrong shape.
 */
#ifndef STORE_SQLITE_ROWS_H
#define STORE_SQLITE_ROWS_H

#include "store/sqlite/database.h"

/* Longest list in one answer; to get more, ask again from the last seq. */
#define SQLITE_LIST_MAX 10000

struct sqlite_store *sqlite_locked(struct store *base);
int sqlite_unlocked(struct sqlite_store *store, int rc); /* returns rc */

/* Reads every row of the call into a list with fill, and ends the call.  What was read is in
 *list also when it fails. */
MUST_USE int sqlite_collect(struct sqlite_call *call, const char *what, size_t size,
                            void (*fill)(struct sqlite_call *call, void *item), void **list,
                            size_t *count, size_t *capacity, struct err *err);

/* A struct store_receipt, without and with the body. */
void sqlite_fill_receipt(struct sqlite_call *call, void *item);
void sqlite_fill_whole(struct sqlite_call *call, void *item);

/* All receipts of a call; unlocks the store and returns 0 or -1. */
MUST_USE int sqlite_collect_receipts(struct sqlite_store *store, struct sqlite_call *call,
                                     void (*fill)(struct sqlite_call *call, void *item),
                                     struct store_receipt **ret, size_t *ret_count,
                                     struct err *err);

#endif
