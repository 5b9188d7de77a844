#include "store/sqlite_store.h"

#include <string.h>

#include "base/mem.h"

enum {
    NAME_SOURCE = SQLITE_SEEN_STATEMENTS,
    NAME_DESTINATION,
    NAME_WORD,
    ADD_EVENT,
    ADD_NAME,
    ADD_DELIVERY,
    ADD_SKIP,
    ADD_SKIPPED,
    ADD_INTENT,
    END_INTENT,
    FIND_STATE,
    APPLY,
    PUT_KNOWN,
    NEXT_DEAD,
    NEXT_DEAD_BY_CODE,
    REDRIVE,
    DISCARD,
    PAUSE,
    OLD_ENDED,
    OLD_KNOWN,
    FORGET_EVENT,
    FORGET_KNOWN,
    NEXT_PART,
    FORGET_NAMES,
    FORGET_SKIPPED,
    DROP_SKIPPED,
    ADD_COUNTERS
};

const char *const sqlite_writer_sql[] = {
    [SQLITE_SEEN_LAST] = "SELECT coalesce((SELECT seen_ms FROM clock WHERE id = 1),"
                         " (SELECT received_ms FROM event WHERE id = (SELECT max(id) FROM event)),"
                         " ?1)",
    [SQLITE_SEEN_GAPS] = "SELECT end_ms, length_ms FROM clock_gap ORDER BY end_ms",
    [SQLITE_SEEN_CLEAR] = "DELETE FROM clock_gap",
    [SQLITE_SEEN_ADD] = "INSERT INTO clock_gap (end_ms, length_ms) VALUES (?1, ?2)"
                        " ON CONFLICT DO UPDATE SET length_ms = length_ms + excluded.length_ms",
    [SQLITE_SEEN_NOTE] = "INSERT INTO clock (id, seen_ms) VALUES (1, ?1)"
                         " ON CONFLICT DO UPDATE SET seen_ms = excluded.seen_ms",
    [NAME_SOURCE] = "INSERT INTO source (name) VALUES (?1)"
                    " ON CONFLICT (name) DO UPDATE SET name = name RETURNING id",
    [NAME_DESTINATION] = "INSERT INTO destination (name) VALUES (?1)"
                         " ON CONFLICT (name) DO UPDATE SET name = name RETURNING id",
    [NAME_WORD] = "INSERT INTO word (name) VALUES (?1)"
                  " ON CONFLICT (name) DO UPDATE SET name = name RETURNING id",
    [ADD_EVENT] = "INSERT INTO event (source, message_id, type, received_ms, timestamp_ms, body)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                  " ON CONFLICT (message_id, source) DO NOTHING",
    [ADD_NAME] = "INSERT INTO event_name (part, hash, event) VALUES (?1 >> 11, ?2, ?1)"
                 " ON CONFLICT DO NOTHING",
    [ADD_DELIVERY] = "INSERT INTO delivery (event, destination, key, object, changed_ms, state,"
                     " code, message, advice, next_attempt_ms)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)",
    [ADD_SKIP] = "INSERT INTO skip (source, destination, reason, count) VALUES (?1, ?2, ?3, ?4)"
                 " ON CONFLICT DO UPDATE SET count = count + excluded.count",
    [ADD_SKIPPED] = "INSERT INTO skipped (hash, source, destination, reason, type, received_ms)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [ADD_INTENT] = "INSERT INTO intent (destination, key, since_ms) VALUES (?1, ?2, ?3)"
                   " ON CONFLICT DO UPDATE SET since_ms = excluded.since_ms",
    [END_INTENT] = "DELETE FROM intent WHERE destination = ?1 AND key = ?2",
    [FIND_STATE] = "SELECT state FROM delivery WHERE seq = ?1 AND destination = ?2",
    [APPLY] = "UPDATE delivery SET state = ?2, attempts = ?3, created = ?4, record_id = ?5,"
              " into_id = ?6, code = ?7, message = ?8, advice = ?9, notes = ?10,"
              " next_attempt_ms = ?11, changed_ms = ?12, sent = ?13 WHERE seq = ?1",
    [PUT_KNOWN] = "INSERT INTO memory (destination, key, object, record_id, fields, written_ms)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET"
                  " object = excluded.object, record_id = excluded.record_id,"
                  " fields = excluded.fields, written_ms = excluded.written_ms",
    [NEXT_DEAD] = "SELECT seq FROM delivery INDEXED BY delivery_later WHERE destination = ?1"
                  " AND state = 4 AND seq BETWEEN ?2 AND ?3"
                  " AND (state > 0 OR next_attempt_ms > 0) ORDER BY seq LIMIT 1",
    [NEXT_DEAD_BY_CODE] = "SELECT seq FROM delivery INDEXED BY delivery_code"
                          " WHERE destination = ?1 AND state = 4 AND seq BETWEEN ?2 AND ?3"
                          " AND code = ?4 ORDER BY seq LIMIT 1",
    [REDRIVE] = "UPDATE delivery SET state = 0, next_attempt_ms = ?2, changed_ms = ?3,"
                " code = NULL, message = NULL, advice = NULL WHERE seq = ?1",
    [DISCARD] = "UPDATE delivery SET state = 5, changed_ms = ?2 WHERE seq = ?1",
    [PAUSE] = "UPDATE destination SET paused_ms = ?2 WHERE id = ?1",
    [OLD_ENDED] = "SELECT changed_ms, seq, event FROM delivery INDEXED BY delivery_age"
                  " WHERE state = ?1 AND (state > 0 OR next_attempt_ms > 0)"
                  " AND (changed_ms, seq) > (?2, ?3)"
                  " AND changed_ms < ?4 ORDER BY changed_ms, seq LIMIT 1",
    [OLD_KNOWN] = "SELECT destination, key FROM memory WHERE written_ms < ?1"
                  " ORDER BY written_ms LIMIT 1",
    /* One that waits somewhere stays, and one that ended elsewhere too short a time ago. */
    [FORGET_EVENT] = "DELETE FROM event WHERE id = ?1 AND received_ms < ?2 AND NOT EXISTS"
                     " (SELECT 1 FROM delivery WHERE event = ?1 AND (state = 0 OR changed_ms >="
                     " CASE state WHEN 4 THEN ?3 ELSE ?2 END))",
    [FORGET_KNOWN] = "DELETE FROM memory WHERE destination = ?1 AND key = ?2",
    [NEXT_PART] = "SELECT part FROM event_name WHERE part > ?1 ORDER BY part LIMIT 1",
    [FORGET_NAMES] = "DELETE FROM event_name WHERE part = ?1 AND NOT EXISTS"
                     " (SELECT 1 FROM event WHERE id >= ?1 << 11 AND id < (?1 + 1) << 11)",
    [FORGET_SKIPPED] = "DELETE FROM skipped WHERE id = (SELECT min(id) FROM skipped)"
                       " AND received_ms < ?1",
    [DROP_SKIPPED] = "DELETE FROM skipped WHERE id <= (SELECT max(id) FROM skipped) - ?1",
    [ADD_COUNTERS] =
        "INSERT INTO tally (destination, accepted, waiting, written, merged, unchanged,"
        " dead, created, updated, letters)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        " ON CONFLICT DO UPDATE SET accepted = accepted + excluded.accepted,"
        " waiting = waiting + excluded.waiting, written = written + excluded.written,"
        " merged = merged + excluded.merged, unchanged = unchanged + excluded.unchanged,"
        " dead = dead + excluded.dead, created = created + excluded.created,"
        " updated = updated + excluded.updated, letters = letters + excluded.letters",
};
const size_t sqlite_writer_count = sizeof sqlite_writer_sql / sizeof sqlite_writer_sql[0];

