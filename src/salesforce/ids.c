/* ids: what an Id shows about its record. */
#include "salesforce/ids.h"

#include <stdlib.h>
#include <string.h>

#define PREFIX  3
#define COUNTED 15

static const struct {
    const char *object, *prefix;
} prefixes[] = {
    {"Lead", "00Q"},
    {"Account", "001"},
    {"Contact", "003"},
};

bool ids_valid(const char *id)
{
    size_t len = 0;

    if (id == NULL)
        return false;
    while ((id[len] >= '0' && id[len] <= '9') || (id[len] >= 'a' && id[len] <= 'z') ||
           (id[len] >= 'A' && id[len] <= 'Z'))
        len++;
    return id[len] == '\0' && (len == COUNTED || len == COUNTED + 3);
}

bool ids_fit(const char *id, const char *object)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strcmp(prefixes[i].object, object) == 0)
            return strncmp(id, prefixes[i].prefix, PREFIX) == 0;
    return true;
}

bool ids_same(const char *a, const char *b)
{
    return strncmp(a, b, COUNTED) == 0;
}

static int compare(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;

    if (*left == NULL || *right == NULL)
        return (*left != NULL) - (*right != NULL);
    return strncmp(*left, *right, COUNTED);
}

bool ids_repeat(const char **ids, size_t count)
{
    qsort(ids, count, sizeof *ids, compare);
    for (size_t i = 1; i < count; i++)
        if (ids[i - 1] != NULL && ids_same(ids[i - 1], ids[i]))
            return true;
    return false;
}
