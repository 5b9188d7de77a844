/* locked: memory for secrets, from libsodium. */
#include "base/locked.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include <sodium.h>

#include "base/mem.h"

static atomic_bool unlocked;

bool locked_all(void)
{
    return !atomic_load(&unlocked);
}

void *locked_alloc(size_t size)
{
    void *probe = mem_alloc(1), *block; /* so that a test can make this fail as well */

    if (probe == NULL || sodium_init() < 0) {
        mem_free(probe);
        return NULL;
    }
    mem_free(probe);
    block = sodium_malloc(size > 0 ? size : 1);
    /* sodium_malloc does not report that it could not lock.  Locking again costs nothing: pages
       that are locked already do not count twice. */
    if (block != NULL && mlock(block, size > 0 ? size : 1) < 0)
        atomic_store(&unlocked, true);
    return block;
}

char *locked_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = locked_alloc(size);

    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}

void locked_free(void *block)
{
    sodium_free(block);
}