/* ---- names ---- */

static struct sqlite_name *add_name(struct sqlite_names *names, const char *name, int64_t id,
                                    struct err *err)
{
    struct sqlite_name *added;
    char *copy;

    if (mem_grow((void **)&names->list, names->count, &names->capacity, sizeof *names->list, err) <
        0)
        return NULL;
    copy = mem_text(name);
    if (copy == NULL) {
        err_memory(err);
        return NULL;
    }
    added = &names->list[names->count++];
    *added = (struct sqlite_name){.name = copy, .id = id};
    return added;
}

/* The number of a name, given one if it is new.  A loan until the next name. */
static struct sqlite_name *find_name(struct sqlite_store *store, struct sqlite_names *names,
                                     size_t statement, const char *name, struct err *err)
{
    struct sqlite_call call;
    int64_t id = 0;
    int row;

    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->list[i].name, name) == 0)
            return &names->list[i];
    call = sqlite_call(&store->writer, statement);
    sqlite_text(&call, name);
    row = sqlite_step(&call, err);
    if (row == 1)
        id = sqlite_read_int(&call, 1, INT64_MAX);
    sqlite_end(&call);
    if (row == 0)
        err_set(err, ERR_SYSTEM, "%s: a name got no number", store->file);
    if (row < 1 || sqlite_row_check(&call, "name", id, err) < 0)
        return NULL;
    return add_name(names, name, id, err);
}

