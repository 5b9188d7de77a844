/* The outcomes of deliveries, their receipts, and how they are stored. */
#include "delivery/outcome_batch.h"

#include <utlist.h>

#include "base/clock.h"
#include "base/mem.h"
#include "delivery/receipt_text.h"
#include "delivery/refusal_log.h"

#define TIMES_TEXT_MAX (256 * 1024) /* more than TIMES_MAX fields can take */

struct ending {
    struct item *item;
    struct store_outcome outcome; /* its texts are owned */
    struct ending *next;
};

static const char *copy(const char *text, bool *failed)
{
    char *block = text != NULL ? mem_text(text) : NULL;

    *failed |= text != NULL && block == NULL;
    return block;
}

static void ending_free(struct ending *ending)
{
    const struct store_outcome *o = &ending->outcome;
    const char *texts[] = {o->record_id, o->into,  o->code, o->message,
                           o->advice,    o->notes, o->sent};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        mem_free((void *)(uintptr_t)texts[i]);
    item_free(ending->item);
    mem_free(ending);
}

/* Moves item out of its group with that outcome, whose texts are copied. */
static int end(struct outcome_batch *batch, struct group *group, struct item *item,
               const struct store_outcome *outcome, struct err *err)
{
    struct ending *ending = mem_zero(1, sizeof *ending);
    bool failed = false;
    size_t left_out = 0;

    if (ending == NULL)
        return err_memory(err);
    ending->outcome = *outcome;
    ending->outcome.seq = item->row.seq;
    ending->outcome.attempts = item->row.attempts;
    ending->outcome.record_id = copy(outcome->record_id, &failed);
    ending->outcome.into = copy(outcome->into, &failed);
    ending->outcome.code = copy(outcome->code, &failed);
    ending->outcome.message = copy(outcome->message, &failed);
    ending->outcome.advice = copy(outcome->advice, &failed);
    if (outcome->state == STORE_WRITTEN)
        ending->outcome.sent = receipt_text_sent(&group->merged, &left_out, &failed);
    ending->outcome.notes = receipt_text_notes(group, item, outcome, left_out, &failed);
    if (failed) {
        ending_free(ending);
        return err_memory(err);
    }
    DL_DELETE(group->items, item);
    ending->item = item;
    LL_PREPEND(batch->endings, ending);
    batch->ending_count++;
    return 0;
}

int outcome_written(struct outcome_batch *batch, struct group *group, struct item *item,
                    const char *record_id, bool created, struct err *err)
{
    struct store_outcome o = {.state = STORE_WRITTEN, .record_id = record_id, .created = created};
    return end(batch, group, item, &o, err);
}

int outcome_merged(struct outcome_batch *batch, struct group *group, struct item *item,
                   const char *record_id, const char *into, struct err *err)
{
    struct store_outcome o = {.state = STORE_MERGED, .record_id = record_id, .into = into};
    return end(batch, group, item, &o, err);
}

int outcome_unchanged(struct outcome_batch *batch, struct group *group, struct item *item,
                      struct err *err)
{
    struct store_outcome o = {.state = STORE_UNCHANGED, .record_id = group->record_id};
    return end(batch, group, item, &o, err);
}

int outcome_dead(struct outcome_batch *batch, struct group *group, struct item *item,
                 struct reason reason, struct err *err)
{
    struct store_outcome o = {.state = STORE_DEAD,
                              .code = reason.code,
                              .message = reason.message,
                              .advice = reason.advice};
    return end(batch, group, item, &o, err);
}

int outcome_dead_on_arrival(struct outcome_batch *batch, struct item *item, struct reason reason,
                            struct err *err)
{
    struct group none = {0};

    group_add(&none, item);
    return outcome_dead(batch, &none, item, reason, err);
}

int outcome_waiting(struct outcome_batch *batch, struct group *group, struct item *item,
                    struct reason reason, int64_t next_attempt_ms, struct err *err)
{
    struct store_outcome o = {.state = STORE_WAITING,
                              .code = reason.code,
                              .message = reason.message,
                              .advice = reason.advice,
                              .next_attempt_ms = next_attempt_ms};
    return end(batch, group, item, &o, err);
}

int outcome_all_dead(struct outcome_batch *batch, struct group *group, struct reason reason,
                     struct err *err)
{
    while (group->items != NULL)
        if (outcome_dead(batch, group, group->items, reason, err) < 0)
            return -1;
    return 0;
}

int outcome_all_waiting(struct outcome_batch *batch, struct group *group, struct reason reason,
                        int64_t next_attempt_ms, struct err *err)
{
    while (group->items != NULL)
        if (outcome_waiting(batch, group, group->items, reason, next_attempt_ms, err) < 0)
            return -1;
    return 0;
}

static void free_known(struct store_known *known)
{
    mem_free(known->key);
    mem_free(known->object);
    mem_free(known->record_id);
    mem_free(known->fields);
}

