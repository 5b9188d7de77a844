/*
 * memory: the store without a disk, for tests and to check the contract against a second back end
 * that has nothing to do with SQL.  It is written for clarity, not speed: a take looks at every
 * delivery.
 *
 * Threads, memory and errors are those of store.h.
 */
#ifndef STORE_MEMORY_MEMORY_H
#define STORE_MEMORY_MEMORY_H

#include "store/store.h"

/* where is not used. */
MUST_USE struct store *memory_open(const char *where, struct err *err);

#endif