static struct sqlite_name *find_destination(struct sqlite_store *store, const char *name,
                                            struct err *err)
{
    return find_name(store, &store->destinations, NAME_DESTINATION, name, err);
}

static void forget(struct sqlite_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        mem_free(names->list[i].name);
    mem_free(names->list);
    *names = (struct sqlite_names){0};
}

void sqlite_forget_names(struct sqlite_store *store)
{
    forget(&store->sources);
    forget(&store->destinations);
    forget(&store->words);
}

int sqlite_flush_counters(struct sqlite_store *store, struct err *err)
{
    for (size_t i = 0; i < store->destinations.count; i++) {
        struct sqlite_name *name = &store->destinations.list[i];
        struct sqlite_call call = sqlite_call(&store->writer, ADD_COUNTERS);
        if (!name->changed)
            continue;
        sqlite_int(&call, name->id);
        sqlite_int(&call, name->change.accepted);
        for (int state = 0; state < STORE_STATES; state++)
            sqlite_int(&call, name->change.by_state[state]);
        sqlite_int(&call, name->change.created);
        sqlite_int(&call, name->change.updated);
        sqlite_int(&call, name->change.dead_letters);
        if (sqlite_run(&call, err) < 0)
            return -1;
        store->waiting_more += name->change.by_state[STORE_WAITING];
        name->changed = false;
        name->change = (struct store_counters){0};
    }
    return 0;
}

/* ---- coming in ---- */

static int append_target(struct sqlite_store *store, int64_t event_id,
                         const struct store_event *event, const struct store_target *target,
                         struct err *err)
{
    bool dead = target->dead_code != NULL;
    enum store_state state = dead ? STORE_DEAD : STORE_WAITING;
    struct sqlite_name *destination = find_destination(store, target->destination, err);
    struct sqlite_call call = sqlite_call(&store->writer, ADD_DELIVERY);

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
        struct sqlite_call call = sqlite_call(&store->writer, ADD_NAME);
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
    source = find_name(store, &store->sources, NAME_SOURCE, event->source, err);
    if (source == NULL)
        return -1;
    call = sqlite_call(&store->writer, ADD_EVENT);
    sqlite_int(&call, source->id);
    sqlite_text(&call, event->message_id);
    sqlite_text(&call, event->type);
    sqlite_int(&call, event->received_ms);
    sqlite_int(&call, event->timestamp_ms);
    sqlite_bytes(&call, event->body, event->body_len);
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

static int name_number(struct sqlite_store *store, struct sqlite_names *names, size_t statement,
                       const char *name, int64_t *ret, struct err *err)
{
    const struct sqlite_name *found = find_name(store, names, statement, name, err);

    if (found == NULL)
        return -1;
    *ret = found->id;
    return 0;
}

/* Remembers that they came. */
static int append_skipped(struct sqlite_store *store, const struct store_skip *skip,
                          struct err *err)
{
    int64_t source, destination, reason, type;

    if (name_number(store, &store->sources, NAME_SOURCE, skip->source, &source, err) < 0 ||
        name_number(store, &store->destinations, NAME_DESTINATION, skip->destination, &destination,
                    err) < 0 ||
        name_number(store, &store->words, NAME_WORD, skip->reason, &reason, err) < 0)
        return -1;
    for (size_t i = 0; i < skip->event_count; i++) {
        const struct store_skip_event *event = &skip->events[i];
        struct sqlite_call call;
        if (name_number(store, &store->words, NAME_WORD, event->type, &type, err) < 0)
            return -1;
        call = sqlite_call(&store->writer, ADD_SKIPPED);
        sqlite_int(&call, rules_hash(event->message_id));
        sqlite_int(&call, source);
        sqlite_int(&call, destination);
        sqlite_int(&call, reason);
        sqlite_int(&call, type);
        sqlite_int(&call, event->received_ms);
        if (sqlite_run(&call, err) < 0)
            return -1;
    }
    return 0;
}

static int append_skip(struct sqlite_store *store, const struct store_skip *skip, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, ADD_SKIP);

