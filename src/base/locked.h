/*
 * locked: memory for secrets: never swapped out, left out of core files, between guard
 * pages, and overwritten when it is freed.
 *
 * Each block takes at least a page.  When no more memory can be locked (ulimit -l) a block is
 * allocated all the same, and locked_all is false from then on.
 *
 * Threads: any.
 * Errors:  NULL: out of memory.  mem_fail_at makes these fail too.
 */
#ifndef BASE_LOCKED_H
#define BASE_LOCKED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

MUST_USE void *locked_alloc(size_t size);

/* A copy of text with its NUL. */
MUST_USE char *locked_text(const char *text);

/* Only for blocks from this header.  NULL is allowed. */
void locked_free(void *block);

/* False when a block could not be locked, and so may be swapped out. */
bool locked_all(void);

#endif
