/* Refused writes, counted by key. */
#include "delivery/poison.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

static void drop(struct poisons *poisons, struct poison *known)
{
    HASH_DELETE(hh, poisons->known, known);
    mem_free(known->key);
    mem_free(known);
}

static int64_t window_left(const struct poisons *poisons, const struct poison *known)
{
    return known->since_ms + poisons->window_ms - clock_mono();
}

/* The hash keeps its entries in the order they were added. */
static bool enter(struct poisons *poisons, struct poison *known)
{
    HASH_ADD_KEYPTR(hh, poisons->known, known->key, strlen(known->key), known);
    if (hash_entered(&known->hh))
        return true;
    mem_free(known->key);
    mem_free(known);
    return false;
}

static struct poison *add(struct poisons *poisons, const char *key)
{
    struct poison *fresh;

    if (HASH_COUNT(poisons->known) >= POISON_MAX)
        drop(poisons, poisons->known);
    if ((fresh = mem_zero(1, sizeof *fresh)) == NULL || (fresh->key = mem_text(key)) == NULL) {
        mem_free(fresh);
        return NULL;
    }
    fresh->since_ms = clock_mono();
    return enter(poisons, fresh) ? fresh : NULL;
}

/* To the end: it was counted last.  Out of memory, it is forgotten. */
static struct poison *renew(struct poisons *poisons, struct poison *known)
{
    if (window_left(poisons, known) <= 0) {
        known->since_ms = clock_mono();
        known->writes = 0;
        known->alone = false;
    }
    HASH_DELETE(hh, poisons->known, known);
    known->hh = (UT_hash_handle){0};
    return enter(poisons, known) ? known : NULL;
}

static struct poison *count(struct poisons *poisons, const char *key, const char *code)
{
    struct poison *known;

    HASH_FIND_STR(poisons->known, key, known);
    known = known != NULL ? renew(poisons, known) : add(poisons, key);
    if (known == NULL)
        return NULL;
    known->writes++;
    if (code != NULL)
        snprintf(known->code, sizeof known->code, "%s", code);
    return known;
}

void poison_count(struct poisons *poisons, const char *key, const char *code)
{
    count(poisons, key, code);
}

void poison_count_alone(struct poisons *poisons, const char *key, const char *code)
{
    struct poison *known = count(poisons, key, code);

    if (known != NULL)
        known->alone = true;
}

const struct poison *poison_of(const struct poisons *poisons, const char *key)
{
    const struct poison *known;

    HASH_FIND_STR(poisons->known, key, known);
    return known == NULL || window_left(poisons, known) <= 0 ? NULL : known;
}

int64_t poison_wait_ms(const struct poisons *poisons, const struct poison *poison)
{
    return poison == NULL || poison->writes < POISON_WRITES ? 0 : window_left(poisons, poison);
}

void poison_done(struct poisons *poisons)
{
    while (poisons->known != NULL)
        drop(poisons, poisons->known);
}
