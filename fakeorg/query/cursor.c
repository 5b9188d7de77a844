/* A list of open cursors, the oldest first. */
#include "fakeorg/query/cursor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CURSOR_ID_PREFIX "0r8"
#define LIFE_MS          (2 * ORGCLOCK_DAY_MS)
#define NEW_SINCE        56 /* API version */
#define OLD_LIFE_MS      ((int64_t)15 * 60 * 1000)
#define OLD_MAX          10

void cursors_drop(struct cursors *cursors, struct cursor *cursor)
{
    size_t at = (size_t)(cursor - cursors->slots);

    soql_result_done(&cursor->result);
    cursors->count--;
    memmove(cursor, cursor + 1, (cursors->count - at) * sizeof *cursor);
}

/* Drops expired cursors, and the oldest if there are too many. */
static void make_room(struct cursors *cursors, size_t rows, bool is_old, int64_t now_ms)
{
    size_t old_ones = 0;

    for (size_t i = cursors->count; i-- > 0;) {
        struct cursor *cursor = &cursors->slots[i];
        rows += cursor->result.record_count;
        old_ones += cursor->is_old;
        if (now_ms >= cursor->ends_ms || rows > CURSORS_MAX_ROWS ||
            (is_old && cursor->is_old && old_ones >= OLD_MAX))
            cursors_drop(cursors, cursor);
    }
    if (cursors->count == CURSORS_MAX)
        cursors_drop(cursors, &cursors->slots[0]);
}

struct cursor *cursors_keep(struct cursors *cursors, struct soql_result *result, int version,
                            int64_t now_ms)
{
    bool is_old = version < NEW_SINCE;

    make_room(cursors, result->record_count, is_old, now_ms);
    if (cursors->count == cursors->capacity) {
        size_t capacity = cursors->capacity == 0 ? 8 : 2 * cursors->capacity;
        struct cursor *slots = mem_resize(cursors->slots, capacity, sizeof *slots);
        if (slots == NULL)
            return NULL;
        cursors->slots = slots;
        cursors->capacity = capacity;
    }
    struct cursor *cursor = &cursors->slots[cursors->count++];
    *cursor = (struct cursor){
        .result = *result, .ends_ms = now_ms + (is_old ? OLD_LIFE_MS : LIFE_MS), .is_old = is_old};
    id_make(CURSOR_ID_PREFIX, ++cursors->last_number, cursor->id);
    *result = (struct soql_result){0};
    return cursor;
}

void cursor_locator(struct cursor *cursor, size_t row, char ret[LOCATOR_MAX])
{
    cursor->next = row > cursor->next ? row : cursor->next;
    snprintf(ret, LOCATOR_MAX, "%s-%zu", cursor->id, row);
}

struct cursor *cursors_find(struct cursors *cursors, const char *locator, bool again,
                            int64_t now_ms, size_t *ret_row)
{
    size_t digits;

    if (strnlen(locator, LOCATOR_MAX) < ID_MAX + 1 || locator[ID_MAX - 1] != '-')
        return NULL;
    digits = strspn(locator + ID_MAX, "0123456789");
    if (digits > 18 || locator[ID_MAX + digits] != '\0')
        return NULL;
    size_t row = strtoul(locator + ID_MAX, NULL, 10);
    for (size_t i = 0; i < cursors->count; i++) {
        struct cursor *cursor = &cursors->slots[i];
        if (memcmp(cursor->id, locator, ID_MAX - 1) != 0)
            continue;
        if (now_ms >= cursor->ends_ms || row == 0 ||
            (again ? row > cursor->next : row != cursor->next))
            return NULL;
        *ret_row = row;
        return cursor;
    }
    return NULL;
}

void cursors_clear(struct cursors *cursors)
{
    for (size_t i = 0; i < cursors->count; i++)
        soql_result_done(&cursors->slots[i].result);
    mem_free(cursors->slots);
    *cursors = (struct cursors){.last_number = cursors->last_number};
}
