/* Ids in base 62, with the three-letter suffix that encodes their case. */
#include "fakeorg/data/ids.h"

#include <ctype.h>
#include <string.h>

static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Each of the last three characters encodes which of five others are capitals. */
static void put_suffix(char id[ID_MAX])
{
    for (int group = 0; group < 3; group++) {
        unsigned bits = 0;
        for (int i = 0; i < 5; i++)
            if (is_upper(id[group * 5 + i]))
                bits |= 1u << i;
        id[15 + group] = base32[bits];
    }
    id[18] = '\0';
}

void id_make(const char *prefix, uint64_t number, char ret[ID_MAX])
{
    memcpy(ret, prefix, 3);
    for (int i = 14; i >= 3; i--) {
        ret[i] = base62[number % 62];
        number /= 62;
    }
    put_suffix(ret);
}

uint64_t id_number(const char id[ID_MAX])
{
    uint64_t number = 0;

    for (int i = 3; i < 15; i++)
        number = 62 * number + (uint64_t)(strchr(base62, id[i]) - base62);
    return number;
}

/* Restores the case of the letters of id from its suffix. */
static bool restore_case(const char *suffix, char id[ID_MAX])
{
    for (int group = 0; group < 3; group++) {
        const char *at = strchr(base32, toupper((unsigned char)suffix[group]));
        if (at == NULL || *at == '\0')
            return false;
        unsigned bits = (unsigned)(at - base32);
        for (int i = 0; i < 5; i++) {
            char *c = &id[group * 5 + i];
            bool capital = (bits >> i & 1) != 0;
            if (capital && !isalpha((unsigned char)*c))
                return false;
            *c = (char)(capital ? toupper((unsigned char)*c) : tolower((unsigned char)*c));
        }
    }
    return true;
}

bool id_read(const char *text, size_t len, char ret[ID_MAX])
{
    char id[ID_MAX];

    if (len != 15 && len != 18)
        return false;
    for (size_t i = 0; i < len; i++)
        if (text[i] == '\0' || strchr(base62, text[i]) == NULL)
            return false;
    memcpy(id, text, 15);
    if (len == 18 && !restore_case(text + 15, id))
        return false;
    put_suffix(id);
    memcpy(ret, id, ID_MAX);
    return true;
}
