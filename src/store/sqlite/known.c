/* known: known records, by destination and key. */
#include "store/sqlite/functions.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/statements.h"

int sqlite_put_known(struct sqlite_store *store, int64_t destination,
                     const struct store_known *known, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_PUT_KNOWN);

    sqlite_int(&call, destination);
    sqlite_text(&call, known->key);
    sqlite_text(&call, known->object);
    sqlite_text(&call, known->record_id);
    sqlite_text(&call, known->fields);
    sqlite_int(&call, known->written_ms);
    return sqlite_run(&call, err);
}

static void fill_known(struct sqlite_call *call, void *item)
{
    struct store_known *known = item;

    known->key = sqlite_read_text(call);
    known->object = sqlite_read_text(call);
    known->record_id = sqlite_read_text(call);
    known->fields = sqlite_read_text(call);
    known->written_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
}

int sqlite_find_known(struct store *base, const char *destination, const char *const *keys,
                      size_t count, struct store_known **ret, size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct store_known *list = NULL;
    size_t found = 0, capacity = 0;

    for (size_t i = 0; i < count; i++) {
        struct sqlite_call call = sqlite_call(&store->reader, SQL_FIND_KNOWN);
        sqlite_text(&call, destination);
        sqlite_text(&call, keys[i]);
        if (sqlite_collect(&call, "known record", sizeof *list, fill_known, (void **)&list, &found,
                           &capacity, err) < 0) {
            store_known_free(list, found);
            return sqlite_unlocked(store, -1);
        }
    }
    *ret = list;
    *ret_count = found;
    return sqlite_unlocked(store, 0);
}
