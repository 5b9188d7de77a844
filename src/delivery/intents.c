/* Creates whose outcome is not known: the only file that touches their table. */
#include "delivery/intents.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "delivery/backoff.h"

/* Creates of keys that the org may treat as equal: each of these keys waits for all. */
struct cut_off {
    char *loose;
    int64_t since_ms; /* of the last; of an earlier run: since this one began */
    int looks;        /* look-ups since then that have not found a record */
    size_t count;     /* of intents */
    UT_hash_handle hh;
};

struct intent {
    char *key;
    struct cut_off *cut_off;
    UT_hash_handle hh;
};

static struct intent *find(const struct intents *intents, const char *key)
{
    struct intent *intent;

    HASH_FIND_STR(intents->by_key, key, intent);
    return intent;
}

static struct cut_off *find_loosely(const struct intents *intents, const char *loose)
{
    struct cut_off *cut_off;

    HASH_FIND_STR(intents->by_loose, loose, cut_off);
    return cut_off;
}

static void leave(struct intents *intents, struct cut_off *cut_off)
{
    if (--cut_off->count > 0)
        return;
    HASH_DELETE(hh, intents->by_loose, cut_off);
    mem_free(cut_off->loose);
    mem_free(cut_off);
}

static struct cut_off *join(struct intents *intents, const char *loose)
{
    struct cut_off *cut_off = find_loosely(intents, loose);

    if (cut_off != NULL) {
        cut_off->count++;
        return cut_off;
    }
    if ((cut_off = mem_zero(1, sizeof *cut_off)) == NULL ||
        (cut_off->loose = mem_text(loose)) == NULL) {
        mem_free(cut_off);
        return NULL;
    }
    cut_off->count = 1;
    cut_off->since_ms = INT64_MIN;
    HASH_ADD_KEYPTR(hh, intents->by_loose, cut_off->loose, strlen(cut_off->loose), cut_off);
    if (hash_entered(&cut_off->hh))
        return cut_off;
    mem_free(cut_off->loose);
    mem_free(cut_off);
    return NULL;
}

static void drop(struct intents *intents, struct intent *intent)
{
    HASH_DELETE(hh, intents->by_key, intent);
    leave(intents, intent->cut_off);
    mem_free(intent->key);
    mem_free(intent);
}

static struct intent *enter(struct intents *intents, const char *key, struct cut_off *cut_off)
{
    struct intent *intent = mem_zero(1, sizeof *intent);

    if (intent == NULL || (intent->key = mem_text(key)) == NULL) {
        mem_free(intent);
        return NULL;
    }
    intent->cut_off = cut_off;
    HASH_ADD_KEYPTR(hh, intents->by_key, intent->key, strlen(intent->key), intent);
    if (hash_entered(&intent->hh))
        return intent;
    mem_free(intent->key);
    mem_free(intent);
    return NULL;
}

static int add(struct intents *intents, const char *key, const char *loose, int64_t since_ms,
               struct err *err)
{
    struct cut_off *cut_off = join(intents, loose);

    if (cut_off == NULL)
        return err_memory(err);
    if (enter(intents, key, cut_off) == NULL) {
        leave(intents, cut_off);
        return err_memory(err);
    }
    if (cut_off->since_ms < since_ms)
        cut_off->since_ms = since_ms;
    return 0;
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
        if (find(intents, list[i].key) == NULL) /* else left by an attempt that failed half way */
            rc = add(intents, list[i].key, list[i].key, clock_mono(), err); /* until rekeyed */
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

int intents_add(struct intents *intents, const char *key, const char *loose, struct err *err)
{
    struct intent *intent = find(intents, key);

    if (intent == NULL)
        return add(intents, key, loose, clock_mono(), err);
    intent->cut_off->since_ms = clock_mono();
    intent->cut_off->looks = 0;
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

int64_t intents_wait_ms(struct intents *intents, const char *loose,
                        const struct destination_settings *to)
{
    struct cut_off *cut_off = find_loosely(intents, loose);
    int64_t left_ms, wait_ms;

    if (cut_off == NULL)
        return 0;
    left_ms = cut_off->since_ms + to->unknown_outcome_wait_ms - clock_mono();
    if (left_ms <= 0)
        return 0;
    wait_ms = backoff_ms(++cut_off->looks, to->retry_first_ms, LOOK_AGAIN_LONGEST_MS);
    return wait_ms < left_ms ? wait_ms : left_ms;
}

/* Its loose key has changed; that must not shorten the wait. */
static int regroup(struct intents *intents, struct intent *intent, const char *loose,
                   struct err *err)
{
    struct cut_off *before = intent->cut_off, *cut_off;

    if (strcmp(before->loose, loose) == 0)
        return 0;
    if ((cut_off = join(intents, loose)) == NULL)
        return err_memory(err);
    if (cut_off->since_ms < before->since_ms)
        cut_off->since_ms = before->since_ms;
    intent->cut_off = cut_off;
    leave(intents, before);
    return 0;
}

/* Merges two intents that turn out to have the same key; the time of the newer create counts. */
static int rename_to(struct intents *intents, struct intent *intent, const char *key,
                     struct err *err)
{
    const struct intent *twin = find(intents, key);
    int64_t since_ms = intent->cut_off->since_ms;

    if (twin == NULL && add(intents, key, intent->cut_off->loose, since_ms, err) < 0)
        return -1;
    if (twin != NULL && twin->cut_off->since_ms < since_ms)
        twin->cut_off->since_ms = since_ms;
    drop(intents, intent);
    return 0;
}

/* The new key is stored before the old one is removed. */
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
        char *key = mapping_key_again(intent->key, schema);
        char *loose = key != NULL ? mapping_key_loosely(key, schema) : NULL;
        rc = loose == NULL ? err_memory(err) : regroup(intents, intent, loose, err);
        if (rc == 0)
            rc = rekey(intents, intent, key, writer, destination, batch, err);
        mem_free(loose);
        mem_free(key);
        if (rc < 0)
            break;
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
