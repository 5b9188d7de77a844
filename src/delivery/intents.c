/* Creates whose outcome is not known: the only file that touches their table. */
#include "delivery/intents.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "delivery/backoff.h"

struct intent {
    char *key;
    int64_t since_ms; /* of an earlier run: since this one began */
    int looks;        /* look-ups since that have not found its record */
    UT_hash_handle hh;
};

static struct intent *find(const struct intents *intents, const char *key)
{
    struct intent *intent;

    HASH_FIND_STR(intents->by_key, key, intent);
    return intent;
}

static void drop(struct intents *intents, struct intent *intent)
{
    HASH_DELETE(hh, intents->by_key, intent);
    mem_free(intent->key);
    mem_free(intent);
}

static int add(struct intents *intents, const char *key, int64_t since_ms, struct err *err)
{
    struct intent *intent = mem_zero(1, sizeof *intent);

    if (intent == NULL || (intent->key = mem_text(key)) == NULL) {
        mem_free(intent);
        return err_memory(err);
    }
    intent->since_ms = since_ms;
    HASH_ADD_KEYPTR(hh, intents->by_key, intent->key, strlen(intent->key), intent);
    if (hash_entered(&intent->hh))
        return 0;
    mem_free(intent->key);
    mem_free(intent);
    return err_memory(err);
}

int intents_load(struct intents *intents, struct store *store, const char *destination,
                 struct err *err)
{
    struct store_intent *list = NULL;
    size_t count = 0;
    int rc = 0;

    if (store->api->intents(store, destination, &list, &count, err) < 0)
        return -1;
    for (size_t i = 0; i < count && rc == 0; i++)
        if (find(intents, list[i].key) == NULL) /* else of a try that failed half way */
            rc = add(intents, list[i].key, clock_mono(), err);
    store_intents_free(list, count);
    return rc;
}

int intents_write(struct writer *writer, const char *destination, struct group *const *groups,
                  size_t count, struct err *err)
{
    const char **keys = mem_zero(count, sizeof *keys);
    int rc;

    if (keys == NULL)
        return err_memory(err);
    for (size_t i = 0; i < count; i++)
        keys[i] = groups[i]->key;
    rc = writer_intend(writer, destination, keys, count, clock_steady(), err);
    mem_free(keys);
    return rc;
}

int intents_add(struct intents *intents, const char *key, struct err *err)
{
    struct intent *intent = find(intents, key);

    if (intent == NULL)
        return add(intents, key, clock_mono(), err);
    intent->since_ms = clock_mono();
    intent->looks = 0;
    return 0;
}

int intents_remove(struct intents *intents, const char *key, struct outcome_batch *batch,
                   struct err *err)
{
    struct intent *intent = find(intents, key);

    if (intent != NULL)
        drop(intents, intent);
    return outcome_intent_answered(batch, key, err);
}

bool intents_has(const struct intents *intents, const char *key)
{
    return find(intents, key) != NULL;
}

int64_t intents_wait_ms(struct intents *intents, const char *key,
                        const struct destination_settings *to)
{
    struct intent *intent = find(intents, key);
    int64_t left_ms, wait_ms;

    if (intent == NULL)
        return 0;
    left_ms = intent->since_ms + to->unknown_outcome_wait_ms - clock_mono();
    if (left_ms <= 0)
        return 0;
    wait_ms = backoff_ms(++intent->looks, to->retry_first_ms, LOOK_AGAIN_LONGEST_MS);
    return wait_ms < left_ms ? wait_ms : left_ms;
}

/* Two intents that turn out to be of one key become one, as old as the younger. */
static int rename_to(struct intents *intents, struct intent *intent, const char *key,
                     struct err *err)
{
    struct intent *twin = find(intents, key);

    if (twin == NULL) {
        if (add(intents, key, intent->since_ms, err) < 0)
            return -1;
    } else if (twin->since_ms < intent->since_ms) {
        twin->since_ms = intent->since_ms;
    }
    drop(intents, intent);
    return 0;
}

/* The new key is written down before the old one goes. */
static int rekey(struct intents *intents, struct intent *intent, const char *key,
                 struct writer *writer, const char *destination, struct outcome_batch *batch,
                 struct err *err)
{
    if (strcmp(key, intent->key) == 0)
        return 0;
    if (writer_intend(writer, destination, &key, 1, clock_steady(), err) < 0 ||
        outcome_intent_answered(batch, intent->key, err) < 0)
        return -1;
    return rename_to(intents, intent, key, err);
}

int intents_rekey(struct intents *intents, const struct schema *schema, struct writer *writer,
                  const char *destination, struct outcome_batch *batch, struct err *err)
{
    struct intent *intent, *next;
    int rc = 0;

    HASH_ITER(hh, intents->by_key, intent, next) {
        char *key = rc == 0 ? mapping_key_again(intent->key, schema) : NULL;
        if (rc == 0)
            rc = key != NULL ? rekey(intents, intent, key, writer, destination, batch, err)
                             : err_memory(err);
        mem_free(key);
    }
    return rc;
}

void intents_done(struct intents *intents)
{
    struct intent *intent, *next;

    HASH_ITER(hh, intents->by_key, intent, next) {
        drop(intents, intent);
    }
}
