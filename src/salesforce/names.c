/* names: what can be the name of an object or a field. */
#include "salesforce/names.h"

#include <stddef.h>

#define LONGEST 80

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool names_valid(const char *name)
{
    size_t len = 0;

    if (!letter(name[0]))
        return false;
    while (letter(name[len]) || (name[len] >= '0' && name[len] <= '9') || name[len] == '_')
        len++;
    return name[len] == '\0' && len <= LONGEST;
}
