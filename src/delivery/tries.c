/* Failures that may pass, counted by key. */
#include "delivery/tries.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

static struct tries *find(struct tries *tries, const char *key)
{
    struct tries *known;

    HASH_FIND_STR(tries, key, known);
    return known;
}

static void drop(struct tries **tries, struct tries *known)
{
    HASH_DELETE(hh, *tries, known);
    mem_free(known->key);
    mem_free(known);
}

/* NULL when out of memory: then it is simply tried once more. */
static struct tries *remember(struct tries **tries, const char *key)
{
    struct tries *fresh;

    if (HASH_COUNT(*tries) >= TRIES_MAX)
        tries_done(tries);
    if ((fresh = mem_zero(1, sizeof *fresh)) == NULL || (fresh->key = mem_text(key)) == NULL) {
        mem_free(fresh);
        return NULL;
    }
    fresh->first_ms = clock_mono();
    HASH_ADD_KEYPTR(hh, *tries, fresh->key, strlen(fresh->key), fresh);
    if (hash_entered(&fresh->hh))
        return fresh;
    mem_free(fresh->key);
    mem_free(fresh);
    return NULL;
}

bool tries_last(struct tries **tries, const char *key, int64_t last_saved_ms)
{
    struct tries *known = find(*tries, key);

    if (known != NULL && clock_mono() - known->last_ms >= TRIES_FORGET_MS) {
        drop(tries, known);
        known = NULL;
    }
    if (known == NULL && (known = remember(tries, key)) == NULL)
        return false;
    known->count++;
    known->last_ms = clock_mono();
    return known->count >= MANY_TRIES ||
           (known->count >= FEW_TRIES && last_saved_ms >= known->first_ms);
}

void tries_forget(struct tries **tries, const char *key)
{
    struct tries *known = find(*tries, key);

    if (known != NULL)
        drop(tries, known);
}

void tries_done(struct tries **tries)
{
    while (*tries != NULL)
        drop(tries, *tries);
}
