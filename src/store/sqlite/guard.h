/*
 * guard: notices what SQLite cannot: a log that is gone, files that are no longer the
 * open ones, and damage that nobody has read yet.
 *
 *   DIR/running exists while the write-ahead log holds what the database does not: made before
 *   the first commit, removed when all of it was copied back.  When it exists at a start, the
 *   log must be there.
 *
 * Threads: open, files and close by who opens, commits and closes; guard_damage by any.
 * Errors:  ERR_SYSTEM, with what happened, what is lost and what to do.
 */
#ifndef STORE_SQLITE_GUARD_H
#define STORE_SQLITE_GUARD_H

#include "store/sqlite/call.h"

struct guard;

/* Before anything is opened: refuses a database whose log is gone. */
MUST_USE int guard_before_open(const char *file, struct err *err);

/* Once writer is open: checks the database for guard_check_ms, the rest of it on a thread of its
   own, and remembers which files are the open ones.  file outlives it. */
MUST_USE struct guard *guard_start(sqlite3 *writer, const char *file, struct err *err);

/* Whether what is committed now reaches the files that a restart will open, and nothing was
   found damaged; the first thing that was wrong stays wrong. */
MUST_USE int guard_files(struct guard *guard, struct err *err);

/* Before the connections are closed: keeps the log, with its mark, unless all of it is in the
   database.  NULL is allowed. */
void guard_stop(struct guard *guard);

/* How long a start waits for the check, and up to how many bytes a database is checked as a whole,
   not only read through; they are variables for tests. */
extern int64_t guard_check_ms, guard_check_whole;

#endif
