/* intents: creates that were about to be sent and whose outcome is not known. */
#include "store/sqlite/functions.h"
#include "store/sqlite/names.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/statements.h"

int sqlite_intend(struct store *base, const char *destination, const char *const *keys,
                  size_t count, int64_t now_ms, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    const struct sqlite_name *name = sqlite_destination(store, destination, err);

    if (name == NULL)
        return -1;
    for (size_t i = 0; i < count; i++) {
        struct sqlite_call call = sqlite_call(&store->writer, SQL_ADD_INTENT);
        sqlite_int(&call, name->id);
        sqlite_text(&call, keys[i]);
        sqlite_int(&call, now_ms);
        if (sqlite_run(&call, err) < 0)
            return -1;
    }
    return 0;
}

int sqlite_answer_intent(struct sqlite_store *store, int64_t destination, const char *key,
                         struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_END_INTENT);

    sqlite_int(&call, destination);
    sqlite_text(&call, key);
    return sqlite_run(&call, err);
}

static void fill_intent(struct sqlite_call *call, void *item)
{
    struct store_intent *intent = item;

    intent->key = sqlite_read_text(call);
    intent->since_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
}

int sqlite_intents(struct store *base, const char *destination, struct store_intent **ret,
                   size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, SQL_INTENTS);
    struct store_intent *list = NULL;
    size_t count = 0, capacity = 0;

    sqlite_text(&call, destination);
    if (sqlite_collect(&call, "intent", sizeof *list, fill_intent, (void **)&list, &count,
                       &capacity, err) < 0) {
        store_intents_free(list, count);
        return sqlite_unlocked(store, -1);
    }
    *ret = list;
    *ret_count = count;
    return sqlite_unlocked(store, 0);
}
