/*
 * arena: memory that is freed all at once, when the request it belongs to is finished.
 *
 * Threads: one arena belongs to one thread at a time.
 * Memory:  arena_done frees every block; blocks are never freed one by one.
 * Limits:  beyond max_bytes arena_take returns NULL, as when out of memory.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/err.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *chunk; /* the newest, which the next block is cut from */
    size_t used, left_bytes;
};

void arena_init(struct arena *arena, size_t max_bytes);
void arena_done(struct arena *arena);

/* size zeroed bytes, aligned for anything; NULL when out of memory or over the limit. */
MUST_USE void *arena_take(struct arena *arena, size_t size);

/* A copy of len bytes followed by a NUL. */
MUST_USE char *arena_text(struct arena *arena, const char *bytes, size_t len);

#endif
