/* Sharing settings by reference count, freeing them by the table of keys, and finding parts. */
#include <string.h>

#include "base/locked.h"
#include "base/mem.h"
#include "settings/keys.h"

/* ---- freeing, by the table ---- */

static void section_done(enum section section, void *base);

static void rows_free(struct settings_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mem_free(rows[i].trait);
        mem_free(rows[i].field);
    }
    mem_free(rows);
}

static void names_free(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mem_free(names[i]);
    mem_free(names);
}

static void member_free(const struct settings_key *key, char *base)
{
    void **member = (void **)(void *)(base + key->member);
    size_t count = *(size_t *)(void *)(base + key->count_member);

    switch (key->kind) {
    case KEY_BOOL:
    case KEY_INT:
    case KEY_COUNT:
    case KEY_DURATION:
    case KEY_SIZE:
    case KEY_CHOICE:
        return;
    case KEY_NAMES:
        names_free(*member, count);
        break;
    case KEY_ROWS:
        rows_free(*member, count);
        break;
    case KEY_SECTIONS:
        for (size_t i = 0; i < count; i++)
            section_done(key->elements, (char *)*member + i * section_size(key->elements));
        mem_free(*member);
        break;
    case KEY_SECRET:
    case KEY_SECRET_FILE: /* of the same member: it is NULL for the second */
        locked_free(*member);
        break;
    default:
        mem_free_secret(*member);
    }
    *member = NULL;
}

static void section_done(enum section section, void *base)
{
    for (size_t i = 0; i < settings_key_count; i++)
        if (settings_keys[i].section == section)
            member_free(&settings_keys[i], base);
}

struct settings *settings_ref(struct settings *settings)
{
    __atomic_add_fetch(&settings->references, 1, __ATOMIC_RELAXED);
    return settings;
}

void settings_unref(struct settings *settings)
{
    if (settings == NULL || __atomic_sub_fetch(&settings->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    section_done(SECTION_TOP, settings);
    mem_free(settings);
}

/* ---- finding ---- */

const struct source_settings *settings_source(const struct settings *settings,
                                              const char *write_key)
{
    for (size_t i = 0; i < settings->source_count; i++)
        if (strcmp(settings->sources[i].write_key, write_key) == 0)
            return &settings->sources[i];
    return NULL;
}

const struct destination_settings *settings_destination(const struct settings *settings,
                                                        const char *name)
{
    for (size_t i = 0; i < settings->destination_count; i++)
        if (strcmp(settings->destinations[i].name, name) == 0)
            return &settings->destinations[i];
    return NULL;
}
