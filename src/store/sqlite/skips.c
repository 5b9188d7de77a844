/* skips: what destinations did not want: how much of it, and which events. */
#include "store/sqlite/functions.h"
#include "store/sqlite/names.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/statements.h"

static int number_of(const struct sqlite_name *name, int64_t *ret)
{
    if (name != NULL)
        *ret = name->id;
    return name != NULL ? 0 : -1;
}

/* Remembers the events. */
static int append_skipped(struct sqlite_store *store, const struct store_skip *skip,
                          struct err *err)
{
    int64_t source, destination, reason, type;

    if (number_of(sqlite_source(store, skip->source, err), &source) < 0 ||
        number_of(sqlite_destination(store, skip->destination, err), &destination) < 0 ||
        number_of(sqlite_word(store, skip->reason, err), &reason) < 0)
        return -1;
    for (size_t i = 0; i < skip->event_count; i++) {
        const struct store_skip_event *event = &skip->events[i];
        struct sqlite_call call;
        if (number_of(sqlite_word(store, event->type, err), &type) < 0)
            return -1;
        call = sqlite_call(&store->writer, SQL_ADD_SKIPPED);
        sqlite_int(&call, rules_hash(event->message_id));
        sqlite_int(&call, source);
        sqlite_int(&call, destination);
        sqlite_int(&call, reason);
        sqlite_int(&call, type);
        sqlite_int(&call, event->received_ms);
        sqlite_text(&call, event->message_id);
        if (sqlite_run(&call, err) < 0)
            return -1;
    }
    return 0;
}

int sqlite_append_skip(struct sqlite_store *store, const struct store_skip *skip, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_ADD_SKIP);

    sqlite_text(&call, skip->source);
    sqlite_text(&call, skip->destination);
    sqlite_text(&call, skip->reason);
    sqlite_int(&call, skip->count);
    if (sqlite_run(&call, err) < 0)
        return -1;
    return skip->event_count > 0 ? append_skipped(store, skip, err) : 0;
}

/* Beyond the bound the oldest go at once. */
int sqlite_drop_skipped(struct sqlite_store *store, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_DROP_SKIPPED);

    sqlite_int(&call, STORE_SKIPPED_MAX);
    return sqlite_run(&call, err);
}

static void fill_skip(struct sqlite_call *call, void *item)
{
    struct store_skip_count *skip = item;

    skip->source = sqlite_read_text(call);
    skip->destination = sqlite_read_text(call);
    skip->reason = sqlite_read_text(call);
    skip->count = sqlite_read_int(call, 0, INT64_MAX);
}

int sqlite_skips(struct store *base, struct store_skip_count **ret, size_t *ret_count,
                 struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, SQL_SKIPS);
    struct store_skip_count *list = NULL;
    size_t count = 0, capacity = 0;

    if (sqlite_collect(&call, "skip", sizeof *list, fill_skip, (void **)&list, &count, &capacity,
                       err) < 0) {
        store_skip_counts_free(list, count);
        return sqlite_unlocked(store, -1);
    }
    *ret = list;
    *ret_count = count;
    return sqlite_unlocked(store, 0);
}

static void fill_skipped(struct sqlite_call *call, void *item)
{
    struct store_skipped *skipped = item;

    skipped->id = sqlite_read_int(call, 1, INT64_MAX);
    skipped->source = sqlite_read_text(call);
    skipped->destination = sqlite_read_text(call);
    skipped->type = sqlite_read_text(call);
    skipped->reason = sqlite_read_text(call);
    skipped->received_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
    skipped->message_id = sqlite_read_optional(call);
}

/* All of a call; unlocks the store. */
static int collect_skipped(struct sqlite_store *store, struct sqlite_call *call,
                           struct store_skipped **ret, size_t *ret_count, struct err *err)
{
    struct store_skipped *list = NULL;
    size_t count = 0, capacity = 0;

    if (sqlite_collect(call, "skipped event", sizeof *list, fill_skipped, (void **)&list, &count,
                       &capacity, err) < 0) {
        store_skipped_free(list, count);
        return sqlite_unlocked(store, -1);
    }
    *ret = list;
    *ret_count = count;
    return sqlite_unlocked(store, 0);
}

int sqlite_skipped(struct store *base, const char *message_id, struct store_skipped **ret,
                   size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, SQL_SKIPPED);

    sqlite_int(&call, rules_hash(message_id));
    return collect_skipped(store, &call, ret, ret_count, err);
}

int sqlite_recent_skipped(struct store *base, int64_t before_id, size_t max,
                          struct store_skipped **ret, size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, SQL_RECENT_SKIPPED);

    sqlite_int(&call, before_id > 0 ? before_id : INT64_MAX);
    sqlite_int(&call, max < SQLITE_LIST_MAX ? (int64_t)max : SQLITE_LIST_MAX);
    return collect_skipped(store, &call, ret, ret_count, err);
}

int sqlite_skipped_since(struct store *base, int64_t *id, size_t max, struct store_skipped **ret,
                         size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, SQL_SKIPPED_SINCE);

    sqlite_int(&call, *id);
    sqlite_int(&call, max < SQLITE_LIST_MAX ? (int64_t)max : SQLITE_LIST_MAX);
    if (collect_skipped(store, &call, ret, ret_count, err) < 0)
        return -1;
    if (*ret_count > 0)
        *id = (*ret)[*ret_count - 1].id;
    return 0;
}
