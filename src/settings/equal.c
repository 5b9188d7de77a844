/* Compares two destinations' settings by the table of keys. */
#include <string.h>

#include "settings/keys.h"

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static size_t count_at(const void *section, size_t offset)
{
    size_t count;

    memcpy(&count, (const char *)section + offset, sizeof count);
    return count;
}

static bool same_rows(const struct settings_row *a, const struct settings_row *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!same_text(a[i].trait, b[i].trait) || !same_text(a[i].field, b[i].field))
            return false;
    return true;
}

static bool same_bytes(const void *a, const void *b, size_t offset, size_t size)
{
    return memcmp((const char *)a + offset, (const char *)b + offset, size) == 0;
}

static bool same_key(const struct settings_key *key, const void *a, const void *b)
{
    const void *at_a = (const char *)a + key->member, *at_b = (const char *)b + key->member;

    switch (key->kind) {
    case KEY_BOOL:
        return same_bytes(a, b, key->member, sizeof(bool));
    case KEY_INT:
    case KEY_CHOICE:
        return same_bytes(a, b, key->member, sizeof(int));
    case KEY_COUNT:
    case KEY_DURATION:
    case KEY_SIZE:
        return same_bytes(a, b, key->member, sizeof(int64_t));
    case KEY_ROWS:
        return count_at(a, key->count_member) == count_at(b, key->count_member) &&
               same_rows(*(struct settings_row *const *)at_a, *(struct settings_row *const *)at_b,
                         count_at(a, key->count_member));
    case KEY_NAMES:
    case KEY_SECTIONS: /* a destination has none */
        return true;
    default:
        return same_text(*(char *const *)at_a, *(char *const *)at_b);
    }
}

bool settings_destination_equal(const struct destination_settings *a,
                                const struct destination_settings *b)
{
    for (size_t i = 0; i < settings_key_count; i++)
        if (settings_keys[i].section == SECTION_DESTINATION && !same_key(&settings_keys[i], a, b))
            return false;
    return true;
}
