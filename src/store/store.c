/* store: names of states, and frees what the readers gave. */
#include "store/store.h"

#include "base/mem.h"

const char *store_state_name(enum store_state state)
{
    static const char *const names[STORE_STATES] = {
        [STORE_WAITING] = "waiting",     [STORE_WRITTEN] = "written", [STORE_MERGED] = "merged",
        [STORE_UNCHANGED] = "unchanged", [STORE_DEAD] = "dead",
    };

    return (unsigned)state < STORE_STATES ? names[state] : "unknown";
}

void store_close(struct store *store)
{
    if (store != NULL)
        store->api->close(store);
}

void store_deliveries_free(struct store_delivery *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mem_free(list[i].message_id);
        mem_free(list[i].body);
    }
    mem_free(list);
}

void store_known_free(struct store_known *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mem_free(list[i].key);
        mem_free(list[i].object);
        mem_free(list[i].record_id);
        mem_free(list[i].fields);
    }
    mem_free(list);
}

void store_intents_free(struct store_intent *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mem_free(list[i].key);
    mem_free(list);
}

void store_receipt_clear(struct store_receipt *one)
{
    char *const texts[] = {one->source, one->message_id, one->type, one->destination, one->object,
                           one->key,    one->record_id,  one->into, one->code,        one->message,
                           one->advice, one->notes,      one->sent, one->body};

    for (size_t text = 0; text < sizeof texts / sizeof texts[0]; text++)
        mem_free(texts[text]);
    *one = (struct store_receipt){0};
}

void store_receipts_free(struct store_receipt *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        store_receipt_clear(&list[i]);
    mem_free(list);
}

void store_counters_free(struct store_counters *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mem_free(list[i].destination);
    mem_free(list);
}

void store_skip_counts_free(struct store_skip_count *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mem_free(list[i].source);
        mem_free(list[i].destination);
        mem_free(list[i].reason);
    }
    mem_free(list);
}

void store_skipped_free(struct store_skipped *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mem_free(list[i].source);
        mem_free(list[i].destination);
        mem_free(list[i].type);
        mem_free(list[i].reason);
        mem_free(list[i].message_id);
    }
    mem_free(list);
}
