/*
 * cursor: the remaining rows of a query that has more than a page of them (queryMore).
 *
 * A cursor lives two days, and any number may be open.  Before API 56.0 it lived 15
 * minutes, and a user had ten.  Each page has a new locator, valid for one use.
 * Source: Salesforce help on query cursor limits.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  cursors_keep takes ownership of the result's arrays.
 * Limits:  CURSORS_MAX at once and CURSORS_MAX_ROWS in all; then the oldest is dropped.
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
    bool is_old; /* by the rules of API versions before 56.0 */
};

struct cursors {
    struct cursor *slots; /* the oldest first */
    size_t count, capacity;
    uint64_t last_number;
};

/* Takes over result for a client of that API version, leaving it empty; valid until the
   next call here.  NULL when out of memory. */
struct cursor *cursors_keep(struct cursors *cursors, struct soql_result *result, int version,
                            int64_t now_ms);

/* A locator for row, from which the client may continue. */
void cursor_locator(struct cursor *cursor, size_t row, char ret[LOCATOR_MAX]);

/* The open cursor and row of a locator; NULL when there is none, or, unless again is set,
   it was used before. */
struct cursor *cursors_find(struct cursors *cursors, const char *locator, bool again,
                            int64_t now_ms, size_t *ret_row);

/* Closes one whose last row was sent. */
void cursors_drop(struct cursors *cursors, struct cursor *cursor);

/* Closes all: their records are about to be freed. */
void cursors_clear(struct cursors *cursors);

#endif