static int remember(struct outcome_batch *batch, const struct group *group, const char *key,
                    int64_t now_ms, struct err *err)
{
    struct store_known known = {.written_ms = now_ms};
    struct buf fields;

    if (batch->known_count == batch->known_capacity) {
        size_t capacity = batch->known_capacity == 0 ? 256 : batch->known_capacity * 2;
        struct store_known *list = mem_resize(batch->known, capacity, sizeof *list);
        if (list == NULL)
            return err_memory(err);
        batch->known = list;
        batch->known_capacity = capacity;
    }
    buf_init(&fields, TIMES_TEXT_MAX);
    times_print(&group->times, &fields);
    known.fields = buf_take(&fields, NULL);
    known.key = mem_text(key);
    known.object = mem_text(group->record_object);
    known.record_id = mem_text(group->record_id);
    if (known.fields == NULL || known.key == NULL || known.object == NULL ||
        known.record_id == NULL) {
        free_known(&known);
        return err_memory(err);
    }
    batch->known[batch->known_count++] = known;
    return 0;
}

int outcome_known_record(struct outcome_batch *batch, const struct group *group, int64_t now_ms,
                         struct err *err)
{
    int rc = remember(batch, group, group->key, now_ms, err);

    for (size_t i = 0; i < group->also_count && rc == 0; i++)
        rc = remember(batch, group, group->also[i], now_ms, err);
    return rc;
}

int outcome_intent_answered(struct outcome_batch *batch, const char *key, struct err *err)
{
    if (batch->intent_count == batch->intent_capacity) {
        size_t capacity = batch->intent_capacity == 0 ? 256 : batch->intent_capacity * 2;
        char **intents = mem_resize(batch->intents, capacity, sizeof *intents);
        if (intents == NULL)
            return err_memory(err);
        batch->intents = intents;
        batch->intent_capacity = capacity;
    }
    if ((batch->intents[batch->intent_count] = mem_text(key)) == NULL)
        return err_memory(err);
    batch->intent_count++;
    return 0;
}

/* The reserve is for the receipts themselves (reserve.h): their explanations must be short. */
static int shorten(struct store_outcome *outcome, struct err *err)
{
    outcome->sent = NULL;
    if (outcome->notes == NULL)
        return 0;
    outcome->notes = receipt_text_shorten(outcome->notes);
    return outcome->notes != NULL ? 0 : err_memory(err);
}

/* What is written, with texts of the batch, or shortened copies when the disk is full. */
static int list_outcomes(const struct outcome_batch *batch, bool full,
                         struct store_outcome *outcomes, struct err *err)
{
    const struct ending *ending;
    int rc = 0;

    LL_FOREACH(batch->endings, ending) {
        *outcomes = ending->outcome;
        if (full && rc == 0)
            rc = shorten(outcomes, err);
        else if (full)
            outcomes->notes = NULL;
        outcomes++;
    }
    return rc;
}

int outcome_batch_commit(const struct outcome_batch *batch, struct writer *writer,
                         const char *destination, struct err *err)
{
    bool full = writer_full(writer) == WRITER_DISK_FULL;
    struct store_outcome *outcomes;
    int rc;

    if (batch->ending_count == 0 && batch->known_count == 0 && batch->intent_count == 0)
        return 0;
    outcomes = mem_zero(batch->ending_count, sizeof *outcomes);
    if (outcomes == NULL)
        return err_memory(err);
    rc = list_outcomes(batch, full, outcomes, err);
    if (rc == 0)
        rc = writer_apply(writer,
                          &(struct store_outcome_batch){
                              .destination = destination,
                              .outcomes = outcomes,
                              .outcome_count = batch->ending_count,
                              .known = batch->known,
                              .known_count = batch->known_count,
                              .answered_intents = (const char *const *)batch->intents,
                              .answered_intent_count = batch->intent_count,
                              .now_ms = clock_steady(),
                          },
                          err);
    for (size_t i = 0; full && i < batch->ending_count; i++)
        mem_free((void *)(uintptr_t)outcomes[i].notes);
    mem_free(outcomes);
    return rc;
}

void outcome_batch_log_dead(const struct outcome_batch *batch, const char *destination)
{
    struct refusal_log refused = {0};
    const struct ending *ending;

    LL_FOREACH(batch->endings, ending) {
        if (ending->outcome.state == STORE_DEAD)
            refusal_log_add(&refused, ending->outcome.code, ending->item->row.message_id);
    }
    refusal_log_write(&refused, "delivery.dead_letters", "destination=%s", destination);
}

void outcome_batch_each(const struct outcome_batch *batch,
                        void (*each)(void *arg, struct item *item), void *arg)
{
    const struct ending *ending;

    LL_FOREACH(batch->endings, ending)
        each(arg, ending->item);
}

void outcome_batch_done(struct outcome_batch *batch)
{
    struct ending *ending, *next;

    LL_FOREACH_SAFE(batch->endings, ending, next)
        ending_free(ending);
    for (size_t i = 0; i < batch->known_count; i++)
        free_known(&batch->known[i]);
    for (size_t i = 0; i < batch->intent_count; i++)
        mem_free(batch->intents[i]);
    mem_free(batch->known);
    mem_free(batch->intents);
    *batch = (struct outcome_batch){0};
}
