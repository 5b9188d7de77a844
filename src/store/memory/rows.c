/* rows: the rows of the memory back end, made, copied and freed. */
#include "store/memory/rows.h"

#include <string.h>

struct memory_store *memory_locked(struct store *store)
{
    struct memory_store *memory = (struct memory_store *)store;

    pthread_mutex_lock(&memory->lock);
    return memory;
}

int memory_unlocked(struct memory_store *memory, int rc)
{
    pthread_mutex_unlock(&memory->lock);
    return rc;
}

static void event_free(void *row)
{
    struct event *event = row;

    mem_free(event->source);
    mem_free(event->message_id);
    mem_free(event->type);
    mem_free(event->body);
    mem_free(event->hashes);
    mem_free(event);
}

static void delivery_free(void *row)
{
    struct delivery *delivery = row;

    store_receipts_free(delivery->receipt, delivery->receipt != NULL);
    mem_free(delivery);
}

static void counters_free(void *row)
{
    store_counters_free(row, 1);
}

static void skip_free(void *row)
{
    store_skip_counts_free(row, 1);
}

static void known_free(void *row)
{
    store_known_free(row, 1);
}

static void intent_free(void *row)
{
    store_intents_free(row, 1);
}

static void skipped_free(void *row)
{
    store_skipped_free(row, 1);
}

void (*const memory_row_free[MEMORY_TABLES])(void *row) = {
    [EVENTS] = event_free,    [DELIVERIES] = delivery_free, [COUNTERS] = counters_free,
    [SKIPS] = skip_free,      [KNOWN] = known_free,         [INTENTS] = intent_free,
    [SKIPPED] = skipped_free,
};

char *memory_copy_text(const char *text, bool *failed)
{
    char *made = text == NULL ? NULL : mem_text(text);

    *failed = *failed || (text != NULL && made == NULL);
    return made;
}

static bool copy_receipt(const struct store_receipt *from, struct store_receipt *ret)
{
    bool failed = false;

    *ret = *from;
    ret->source = memory_copy_text(from->source, &failed);
    ret->message_id = memory_copy_text(from->message_id, &failed);
    ret->type = memory_copy_text(from->type, &failed);
    ret->destination = memory_copy_text(from->destination, &failed);
    ret->object = memory_copy_text(from->object, &failed);
    ret->key = memory_copy_text(from->key, &failed);
    ret->record_id = memory_copy_text(from->record_id, &failed);
    ret->into = memory_copy_text(from->into, &failed);
    ret->code = memory_copy_text(from->code, &failed);
    ret->message = memory_copy_text(from->message, &failed);
    ret->advice = memory_copy_text(from->advice, &failed);
    ret->notes = memory_copy_text(from->notes, &failed);
    ret->sent = memory_copy_text(from->sent, &failed);
    ret->body = memory_copy_text(from->body, &failed);
    return !failed;
}

struct delivery *delivery_new(struct memory_slot *event, const struct store_receipt *from)
{
    struct delivery *delivery = mem_zero(1, sizeof *delivery);

    if (delivery == NULL)
        return NULL;
    delivery->event = event;
    delivery->receipt = mem_zero(1, sizeof *delivery->receipt);
    if (delivery->receipt == NULL || !copy_receipt(from, delivery->receipt)) {
        delivery_free(delivery);
        return NULL;
    }
    return delivery;
}

struct event *event_new(const struct store_event *from)
{
    struct event *event = mem_zero(1, sizeof *event);
    bool failed = false;

    if (event == NULL)
        return NULL;
    event->source = memory_copy_text(from->source, &failed);
    event->message_id = memory_copy_text(from->message_id, &failed);
    event->type = memory_copy_text(from->type, &failed);
    event->body = mem_text_n(from->body, from->body_len);
    event->body_len = from->body_len;
    event->received_ms = from->received_ms;
    event->timestamp_ms = from->timestamp_ms;
    event->hashes = mem_zero(from->name_count, sizeof *event->hashes);
    event->hash_count = from->name_count;
    for (size_t i = 0; event->hashes != NULL && i < from->name_count; i++)
        event->hashes[i] = rules_hash(from->names[i]);
    if (failed || event->body == NULL || event->hashes == NULL) {
        event_free(event);
        return NULL;
    }
    return event;
}

bool memory_copy_skipped(const struct store_skipped *from, struct store_skipped *ret)
{
    bool failed = false;

    ret->source = memory_copy_text(from->source, &failed);
    ret->destination = memory_copy_text(from->destination, &failed);
    ret->type = memory_copy_text(from->type, &failed);
    ret->reason = memory_copy_text(from->reason, &failed);
    ret->message_id = memory_copy_text(from->message_id, &failed);
    ret->id = from->id;
    ret->received_ms = from->received_ms;
    return !failed;
}

bool memory_copy_known(const struct store_known *from, struct store_known *ret)
{
    bool failed = false;

    ret->key = memory_copy_text(from->key, &failed);
    ret->object = memory_copy_text(from->object, &failed);
    ret->record_id = memory_copy_text(from->record_id, &failed);
    ret->fields = memory_copy_text(from->fields, &failed);
    ret->written_ms = from->written_ms;
    return !failed;
}

/* What readers see of a delivery, if it is this destination's; NULL otherwise. */
const struct delivery *memory_committed(const struct memory_slot *slot, const char *destination)
{
    const struct delivery *row = slot->committed;

    return row != NULL && strcmp(row->receipt->destination, destination) == 0 ? row : NULL;
}

bool memory_is_dead_letter(const struct delivery *row, const char *code)
{
    return row != NULL && row->receipt->state == STORE_DEAD && !row->receipt->discarded &&
           (code == NULL || strcmp(row->receipt->code, code) == 0);
}

int memory_add_receipt(const struct delivery *row, bool with_body, struct store_receipt **list,
                       size_t *count, size_t *capacity, struct err *err)
{
    const struct event *event = row->event->committed;
    struct store_receipt whole = *row->receipt;

    whole.source = event->source;
    whole.message_id = event->message_id;
    whole.type = event->type;
    whole.body = with_body ? event->body : NULL;
    if (mem_grow((void **)list, *count, capacity, sizeof **list, err) < 0)
        return -1;
    return copy_receipt(&whole, &(*list)[(*count)++]) ? 0 : err_memory(err);
}
