/* Token buckets in a hash table by source and address, the oldest forgotten first. */
#include "ingest/limits.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"

#define DAY_S 86400

enum unit { EVENTS, BYTES, UNITS };

/* The buckets of a source, or of an address that sends to it. */
struct entry {
    char *key;
    double left[UNITS];
    int64_t filled_ms;
    UT_hash_handle hh;
};

struct limits {
    struct entry *entries; /* uthash; least recent sender first */
};

static const struct rule {
    const char *setting, *code;
    size_t member;
    bool of_address;
    enum unit unit;
    int seconds; /* in which a bucket fills */
} rules[] = {
    {"max_events_per_second", "over_events_per_second",
     offsetof(struct source_settings, max_events_per_second), false, EVENTS, 1},
    {"max_bytes_per_day", "over_bytes_per_day", offsetof(struct source_settings, max_bytes_per_day),
     false, BYTES, DAY_S},
    {"max_events_per_second_per_address", "over_events_per_second_per_address",
     offsetof(struct source_settings, max_events_per_second_per_address), true, EVENTS, 1},
    {"max_bytes_per_day_per_address", "over_bytes_per_day_per_address",
     offsetof(struct source_settings, max_bytes_per_day_per_address), true, BYTES, DAY_S},
};
#define RULES (sizeof rules / sizeof rules[0])

struct limits *limits_new(struct err *err)
{
    struct limits *limits = mem_zero(1, sizeof *limits);

    if (limits == NULL)
        err_memory(err);
    return limits;
}

static void drop(struct limits *limits, struct entry *entry)
{
    HASH_DELETE(hh, limits->entries, entry);
    mem_free(entry->key);
    mem_free(entry);
}

void limits_free(struct limits *limits)
{
    while (limits != NULL && limits->entries != NULL)
        drop(limits, limits->entries);
    mem_free(limits);
}

/* To the end of the order; out of memory, it is forgotten. */
static struct entry *enter(struct limits *limits, struct entry *entry)
{
    HASH_ADD_KEYPTR(hh, limits->entries, entry->key, strlen(entry->key), entry);
    if (hash_entered(&entry->hh))
        return entry;
    mem_free(entry->key);
    mem_free(entry);
    return NULL;
}

static struct entry *add(struct limits *limits, const char *key)
{
    struct entry *fresh = mem_zero(1, sizeof *fresh);

    if (fresh == NULL || (fresh->key = mem_text(key)) == NULL) {
        mem_free(fresh);
        return NULL;
    }
    if (HASH_COUNT(limits->entries) >= LIMITS_ENTRIES)
        drop(limits, limits->entries);
    for (int i = 0; i < UNITS; i++)
        fresh->left[i] = INFINITY; /* full, whatever fits in */
    fresh->filled_ms = clock_mono();
    return enter(limits, fresh);
}

static struct entry *touch(struct limits *limits, const char *key)
{
    struct entry *known;

    HASH_FIND_STR(limits->entries, key, known);
    if (known == NULL)
        return add(limits, key);
    HASH_DELETE(hh, limits->entries, known);
    known->hh = (UT_hash_handle){0};
    return enter(limits, known);
}

static int64_t value_of(const struct rule *rule, const struct source_settings *source)
{
    int64_t value;

    memcpy(&value, (const char *)source + rule->member, sizeof value);
    return value;
}

static bool applies(const struct rule *rule, const struct limits_ask *ask, bool of_address)
{
    return rule->of_address == of_address && value_of(rule, ask->source) > 0;
}

static void fill(struct entry *entry, const struct limits_ask *ask, bool of_address)
{
    int64_t now = clock_mono();

    for (size_t i = 0; i < RULES; i++) {
        double *left = &entry->left[rules[i].unit];
        double capacity = (double)value_of(&rules[i], ask->source);
        if (!applies(&rules[i], ask, of_address))
            continue;
        *left += capacity * (double)(now - entry->filled_ms) / (1000.0 * rules[i].seconds);
        if (*left > capacity)
            *left = capacity;
    }
    entry->filled_ms = now;
}

/* The entry of the source or of the address, filled; NULL when nothing limits it. */
static struct entry *entry_of(struct limits *limits, const struct limits_ask *ask, bool of_address)
{
    bool limited = false;
    struct entry *entry;
    char key[256];

    for (size_t i = 0; i < RULES; i++)
        limited |= applies(&rules[i], ask, of_address);
    if (!limited || (of_address && ask->address == NULL))
        return NULL;
    snprintf(key, sizeof key, "%s\n%s", ask->source->name, of_address ? ask->address : "");
    entry = touch(limits, key);
    if (entry != NULL)
        fill(entry, ask, of_address);
    return entry;
}

static const struct rule *broken_rule(const struct entry *entry, const struct limits_ask *ask,
                                      bool of_address)
{
    for (size_t i = 0; entry != NULL && i < RULES; i++)
        if (applies(&rules[i], ask, of_address) && entry->left[rules[i].unit] < 1)
            return &rules[i];
    return NULL;
}

static int wait_for(const struct rule *rule, const struct entry *entry, int64_t value)
{
    double seconds = (1 - entry->left[rule->unit]) * rule->seconds / (double)value;

    return seconds >= LIMITS_MAX_WAIT_S ? LIMITS_MAX_WAIT_S : (int)seconds + 1;
}

bool limits_take(struct limits *limits, const struct limits_ask *ask, struct limits_broken *ret)
{
    struct entry *entries[2];

    /* The source last: it sent just now and is not the one to be forgotten. */
    entries[1] = entry_of(limits, ask, true);
    entries[0] = entry_of(limits, ask, false);
    for (int i = 0; i < 2; i++) {
        const struct rule *rule = broken_rule(entries[i], ask, i == 1);
        if (rule == NULL)
            continue;
        *ret = (struct limits_broken){rule->setting, rule->code, value_of(rule, ask->source),
                                      wait_for(rule, entries[i], value_of(rule, ask->source))};
        return false;
    }
    for (int i = 0; i < 2; i++) {
        if (entries[i] == NULL)
            continue;
        entries[i]->left[EVENTS] -= (double)ask->events;
        entries[i]->left[BYTES] -= (double)ask->bytes;
    }
    return true;
}
