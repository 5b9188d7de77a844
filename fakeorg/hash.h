/*
 * hash: uthash, with memory from base/mem.h and failure as an error.  A function
 * that adds to a table declares "bool hash_failed = false;" and looks at it.
 */
#ifndef FAKEORG_HASH_H
#define FAKEORG_HASH_H

#include <stdbool.h>

#include "base/mem.h"

#define HASH_NONFATAL_OOM            1
#define uthash_malloc(size)          mem_alloc(size)
#define uthash_free(block, size)     mem_free(block)
#define uthash_nonfatal_oom(element) (hash_failed = true)

/* The default one falls through the cases of a switch, which clang warns of. */
#define HASH_FUNCTION(key, len, hash) HASH_OAT(key, len, hash)

#include <uthash.h>

#endif
