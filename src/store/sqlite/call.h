/*
 * call: one run of a statement, the small interface that the SQLite back end is written against.
 * Values are bound in order; like a struct buf, a call remembers the first failure and reports it
 * at the end.
 *
 *   struct sqlite_call call = sqlite_call(link, ADD_INTENT);
 *   sqlite_text(&call, key);
 *   sqlite_int(&call, now_ms);
 *   return sqlite_run(&call, err);
 *
 * Threads: a link belongs to one thread at a time.
 * Memory:  bound text must live until the call ends.  Columns are handed out as copies.
 * Trust:   columns are checked like input: a row of the wrong shape is an error that
 *          says so, never a crash.
 */
#ifndef STORE_SQLITE_CALL_H
#define STORE_SQLITE_CALL_H

#include <sqlite3.h>

#include "store/store.h"

/* One connection with its prepared statements. */
struct sqlite_link {
    sqlite3 *db;
    const char *file; /* for messages */
    sqlite3_stmt **statements;
    size_t count;
};

/* Opens file; flags are SQLite's.  On -1 link is left closed. */
MUST_USE int sqlite_link_open(struct sqlite_link *link, const char *file, int flags,
                              struct err *err);
MUST_USE int sqlite_link_prepare(struct sqlite_link *link, const char *const *sql, size_t count,
                                 struct err *err);
void sqlite_link_close(struct sqlite_link *link);

/* Runs statements whose rows are ignored. */
MUST_USE int sqlite_script(struct sqlite_link *link, const char *sql, struct err *err);

/* The first column of the first row, for pragmas. */
MUST_USE int sqlite_number(struct sqlite_link *link, const char *sql, int64_t *ret,
                           struct err *err);

struct sqlite_call {
    const struct sqlite_link *link;
    sqlite3_stmt *statement;
    int bound;         /* values bound so far */
    int failure;       /* SQLite's code of the first binding that failed */
    int column;        /* next column to read */
    enum err_kind bad; /* the row: ERR_NONE, ERR_SYSTEM (wrong shape) or ERR_MEMORY */
};

struct sqlite_call sqlite_call(const struct sqlite_link *link, size_t statement);

void sqlite_int(struct sqlite_call *call, int64_t value);
void sqlite_text(struct sqlite_call *call, const char *text); /* NULL: SQL's NULL */
void sqlite_bytes(struct sqlite_call *call, const char *bytes, size_t len);

/* 1: there is a row, 0: there are no more, -1. */
MUST_USE int sqlite_step(struct sqlite_call *call, struct err *err);
void sqlite_end(struct sqlite_call *call);

/* Steps to the end and ends. */
MUST_USE int sqlite_run(struct sqlite_call *call, struct err *err);

/* The columns of the row in order.  The caller frees text with mem_free; optional text may be NULL.
 */
int64_t sqlite_read_int(struct sqlite_call *call, int64_t min, int64_t max);
/* A delivery's state; the number after the last one means dead and discarded. */
#define SQLITE_DISCARDED STORE_STATES
enum store_state sqlite_read_state(struct sqlite_call *call, bool *ret_discarded);
char *sqlite_read_text(struct sqlite_call *call);
char *sqlite_read_optional(struct sqlite_call *call);
char *sqlite_read_bytes(struct sqlite_call *call, size_t *ret_len);

/* True when the row's checksum, its next column, does not match; false when an earlier version
   stored none. */
bool sqlite_read_damaged(struct sqlite_call *call, const char *body, size_t len,
                         int64_t received_ms, int64_t timestamp_ms);

/* 0 when every column read had the right shape; what names the row ("delivery"). */
MUST_USE int sqlite_row_check(const struct sqlite_call *call, const char *what, int64_t id,
                              struct err *err);

#endif