    sqlite_text(&call, skip->source);
    sqlite_text(&call, skip->destination);
    sqlite_text(&call, skip->reason);
    sqlite_int(&call, skip->count);
    if (sqlite_run(&call, err) < 0)
        return -1;
    return skip->event_count > 0 ? append_skipped(store, skip, err) : 0;
}

/* Beyond the bound the oldest go at once. */
static int drop_skipped(struct sqlite_store *store, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, DROP_SKIPPED);

    sqlite_int(&call, STORE_SKIPPED_MAX);
    return sqlite_run(&call, err);
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
        if (append_skip(store, &skips[i], err) < 0)
            return -1;
        any = any || skips[i].event_count > 0;
    }
    return any ? drop_skipped(store, err) : 0;
}

/* ---- going out ---- */

int sqlite_intend(struct store *base, const char *destination, const char *const *keys,
                  size_t count, int64_t now_ms, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    const struct sqlite_name *name = find_destination(store, destination, err);

    if (name == NULL)
        return -1;
    for (size_t i = 0; i < count; i++) {
        struct sqlite_call call = sqlite_call(&store->writer, ADD_INTENT);
        sqlite_int(&call, name->id);
        sqlite_text(&call, keys[i]);
        sqlite_int(&call, now_ms);
        if (sqlite_run(&call, err) < 0)
            return -1;
    }
    return 0;
}

/* ERR_INVALID when the delivery is not there or has ended. */
static int check_move(struct sqlite_store *store, const struct store_outcome_batch *what,
                      int64_t destination, const struct store_outcome *outcome, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, FIND_STATE);
    enum store_state state = STORE_WAITING;
    bool discarded;
    int row;

    sqlite_int(&call, outcome->seq);
    sqlite_int(&call, destination);
    row = sqlite_step(&call, err);
    if (row == 1)
        state = sqlite_read_state(&call, &discarded);
    sqlite_end(&call);
    if (row == 0)
        return err_set(err, ERR_INVALID, "there is no delivery %lld to %s", (long long)outcome->seq,
                       what->destination);
    if (row < 0 || sqlite_row_check(&call, "delivery", outcome->seq, err) < 0)
        return -1;
    return rules_move(outcome->seq, state, outcome->state, err);
}

static int apply_one(struct sqlite_store *store, const struct store_outcome_batch *what,
                     struct sqlite_name *destination, const struct store_outcome *outcome,
                     struct err *err)
{
    bool created = outcome->state == STORE_WRITTEN && outcome->created;
    struct sqlite_call call = sqlite_call(&store->writer, APPLY);

    if (check_move(store, what, destination->id, outcome, err) < 0)
        return -1;
    sqlite_int(&call, outcome->seq);
    sqlite_int(&call, outcome->state);
    sqlite_int(&call, outcome->attempts);
    sqlite_int(&call, created);
    sqlite_text(&call, outcome->record_id);
    sqlite_text(&call, outcome->into);
    sqlite_text(&call, outcome->code);
    sqlite_text(&call, outcome->message);
    sqlite_text(&call, outcome->advice);
    sqlite_text(&call, outcome->notes);
    sqlite_int(&call, outcome->state == STORE_WAITING
                          ? schedule_place(&store->schedule, outcome->next_attempt_ms)
                          : 0);
    sqlite_int(&call, schedule_place(&store->changes, what->now_ms));
    sqlite_text(&call, outcome->sent);
    if (sqlite_run(&call, err) < 0)
        return -1;
    destination->changed = true;
    counters_move(&destination->change, STORE_WAITING, outcome->state, created);
    return 0;
}

static int put_known(struct sqlite_store *store, int64_t destination,
                     const struct store_known *memory, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, PUT_KNOWN);

    sqlite_int(&call, destination);
    sqlite_text(&call, memory->key);
    sqlite_text(&call, memory->object);
    sqlite_text(&call, memory->record_id);
    sqlite_text(&call, memory->fields);
    sqlite_int(&call, memory->written_ms);
    return sqlite_run(&call, err);
}

int sqlite_apply(struct store *base, const struct store_outcome_batch *what, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    struct sqlite_name *destination = find_destination(store, what->destination, err);

    if (destination == NULL)
        return -1;
    for (size_t i = 0; i < what->outcome_count; i++)
        if (apply_one(store, what, destination, &what->outcomes[i], err) < 0)
            return -1;
    for (size_t i = 0; i < what->known_count; i++)
        if (put_known(store, destination->id, &what->known[i], err) < 0)
            return -1;
    for (size_t i = 0; i < what->answered_intent_count; i++) {
        struct sqlite_call call = sqlite_call(&store->writer, END_INTENT);
        sqlite_int(&call, destination->id);
        sqlite_text(&call, what->answered_intents[i]);
        if (sqlite_run(&call, err) < 0)
            return -1;
    }
    return 0;
}

