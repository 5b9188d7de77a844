/*
 * names: the numbers of sources, destinations and words, and what the open transaction changes
 * of each destination's counters.
 *
 * Threads: the writer's.  Memory: a name is borrowed until the next one is requested, or a
 * rollback.
 * Errors:  those of a statement; NULL or -1, and the transaction can only be rolled back.
 */
#ifndef STORE_SQLITE_NAMES_H
#define STORE_SQLITE_NAMES_H

#include "store/sqlite/database.h"

/* The number of a name; a new one gets a number.  Words are types and reasons. */
MUST_USE struct sqlite_name *sqlite_source(struct sqlite_store *store, const char *name,
                                           struct err *err);
MUST_USE struct sqlite_name *sqlite_destination(struct sqlite_store *store, const char *name,
                                                struct err *err);
MUST_USE struct sqlite_name *sqlite_word(struct sqlite_store *store, const char *word,
                                         struct err *err);

/* Writes the changes of the counters; the last step before a commit. */
MUST_USE int sqlite_flush_counters(struct sqlite_store *store, struct err *err);

/* Forgets names and changes: after a rollback their numbers may be wrong. */
void sqlite_forget_names(struct sqlite_store *store);

#endif
