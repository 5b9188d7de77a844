/* counters: the sums of each destination, and whether a person has paused it. */
#include "store/sqlite/functions.h"
#include "store/sqlite/names.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/statements.h"

int sqlite_pause(struct store *base, const char *destination, int64_t since_ms, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    struct sqlite_name *name = sqlite_destination(store, destination, err);
    struct sqlite_call call = sqlite_call(&store->writer, SQL_PAUSE);

    if (name == NULL)
        return -1;
    sqlite_int(&call, name->id);
    sqlite_int(&call, since_ms);
    name->changed = true; /* it has a row of counters from now on, which holds the pause */
    return sqlite_run(&call, err);
}

static void fill_counters(struct sqlite_call *call, void *item)
{
    struct store_counters *counters = item;

    counters->destination = sqlite_read_text(call);
    counters->accepted = sqlite_read_int(call, 0, INT64_MAX);
    for (int state = 0; state < STORE_STATES; state++)
        counters->by_state[state] = sqlite_read_int(call, 0, INT64_MAX);
    counters->created = sqlite_read_int(call, 0, INT64_MAX);
    counters->updated = sqlite_read_int(call, 0, INT64_MAX);
    counters->oldest_waiting_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
    counters->paused_ms = sqlite_read_int(call, 0, INT64_MAX);
    counters->dead_letters = sqlite_read_int(call, 0, INT64_MAX);
}

int sqlite_counters(struct store *base, struct store_counters **ret, size_t *ret_count,
                    struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, SQL_COUNTERS);
    struct store_counters *list = NULL;
    size_t count = 0, capacity = 0;

    if (sqlite_collect(&call, "counters", sizeof *list, fill_counters, (void **)&list, &count,
                       &capacity, err) < 0) {
        store_counters_free(list, count);
        return sqlite_unlocked(store, -1);
    }
    *ret = list;
    *ret_count = count;
    return sqlite_unlocked(store, 0);
}
