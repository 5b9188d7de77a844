/* Lists a record's changes, each with its old and new value. */
#include "fakeorg/data/record_history.h"

#include "base/mem.h"

int record_history_read(const struct record *record, struct record_history *ret)
{
    const struct history *history = record->object->history;
    size_t fields = record->object->field_count, count = 0;
    const struct change *change = history_find(history, record->trail.last_change);
    uint64_t number = record->trail.last_change;

    for (; change != NULL; change = history_find(history, number)) {
        number = change->earlier;
        count++;
    }
    *ret = (struct record_history){.changes = mem_zero(count, sizeof *ret->changes),
                                   .first = mem_zero(fields, sizeof *ret->first),
                                   .forgotten = number != 0};
    if (ret->changes == NULL || ret->first == NULL) {
        record_history_done(ret);
        return -1;
    }
    for (size_t i = 0; i < fields; i++)
        ret->first[i] = record_value(record, record->object->fields[i]);
    number = record->trail.last_change;
    while (ret->count < count) {
        change = history_find(history, number);
        const char **value = &ret->first[change->field->position];
        ret->changes[ret->count++] = (struct history_entry){change, *value};
        *value = change->old;
        number = change->earlier;
    }
    return 0;
}

bool record_written_by(const struct record *record, uint64_t call)
{
    const struct history *history = record->object->history;
    const struct change *change = history_find(history, record->trail.last_change);

    if (record->trail.complete && record->trail.made.by.call == call)
        return true;
    while (change != NULL && change->written.by.call != call)
        change = history_find(history, change->earlier);
    return change != NULL;
}

void record_history_done(struct record_history *history)
{
    mem_free(history->changes);
    mem_free(history->first);
    *history = (struct record_history){0};
}
