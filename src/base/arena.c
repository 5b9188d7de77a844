/* arena: blocks cut from a chain of chunks, all freed at once, within a bound. */
#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

#include "base/mem.h"

#define CHUNK_BYTES ((size_t)32 * 1024)

struct arena_chunk {
    struct arena_chunk *older;
    size_t capacity;
    alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *arena, size_t max_bytes)
{
    *arena = (struct arena){.left_bytes = max_bytes};
}

void arena_done(struct arena *arena)
{
    while (arena->chunk != NULL) {
        struct arena_chunk *chunk = arena->chunk;
        arena->chunk = chunk->older;
        mem_free(chunk);
    }
}

void *arena_take(struct arena *arena, size_t size)
{
    size_t aligned = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);

    if (aligned < size)
        return NULL;
    if (arena->chunk == NULL || arena->chunk->capacity - arena->used < aligned) {
        size_t capacity = aligned > CHUNK_BYTES ? aligned : CHUNK_BYTES;
        if (capacity > arena->left_bytes)
            return NULL;
        struct arena_chunk *chunk = mem_alloc(sizeof *chunk + capacity);
        if (chunk == NULL)
            return NULL;
        chunk->older = arena->chunk;
        chunk->capacity = capacity;
        arena->chunk = chunk;
        arena->used = 0;
        arena->left_bytes -= capacity;
    }
    void *block = arena->chunk->bytes + arena->used;
    arena->used += aligned;
    return memset(block, 0, size);
}

char *arena_text(struct arena *arena, const char *bytes, size_t len)
{
    char *copy = len < (size_t)-1 ? arena_take(arena, len + 1) : NULL;

    if (copy != NULL && len > 0)
        memcpy(copy, bytes, len);
    return copy;
}
