/*
 * schema: brings a database to this program's version of the tables, one transaction a step.
 *
 * Threads: the one that opens the store.  Errors: ERR_SYSTEM when it is not Leadline's or newer
 * than the last step.
 */
#ifndef STORE_SQLITE_SCHEMA_H
#define STORE_SQLITE_SCHEMA_H

#include "store/sqlite/call.h"

extern const char *const sqlite_steps[];
extern const size_t sqlite_step_count;
MUST_USE int sqlite_migrate(struct sqlite_link *link, const char *const *steps, size_t count,
                            struct err *err);

#endif
