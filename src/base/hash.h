/*
 * hash: uthash as this project uses it: memory from mem.h, and running out of memory
 * leaves an entry out instead of ending the process.  After HASH_ADD... check
 * hash_entered(&element->hh).
 *
 * The element must have been zeroed before (mem_zero).
 *
 * Threads: a table belongs to one thread at a time.  Memory: elements are the caller's.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>

#include "base/mem.h"

#define HASH_NONFATAL_OOM        1
#define uthash_malloc(size)      mem_alloc(size)
#define uthash_free(block, size) mem_free(block)

/* uthash's own choice falls through the cases of a switch, which clang warns of. */
#define HASH_FUNCTION(key, len, hash) HASH_OAT(key, len, hash)

#include <uthash.h>

static inline bool hash_entered(const UT_hash_handle *hh)
{
    return hh->tbl != NULL;
}

#endif
