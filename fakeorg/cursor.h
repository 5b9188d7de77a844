/*
 * cursor: the rest of a query that has more rows than a page (queryMore).
 *
 * Threads: whoever holds the service's lock.
 * Memory:  cursors_keep takes the result's arrays over.
 * Limits:  CURSORS_MAX at once; a new one then replaces the oldest.
 */
#ifndef FAKEORG_CURSOR_H
#define FAKEORG_CURSOR_H

#include <stddef.h>
#include <stdint.h>

#include "fakeorg/soql.h"

#define CURSORS_MAX 50
#define LOCATOR_MAX 48

struct cursor {
    uint64_t number; /* 0: none */
    struct soql_result result;
};

struct cursors {
    struct cursor slots[CURSORS_MAX];
    uint64_t last_number;
};

/* Keeps result, and empties it for the caller. */
struct cursor *cursors_keep(struct cursors *cursors, struct soql_result *result);

/* The locator of the page that begins at row. */
void cursor_locator(const struct cursor *cursor, size_t row, char ret[LOCATOR_MAX]);

/* The cursor and row that a locator names; NULL when it names none. */
struct cursor *cursors_find(struct cursors *cursors, const char *locator, size_t *ret_row);

/* Forgets all: their records are about to go. */
void cursors_clear(struct cursors *cursors);

#endif
