#include "fakeorg/data/history.h"

#include <string.h>

#include "base/mem.h"
#include "fakeorg/data/orgdata.h"

void history_init(struct history *history, const struct orgclock *clock)
{
    *history = (struct history){.clock = clock, .oldest = 1, .writer = {0, "by hand"}};
}

static struct change *change_at(const struct history *history, uint64_t number)
{
    return &history->ring[number % HISTORY_CHANGES];
}

static void let_go_of_oldest(struct history *history)
{
    struct change *change = change_at(history, history->oldest++);

    history->bytes -= change->bytes;
    if (change->field->fact.type != FIELD_BOOLEAN)
        mem_free(change->old);
    change->old = NULL;
}

void history_clear(struct history *history)
{
    while (history->oldest <= history->newest)
        let_go_of_oldest(history);
}

void history_done(struct history *history)
{
    history_clear(history);
    mem_free(history->ring);
    history->ring = NULL;
}

static struct written written_now(const struct history *history)
{
    return (struct written){history->writer, orgclock_now(history->clock)};
}

void history_begin(struct history *history, struct record *record)
{
    record->made = written_now(history);
    record->complete = true;
}

void history_adopt(struct object *object)
{
    for (size_t i = 0; i < object->record_count; i++)
        object->records[i]->complete = true;
}

static void drop(const struct field *field, char *old)
{
    if (field->fact.type != FIELD_BOOLEAN)
        mem_free(old);
}

/* Without memory for the ring there is no history; the org goes on. */
void history_change(struct history *history, struct record *record, const struct field *field,
                    char *old)
{
    if (!record->complete || history->paused) {
        drop(field, old);
        return;
    }
    if (history->ring == NULL)
        history->ring = mem_zero(HISTORY_CHANGES, sizeof *history->ring);
    if (history->ring == NULL) {
        drop(field, old);
        return;
    }
    if (history->newest - history->oldest + 1 == HISTORY_CHANGES)
        let_go_of_oldest(history);
    size_t bytes = old == NULL || field->fact.type == FIELD_BOOLEAN ? 0 : strlen(old);
    history->newest++;
    *change_at(history, history->newest) = (struct change){.written = written_now(history),
                                                           .earlier = record->last_change,
                                                           .field = field,
                                                           .old = old,
                                                           .bytes = bytes};
    record->last_change = history->newest;
    history->bytes += bytes;
    while (history->bytes > HISTORY_BYTES)
        let_go_of_oldest(history);
}

static bool is_kept(const struct history *history, uint64_t number)
{
    return number >= history->oldest && number <= history->newest;
}

int history_tell(const struct history *history, const struct record *record,
                 struct record_history *ret)
{
    size_t fields = record->object->field_count, count = 0;
    uint64_t number = record->last_change;

    for (; is_kept(history, number); number = change_at(history, number)->earlier)
        count++;
    *ret = (struct record_history){.changes = mem_zero(count, sizeof *ret->changes),
                                   .first = mem_zero(fields, sizeof *ret->first),
                                   .forgotten = number != 0};
    if (ret->changes == NULL || ret->first == NULL) {
        record_history_done(ret);
        return -1;
    }
    for (size_t i = 0; i < fields; i++)
        ret->first[i] = record_value(record, record->object->fields[i]);
    number = record->last_change;
    for (; ret->count < count; number = change_at(history, number)->earlier) {
        const struct change *change = change_at(history, number);
        const char **value = &ret->first[change->field->position];
        ret->changes[ret->count++] = (struct told_change){change, *value};
        *value = change->old;
    }
    return 0;
}

void record_history_done(struct record_history *told)
{
    mem_free(told->changes);
    mem_free(told->first);
    *told = (struct record_history){0};
}
