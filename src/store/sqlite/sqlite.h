/*
 * sqlite: the store in DIR/leadline.db: WAL, synchronous FULL, schema version with migrations.
 * Refuses a data directory that another process uses.
 *
 * Threads, memory and errors are those of store.h.
 */
#ifndef STORE_SQLITE_SQLITE_H
#define STORE_SQLITE_SQLITE_H

#include "store/store.h"

MUST_USE struct store *sqlite_open(const char *dir, struct err *err);

#endif
