/*
 * guard: notices what SQLite cannot: a log that is gone, files that are no longer the
 * open ones, and damage that no query has hit yet.
 *
 *   DIR/running exists while the write-ahead log holds what the database does not: created before
 *   the first commit, removed when all of the log has been copied back.  If it exists at a start,
 *   the log must be there.
 *
 * Threads: start, files and stop on the thread that opens, commits and closes; guard_damage on any.
 * Errors:  ERR_SYSTEM, with what happened, what is lost and what to do.
 */
#ifndef STORE_SQLITE_GUARD_H
#define STORE_SQLITE_GUARD_H

#include "store/sqlite/call.h"

struct guard;

/* Before anything is opened: refuses a database whose log is gone. */
MUST_USE int guard_before_open(const char *file, struct err *err);

/* Once writer is open: checks the database for guard_check_ms, the rest on a separate thread, and
   remembers which files are open.  file outlives it. */
MUST_USE struct guard *guard_start(sqlite3 *writer, const char *file, struct err *err);

/* Checks that commits reach the files that a restart will open, and that no damage was found; the
   first failure is permanent. */
MUST_USE int guard_files(struct guard *guard, struct err *err);

/* Before the connections are closed: keeps the log, with its mark, unless all of it is in the
   database.  NULL is allowed. */
void guard_stop(struct guard *guard);

/* How long a start waits for the check, and up to what size a database is fully checked rather than
   only read; variables for the sake of tests. */
extern int64_t guard_check_ms, guard_check_whole;

#endif