/* ---- dead letters, and what is old ---- */

/* The first dead letter among those; 0 = none. */
static int next_dead(struct sqlite_store *store, int64_t destination,
                     const struct store_dead_letters *which, int64_t *ret_seq, struct err *err)
{
    struct sqlite_call call =
        sqlite_call(&store->writer, which->code == NULL ? NEXT_DEAD : NEXT_DEAD_BY_CODE);
    int row;

    sqlite_int(&call, destination);
    sqlite_int(&call, which->first);
    sqlite_int(&call, which->last);
    if (which->code != NULL)
        sqlite_text(&call, which->code);
    row = sqlite_step(&call, err);
    *ret_seq = row == 1 ? sqlite_read_int(&call, 1, INT64_MAX - 1) : 0;
    sqlite_end(&call);
    return row < 0 ? -1 : sqlite_row_check(&call, "delivery", which->first, err);
}

/* Does to each of them what one does to it. */
static int each_dead_letter(struct sqlite_store *store, struct store_dead_letters *which,
                            int64_t now_ms,
                            int (*one)(struct sqlite_store *store, struct sqlite_name *destination,
                                       int64_t seq, int64_t now_ms, struct err *err),
                            struct err *err)
{
    struct sqlite_name *name = find_destination(store, which->destination, err);
    int64_t seq = 0;

    if (name == NULL)
        return -1;
    for (size_t i = 0; i < which->max && !which->done; i++) {
        if (next_dead(store, name->id, which, &seq, err) < 0 ||
            (seq != 0 && one(store, name, seq, now_ms, err) < 0))
            return -1;
        which->done = seq == 0;
        which->count += seq != 0;
        if (seq != 0)
            which->first = seq + 1;
    }
    return 0;
}

static int redrive_one(struct sqlite_store *store, struct sqlite_name *destination, int64_t seq,
                       int64_t now_ms, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, REDRIVE);

    sqlite_int(&call, seq);
    sqlite_int(&call, schedule_place(&store->schedule, now_ms));
    sqlite_int(&call, schedule_place(&store->changes, now_ms));
    if (sqlite_run(&call, err) < 0)
        return -1;
    destination->changed = true;
    counters_move(&destination->change, STORE_DEAD, STORE_WAITING, false);
    return 0;
}

int sqlite_redrive(struct store *base, struct store_dead_letters *which, int64_t now_ms,
                   struct err *err)
{
    return each_dead_letter((struct sqlite_store *)base, which, now_ms, redrive_one, err);
}

static int discard_one(struct sqlite_store *store, struct sqlite_name *destination, int64_t seq,
                       int64_t now_ms, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, DISCARD);

    sqlite_int(&call, seq);
    sqlite_int(&call, schedule_place(&store->changes, now_ms));
    if (sqlite_run(&call, err) < 0)
        return -1;
    destination->changed = true;
    counters_discard(&destination->change);
    return 0;
}

int sqlite_discard(struct store *base, struct store_dead_letters *which, int64_t now_ms,
                   struct err *err)
{
    return each_dead_letter((struct sqlite_store *)base, which, now_ms, discard_one, err);
}

int sqlite_pause(struct store *base, const char *destination, int64_t since_ms, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    struct sqlite_name *name = find_destination(store, destination, err);
    struct sqlite_call call = sqlite_call(&store->writer, PAUSE);

    if (name == NULL)
        return -1;
    sqlite_int(&call, name->id);
    sqlite_int(&call, since_ms);
    name->changed = true; /* it has a counters from now on, which tells of the pause */
    return sqlite_run(&call, err);
}

