/* arguments: finds a query argument by name and reads its value. */
#include "fakeorg/http/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool argument_text(const char *arguments, const char *name, char *ret, size_t size)
{
    size_t len = strlen(name);

    ret[0] = '\0';
    for (const char *line = arguments; *line != '\0';
         line += strcspn(line, "\n"), line += *line != 0) {
        if (strncmp(line, name, len) != 0 || line[len] != '=')
            continue;
        size_t value_len = strcspn(line + len + 1, "\n");
        snprintf(ret, size, "%.*s", (int)value_len, line + len + 1);
        return true;
    }
    return false;
}

size_t argument_number(const char *arguments, const char *name, size_t fallback, size_t most)
{
    char text[24], *end;

    if (!argument_text(arguments, name, text, sizeof text) || text[0] < '0' || text[0] > '9')
        return fallback;
    unsigned long number = strtoul(text, &end, 10);
    return *end != '\0' || number == 0 || number > most ? fallback : number;
}
