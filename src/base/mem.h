/*
 * mem: every allocation of the project goes through here.
 *
 * Failure is an error like any other: each function returns NULL and the
 * caller passes ERR_MEMORY on.  In a build with -Dfault_memory=true a test can
 * make the nth allocation fail.
 *
 * Threads: any.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Like malloc, but size 0 gives a block that can be freed, never NULL. */
MUST_USE void *mem_alloc(size_t size);

/* count * size zeroed bytes; NULL also when the product overflows. */
MUST_USE void *mem_zero(size_t count, size_t size);

/* Resizes block to count * size bytes.  On NULL the old block is still valid. */
MUST_USE void *mem_resize(void *block, size_t count, size_t size);

/* Makes sure that a list has space for one more item of that size, doubling it when it is
   full. -1: out of memory, and the list is unchanged. */
MUST_USE int mem_grow(void **list, size_t count, size_t *capacity, size_t size, struct err *err);

/* A copy of text with its NUL; of len bytes followed by a NUL. */
MUST_USE char *mem_text(const char *text);
MUST_USE char *mem_text_n(const char *bytes, size_t len);

/* printf into a new block; NULL when out of memory. */
MUST_USE char *mem_format(const char *format, ...) PRINTF_LIKE(1, 2);

/* NULL is allowed. */
void mem_free(void *block);

/* Overwrites a secret with zeros before freeing it.  NULL is allowed. */
void mem_free_secret(char *text);

/* Test builds only: the nth allocation from now fails (1 = the next one), once;
   0 switches it off.  Returns how many were left until the previously set
   failure: 0 when it has happened.  Without -Dfault_memory=true nothing fails, and it returns 1. */
size_t mem_fail_at(size_t nth);

/* Test builds only: what the calling thread allocates neither counts nor fails. */
void mem_fail_spare(bool spare);

#endif