/* The next delivery in that state, behind at, that ended before before_ms: its event, or 0. */
static int next_ended(struct sqlite_store *store, int state, int64_t before_ms,
                      struct store_purge_at *at, int64_t *ret_event, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, OLD_ENDED);
    int row;

    sqlite_int(&call, state);
    sqlite_int(&call, at->ms);
    sqlite_int(&call, at->seq);
    sqlite_int(&call, before_ms);
    row = sqlite_step(&call, err);
    *ret_event = 0;
    if (row == 1) {
        at->ms = sqlite_read_int(&call, INT64_MIN, INT64_MAX);
        at->seq = sqlite_read_int(&call, 1, INT64_MAX);
        *ret_event = sqlite_read_int(&call, 1, INT64_MAX);
    }
    sqlite_end(&call);
    return row < 0 ? -1 : sqlite_row_check(&call, "delivery", at->seq, err);
}

/* 1: looked at the next one that is old enough, 0: there is none, -1. */
static int forget_ended(struct sqlite_store *store, int state, struct store_purge *what,
                        struct err *err)
{
    int64_t before_ms = state == STORE_DEAD ? what->ages.dead_ms : what->ages.ended_ms, event;
    struct sqlite_call call = sqlite_call(&store->writer, FORGET_EVENT);

    if (next_ended(store, state, before_ms, &what->at, &event, err) < 0)
        return -1;
    if (event == 0)
        return 0;
    sqlite_int(&call, event);
    sqlite_int(&call, what->ages.ended_ms);
    sqlite_int(&call, what->ages.dead_ms);
    if (sqlite_run(&call, err) < 0)
        return -1;
    what->count += sqlite3_changes(store->writer.db);
    return 1;
}

static int forget_known(struct sqlite_store *store, struct store_purge *what, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, OLD_KNOWN);
    int64_t destination = 0;
    char *key = NULL;
    int row;

    sqlite_int(&call, what->ages.known_ms);
    row = sqlite_step(&call, err);
    if (row == 1) {
        destination = sqlite_read_int(&call, 1, INT64_MAX);
        key = sqlite_read_text(&call);
    }
    sqlite_end(&call);
    if (row < 1)
        return row;
    if (sqlite_row_check(&call, "memory of destination", destination, err) == 0) {
        call = sqlite_call(&store->writer, FORGET_KNOWN);
        sqlite_int(&call, destination);
        sqlite_text(&call, key);
        row = sqlite_run(&call, err) < 0 ? -1 : 1;
    } else {
        row = -1;
    }
    mem_free(key);
    what->count += row == 1;
    return row;
}

/* The names of a part, when all its events are gone. */
static int forget_names(struct sqlite_store *store, struct store_purge *what, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, NEXT_PART);
    int64_t part = 0;
    int row;

    sqlite_int(&call, what->at.seq - 1); /* the first part is 0 */
    row = sqlite_step(&call, err);
    if (row == 1)
        part = sqlite_read_int(&call, 0, INT64_MAX >> 11);
    sqlite_end(&call);
    if (row < 1)
        return row;
    if (sqlite_row_check(&call, "event_name", part, err) < 0)
        return -1;
    what->at.seq = part + 1;
    call = sqlite_call(&store->writer, FORGET_NAMES);
    sqlite_int(&call, part);
    return sqlite_run(&call, err) < 0 ? -1 : 1;
}

static int forget_skipped(struct sqlite_store *store, struct store_purge *what, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, FORGET_SKIPPED);
    int forgotten;

    sqlite_int(&call, what->ages.ended_ms);
    if (sqlite_run(&call, err) < 0)
        return -1;
    forgotten = sqlite3_changes(store->writer.db);
    what->count += forgotten;
    return forgotten;
}

/* What a round goes through, in this order. */
static const int purge_states[] = {STORE_WRITTEN, STORE_MERGED, STORE_UNCHANGED, STORE_DEAD,
                                   SQLITE_DISCARDED};
static int (*const purge_rest[])(struct sqlite_store *store, struct store_purge *what,
                                 struct err *err) = {forget_known, forget_names, forget_skipped};
#define PURGE_STATES (sizeof purge_states / sizeof purge_states[0])
#define PURGE_PARTS  (PURGE_STATES + sizeof purge_rest / sizeof purge_rest[0])

int sqlite_purge(struct store *base, struct store_purge *what, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;

    while (what->at.part < PURGE_PARTS && what->go_on(what->arg)) {
        int one = what->at.part < PURGE_STATES
                      ? forget_ended(store, purge_states[what->at.part], what, err)
                      : purge_rest[what->at.part - PURGE_STATES](store, what, err);
        if (one < 0)
            return -1;
        if (one == 0)
            what->at = (struct store_purge_at){.part = what->at.part + 1};
    }
    what->done = what->at.part >= PURGE_PARTS;
    return 0;
}
