/* The ring of changes. */
#include "fakeorg/data/history.h"

#include <string.h>

#include "base/mem.h"
#include "fakeorg/data/field.h"
#include "fakeorg/data/orgclock.h"

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

void history_begin(struct history *history, struct trail *trail)
{
    trail->made = written_now(history);
    trail->complete = true;
}

static void drop(const struct field *field, char *old)
{
    if (field->fact.type != FIELD_BOOLEAN)
        mem_free(old);
}

/* If there is no memory for the ring, the org runs without history. */
void history_change(struct history *history, struct trail *trail, const struct field *field,
                    char *old)
{
    if (!trail->complete || history->paused) {
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
                                                           .earlier = trail->last_change,
                                                           .field = field,
                                                           .old = old,
                                                           .bytes = bytes};
    trail->last_change = history->newest;
    history->bytes += bytes;
    while (history->bytes > HISTORY_BYTES)
        let_go_of_oldest(history);
}

const struct change *history_find(const struct history *history, uint64_t number)
{
    bool kept = number >= history->oldest && number <= history->newest;

    return kept ? change_at(history, number) : NULL;
}
