/*
 * cursor: the rest of a query that has more rows than a page (queryMore).
 *
 * A cursor lives two days, and any number may be open.  Before API 56.0 it lived 15
 * minutes, and a user had ten.  Each page brings a new locator, good for one use.
 * Source: Salesforce help on query cursor limits.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  cursors_keep takes the result's arrays over.
 * Limits:  CURSORS_MAX at once and CURSORS_MAX_ROWS in all; then the oldest goes.
 */
#ifndef FAKEORG_QUERY_CURSOR_H
#define FAKEORG_QUERY_CURSOR_H

#include <stddef.h>
#include <stdint.h>

#include "fakeorg/query/soql.h"

#define CURSORS_MAX      1000
#define CURSORS_MAX_ROWS ((size_t)64 * 1024 * 1024)
#define LOCATOR_MAX      48

struct cursor {
    char id[ID_MAX];
    struct soql_result result;
    size_t next; /* the furthest row that a locator names */
    int64_t ends_ms;
    bool is_old; /* by the rules before 56.0 */
};

struct cursors {
    struct cursor *slots; /* the oldest first */
    size_t count, room;
    uint64_t last_number;
};

/* Keeps result for a client of that version, and empties it for the caller; a loan
   until the next call here.  NULL without memory. */
struct cursor *cursors_keep(struct cursors *cursors, struct soql_result *result, int version,
                            int64_t now_ms);

/* The locator for row, which may then be asked for. */
void cursor_locator(struct cursor *cursor, size_t row, char ret[LOCATOR_MAX]);

/* The living cursor and row that a locator names; NULL when it names none, or, without
   again, was used before. */
struct cursor *cursors_find(struct cursors *cursors, const char *locator, bool again,
                            int64_t now_ms, size_t *ret_row);

/* Forgets one whose last row is out. */
void cursors_drop(struct cursors *cursors, struct cursor *cursor);

/* Forgets all: their records are about to go. */
void cursors_clear(struct cursors *cursors);

#endif
