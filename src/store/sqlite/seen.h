/*
 * seen: keeps in the database how much time the store has seen pass (store/seen.h).
 *
 * Threads: the one that opens the store.  Errors: those of a statement.
 */
#ifndef STORE_SQLITE_SEEN_H
#define STORE_SQLITE_SEEN_H

#include "store/sqlite/database.h"

MUST_USE int sqlite_seen_open(struct sqlite_store *store, struct err *err);

#endif
