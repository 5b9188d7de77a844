#include "delivery/tries.h"

#include "base/clock.h"

/* NULL without memory: then it is simply tried once more. */
static struct tries *remember(struct tries **tries, int64_t seq)
{
    struct tries *fresh;

    if (HASH_COUNT(*tries) >= TRIES_MAX)
        tries_done(tries);
    if ((fresh = mem_zero(1, sizeof *fresh)) == NULL)
        return NULL;
    fresh->seq = seq;
    fresh->first_ms = clock_mono();
    HASH_ADD(hh, *tries, seq, sizeof fresh->seq, fresh);
    if (hash_entered(&fresh->hh))
        return fresh;
    mem_free(fresh);
    return NULL;
}

bool tries_last(struct tries **tries, int64_t seq, int64_t last_saved_ms)
{
    struct tries *known;

    HASH_FIND(hh, *tries, &seq, sizeof seq, known);
    if (known == NULL && (known = remember(tries, seq)) == NULL)
        return false;
    known->count++;
    return known->count >= MANY_TRIES ||
           (known->count >= FEW_TRIES && last_saved_ms >= known->first_ms);
}

void tries_done(struct tries **tries)
{
    struct tries *known, *next;

    HASH_ITER(hh, *tries, known, next)
    {
        HASH_DELETE(hh, *tries, known);
        mem_free(known);
    }
}
