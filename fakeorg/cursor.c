#include "fakeorg/cursor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CURSOR_ID_PREFIX "0r8"

static void drop(struct cursor *cursor)
{
    mem_free(cursor->result.records);
    mem_free(cursor->result.fields);
    *cursor = (struct cursor){0};
}

struct cursor *cursors_keep(struct cursors *cursors, struct soql_result *result)
{
    struct cursor *cursor = &cursors->slots[++cursors->last_number % CURSORS_MAX];

    drop(cursor);
    cursor->number = cursors->last_number;
    cursor->result = *result;
    *result = (struct soql_result){0};
    return cursor;
}

void cursor_locator(const struct cursor *cursor, size_t row, char ret[LOCATOR_MAX])
{
    char id[ID_MAX];

    id_make(CURSOR_ID_PREFIX, cursor->number, id);
    snprintf(ret, LOCATOR_MAX, "%s-%zu", id, row);
}

struct cursor *cursors_find(struct cursors *cursors, const char *locator, size_t *ret_row)
{
    char id[ID_MAX], *end;

    if (strnlen(locator, LOCATOR_MAX) < ID_MAX + 1 || locator[ID_MAX - 1] != '-')
        return NULL;
    size_t row = strtoul(locator + ID_MAX, &end, 10);
    for (size_t i = 0; i < CURSORS_MAX; i++) {
        struct cursor *cursor = &cursors->slots[i];
        if (cursor->number == 0)
            continue;
        id_make(CURSOR_ID_PREFIX, cursor->number, id);
        if (memcmp(id, locator, ID_MAX - 1) != 0)
            continue;
        if (*end != '\0' || row >= cursor->result.record_count)
            return NULL;
        *ret_row = row;
        return cursor;
    }
    return NULL;
}

void cursors_clear(struct cursors *cursors)
{
    for (size_t i = 0; i < CURSORS_MAX; i++)
        drop(&cursors->slots[i]);
}
