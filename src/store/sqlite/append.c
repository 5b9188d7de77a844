/* append: takes in events, and counts what was skipped. */
#include "store/sqlite/functions.h"
#include "store/sqlite/names.h"
#include "store/sqlite/statements.h"

static int append_target(struct sqlite_store *store, int64_t event_id,
                         const struct store_event *event, const struct store_target *target,
                         struct err *err)
{
    bool dead = target->dead_code != NULL;
    enum store_state state = dead ? STORE_DEAD : STORE_WAITING;
    struct sqlite_name *destination = sqlite_destination(store, target->destination, err);
    struct sqlite_call call = sqlite_call(&store->writer, SQL_ADD_DELIVERY);

    if (destination == NULL)
        return -1;
    sqlite_int(&call, event_id);
    sqlite_int(&call, destination->id);
    sqlite_text(&call, target->key);
    sqlite_text(&call, target->object);
    sqlite_int(&call,
               dead ? schedule_place(&store->changes, event->received_ms) : event->received_ms);
    sqlite_int(&call, state);
    sqlite_text(&call, target->dead_code);
    sqlite_text(&call, dead ? target->dead_message : NULL);
    sqlite_text(&call, dead ? target->dead_advice : NULL);
    if (sqlite_run(&call, err) < 0)
        return -1;
    destination->changed = true;
    counters_accept(&destination->change, state);
    return 0;
}

static int append_names(struct sqlite_store *store, int64_t event_id,
                        const struct store_event *event, struct err *err)
{
    for (size_t i = 0; i < event->name_count; i++) {
        struct sqlite_call call = sqlite_call(&store->writer, SQL_ADD_NAME);
        sqlite_int(&call, event_id);
        sqlite_int(&call, rules_hash(event->names[i]));
        if (sqlite_run(&call, err) < 0)
            return -1;
    }
    return 0;
}

static int append_event(struct sqlite_store *store, struct store_event *event, struct err *err)
{
    struct sqlite_name *source;
    struct sqlite_call call;
    int64_t id;

    if (rules_event(event, err) < 0)
        return -1;
    source = sqlite_source(store, event->source, err);
    if (source == NULL)
        return -1;
    call = sqlite_call(&store->writer, SQL_ADD_EVENT);
    sqlite_int(&call, source->id);
    sqlite_text(&call, event->message_id);
    sqlite_text(&call, event->type);
    sqlite_int(&call, event->received_ms);
    sqlite_int(&call, event->timestamp_ms);
    sqlite_bytes(&call, event->body, event->body_len);
    sqlite_int(&call, rules_checksum(event->body, event->body_len, event->received_ms,
                                     event->timestamp_ms));
    if (sqlite_run(&call, err) < 0)
        return -1;
    event->ret_duplicate = sqlite3_changes(store->writer.db) == 0;
    if (event->ret_duplicate)
        return 0;
    id = sqlite3_last_insert_rowid(store->writer.db);
    if (append_names(store, id, event, err) < 0)
        return -1;
    for (size_t i = 0; i < event->target_count; i++)
        if (append_target(store, id, event, &event->targets[i], err) < 0)
            return -1;
    return 0;
}

int sqlite_append(struct store *base, struct store_event *events, size_t count,
                  const struct store_skip *skips, size_t skip_count, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    bool any = false;

    for (size_t i = 0; i < count; i++)
        if (append_event(store, &events[i], err) < 0)
            return -1;
    for (size_t i = 0; i < skip_count; i++) {
        if (sqlite_append_skip(store, &skips[i], err) < 0)
            return -1;
        any = any || skips[i].event_count > 0;
    }
    return any ? sqlite_drop_skipped(store, err) : 0;
}
