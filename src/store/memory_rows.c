#include "store/memory_rows.h"

#include <string.h>

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

static void memory_free(void *row)
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
    [SKIPS] = skip_free,      [KNOWN] = memory_free,        [INTENTS] = intent_free,
    [SKIPPED] = skipped_free,
};

char *memory_copy_text(const char *text, bool *failed)
{
    char *made = text == NULL ? NULL : mem_text(text);

    *failed = *failed || (text != NULL && made == NULL);
    return made;
}

bool memory_copy_receipt(const struct store_receipt *from, struct store_receipt *ret)
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
    if (delivery->receipt == NULL || !memory_copy_receipt(from, delivery->receipt)) {
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
