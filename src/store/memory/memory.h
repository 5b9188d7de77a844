/*
 * memory: the store without a disk, for tests and for holding the contract against a second back
 * end that shares nothing with SQL.  It is written to be read, not to be fast: a take looks at
 * every delivery.
 *
 * Threads, memory and errors are those of store.h.
 */
#ifndef STORE_MEMORY_MEMORY_H
#define STORE_MEMORY_MEMORY_H

#include "store/store.h"

/* where is not used. */
MUST_USE struct store *memory_open(const char *where, struct err *err);

#endif
