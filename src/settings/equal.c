#include <string.h>

#include "settings/keys.h"

static bool texts_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool rows_equal(const struct settings_row *a, const struct settings_row *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(a[i].trait, b[i].trait) != 0 || strcmp(a[i].field, b[i].field) != 0)
            return false;
    return true;
}

static bool member_equal(const struct settings_key *key, const char *a, const char *b)
{
    const void *at_a = a + key->member, *at_b = b + key->member;
    size_t count;

    switch (key->kind) {
    case KEY_BOOL:
        return memcmp(at_a, at_b, sizeof(bool)) == 0;
    case KEY_INT:
    case KEY_CHOICE:
        return memcmp(at_a, at_b, sizeof(int)) == 0;
    case KEY_COUNT:
    case KEY_DURATION:
        return memcmp(at_a, at_b, sizeof(int64_t)) == 0;
    case KEY_ROWS:
        memcpy(&count, a + key->count_member, sizeof count);
        return memcmp(a + key->count_member, b + key->count_member, sizeof count) == 0 &&
               rows_equal(*(struct settings_row *const *)at_a, *(struct settings_row *const *)at_b,
                          count);
    default: /* text; a destination has no lists */
        return texts_equal(*(char *const *)at_a, *(char *const *)at_b);
    }
}

bool settings_destination_equal(const struct destination_settings *a,
                                const struct destination_settings *b)
{
    for (size_t i = 0; i < settings_key_count; i++)
        if (settings_keys[i].section == SECTION_DESTINATION &&
            !member_equal(&settings_keys[i], (const char *)a, (const char *)b))
            return false;
    return true;
}
