#include <ctype.h>
#include <string.h>

#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "delivery/destination.h"

#define RECALL_AGAIN_MS 100

static const char *static_object(const char *name)
{
    static const char *const objects[] = {"Lead", "Account", "Contact"};

    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++)
        if (strcmp(objects[i], name) == 0)
            return objects[i];
    return NULL;
}

void gather_group(struct destination *d, struct group *group)
{
    group->stage = GROUP_GATHERING;
    group->since_ms = clock_mono();
    group->placed = group->record_id != NULL;
    if (group->placed) {
        DL_APPEND2(d->placed, group, gather_prev, gather_next);
        d->placed_count++;
    } else {
        DL_APPEND2(d->unplaced, group, gather_prev, gather_next);
        d->unplaced_count++;
    }
}

void gather_remove(struct destination *d, struct group *group)
{
    if (group->placed) {
        DL_DELETE2(d->placed, group, gather_prev, gather_next);
        d->placed_count--;
    } else {
        DL_DELETE2(d->unplaced, group, gather_prev, gather_next);
        d->unplaced_count--;
    }
}

/* Takes key. */
static int add_intent(struct destination *d, char *key, int64_t since_ms, struct err *err)
{
    struct intent *intent = mem_zero(1, sizeof *intent);

    if (intent == NULL) {
        mem_free(key);
        return err_memory(err);
    }
    intent->key = key;
    intent->since_ms = since_ms;
    HASH_ADD_KEYPTR(hh, d->intents, intent->key, strlen(intent->key), intent);
    if (hash_entered(&intent->hh))
        return 0;
    mem_free(intent->key);
    mem_free(intent);
    return err_memory(err);
}

int gather_intents(struct destination *d, struct err *err)
{
    struct store_intent *list = NULL;
    size_t count = 0;
    int rc = -1;

    if (d->store->api->intents(d->store, d->settings->name, &list, &count, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        struct intent *intent;
        HASH_FIND_STR(d->intents, list[i].key, intent);
        if (intent != NULL)
            continue; /* loaded by a try that failed half way */
        /* How long it has been down nobody knows: it waits in full. */
        if (add_intent(d, list[i].key, clock_mono(), err) < 0) {
            list[i].key = NULL;
            goto out;
        }
        list[i].key = NULL;
    }
    rc = 0;
out:
    store_intents_free(list, count);
    return rc;
}

/* Takes key.  Two intents that turn out to be of one key become one, as old as the younger. */
static int rename_intent(struct destination *d, struct intent *intent, char *key, struct err *err)
{
    struct intent *twin;

    HASH_FIND_STR(d->intents, key, twin);
    if (twin == NULL) {
        if (add_intent(d, key, intent->since_ms, err) < 0)
            return -1;
    } else {
        mem_free(key);
        if (twin->since_ms < intent->since_ms)
            twin->since_ms = intent->since_ms;
    }
    HASH_DELETE(hh, d->intents, intent);
    mem_free(intent->key);
    mem_free(intent);
    return 0;
}

/* s takes what goes from the store.  The new key is written down before the old one goes. */
static int rekey_intent(struct destination *d, struct intent *intent, struct settling *s,
                        struct err *err)
{
    char *key = mapping_key_again(intent->key, d->schema);
    const char *const keys[] = {key};

    if (key == NULL)
        return err_memory(err);
    if (strcmp(key, intent->key) == 0) {
        mem_free(key);
        return 0;
    }
    if (writer_intend(d->writer, d->settings->name, keys, 1, clock_steady(), err) < 0 ||
        settle_intent(s, intent->key, err) < 0) {
        mem_free(key);
        return -1;
    }
    return rename_intent(d, intent, key, err);
}

int gather_rekey(struct destination *d, struct err *err)
{
    struct intent *intent, *next;
    struct settling s = {0};
    int rc = 0;

    HASH_ITER(hh, d->intents, intent, next) {
        if (rc == 0)
            rc = rekey_intent(d, intent, &s, err);
    }
    if (rc == 0)
        answer_settle(d, &s, NULL, 0);
    else
        settle_done(&s); /* the old keys stay, and are spelled anew the next time */
    return rc;
}

/* ---- mapping ---- */

int gather_map(const struct destination *d, const struct store_delivery *row,
               struct mapping_result *ret, struct err *err)
{
    struct event event;
    int rc;

    if (event_read(&event, row->body, row->body_len, err) < 0)
        return -1;
    rc = mapping_map(&event, d->settings, d->schema, false, ret, err);
    event_done(&event);
    return rc;
}

bool gather_refuses(const struct destination *d, const struct mapping_result *mapped,
                    struct reason *why)
{
    if (mapped->outcome == MAPPING_REJECT) {
        *why = (struct reason){mapped->reason, mapped->detail,
                               "mend the event's source or the destination's look-up settings, "
                               "then retry"};
        return true;
    }
    if (mapped->outcome == MAPPING_SKIP) {
        *why = (struct reason){mapped->reason, "the settings have changed since it was accepted",
                               "change the settings back and retry, or discard it"};
        return true;
    }
    if (schema_object(d->schema, mapped->object) == NULL) {
        *why = (struct reason){"object_not_visible", "the integration user cannot see this object",
                               "give the user's profile access to it, then retry"};
        return true;
    }
    return false;
}

static struct group *group_for(struct destination *d, const struct mapping_result *mapped)
{
    struct group *group;

    HASH_FIND_STR(d->groups, mapped->key, group);
    if (group != NULL)
        return group;
    group = group_new(mapped->key, static_object(mapped->object));
    if (group == NULL)
        return NULL;
    HASH_ADD_KEYPTR(hh, d->groups, group->key, strlen(group->key), group);
    if (!hash_entered(&group->hh)) {
        group_free(group);
        return NULL;
    }
    return group;
}

/* ---- when what was put off comes due ---- */

int64_t gather_now(const struct destination *d)
{
    return clock_steady() + d->due_ahead_ms;
}

int64_t gather_longest_wait(const struct destination *d)
{
    int64_t longest = d->settings->retry_longest_ms;

    return longest > LOOK_AGAIN_LONGEST_MS ? longest : LOOK_AGAIN_LONGEST_MS;
}

/* What is due later than that was put off by an earlier run whose clock was ahead.  From here
   on due times are read by a clock that is as far ahead. */
static void follow(struct destination *d, int64_t due_ms)
{
    int64_t ahead = due_ms - gather_now(d);

    if (ahead <= gather_longest_wait(d))
        return;
    d->due_ahead_ms += ahead;
    log_line(LOG_WARN, "delivery.clock_was_ahead", "destination=%s seconds=%lld", d->settings->name,
             (long long)(ahead / 1000));
}

int64_t gather_due(struct destination *d)
{
    int64_t due = INT64_MAX;
    struct err err;

    if (d->store->api->next_due(d->store, d->settings->name, &d->cursor, &due, &err) < 0)
        return clock_mono() + STORE_RETRY_MS;
    if (due == INT64_MAX)
        return INT64_MAX;
    follow(d, due);
    return clock_mono() + (due - gather_now(d));
}

/* ---- reading ---- */

int gather_hold(struct destination *d, struct item *item, struct err *err)
{
    HASH_ADD(hh, d->in_hand, row.seq, sizeof item->row.seq, item);
    if (!hash_entered(&item->hh))
        return err_memory(err);
    d->in_hand_bytes += item->row.body_len;
    return 0;
}

void gather_let_go(struct destination *d, struct item *item)
{
    HASH_DELETE(hh, d->in_hand, item);
    d->in_hand_bytes -= item->row.body_len;
}

/* A delivery that can never be written ends dead, without a group. */
static int bury(struct destination *d, struct item *item, struct reason why, struct settling *dead,
                struct err *err)
{
    struct group grave = {0};

    if (gather_hold(d, item, err) < 0) {
        item_free(item);
        return -1;
    }
    group_add(&grave, item);
    if (settle_dead(dead, &grave, item, why, err) < 0) {
        gather_let_go(d, item);
        item_free(item);
        return -1;
    }
    return 0;
}

static int enter(struct destination *d, struct item *item, struct group **ret_fresh,
                 struct err *err)
{
    struct group *group;

    if (gather_hold(d, item, err) < 0) {
        item_free(item);
        return -1;
    }
    group = group_for(d, &item->mapped);
    if (group == NULL) {
        gather_let_go(d, item);
        item_free(item);
        return err_memory(err);
    }
    if (group->items == NULL && group->later == NULL)
        *ret_fresh = group;
    group_add(group, item);
    return 0;
}

/* Takes a row in, whose texts become the item's.  *ret_fresh: its new group, or NULL. */
static int take_row(struct destination *d, struct store_delivery *row, struct settling *dead,
                    struct group **ret_fresh, struct err *err)
{
    struct err unreadable = {0};
    struct reason why;
    struct item *item;

    *ret_fresh = NULL;
    HASH_FIND(hh, d->in_hand, &row->seq, sizeof row->seq, item);
    if (item != NULL)
        return 0; /* read again after a read that failed half way */
    if ((item = mem_zero(1, sizeof *item)) == NULL)
        return err_memory(err);
    item->row = *row;
    *row = (struct store_delivery){0};
    if (item->row.timestamp_ms > clock_steady())
        item->row.timestamp_ms = d->began_ms;
    item->unremembered = item->row.timestamp_ms < clock_steady() - atomic_load(&d->keep_known_ms);
    if (gather_map(d, &item->row, &item->mapped, &unreadable) < 0) {
        if (unreadable.kind == ERR_MEMORY) {
            item_free(item);
            return err_memory(err);
        }
        why = (struct reason){"unreadable_event", unreadable.text,
                              "the stored event is damaged; discard it"};
        return bury(d, item, why, dead, err);
    }
    item->schema_number = d->schema_number;
    if (gather_refuses(d, &item->mapped, &why))
        return bury(d, item, why, dead, err);
    return enter(d, item, ret_fresh, err);
}

static bool plausible_id(const char *id)
{
    size_t len = strlen(id);

    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)id[i]))
            return false;
    return len == 15 || len == 18;
}

/* One that was written in the future was written while the clock was ahead: it is not trusted. */
static bool is_fresh(const struct destination *d, const struct store_known *memory)
{
    int64_t age = clock_steady() - memory->written_ms;

    return age >= 0 && age < d->settings->remember_ids_ms;
}

/* What the store remembers of a key: field times always, the record while it is fresh. */
static int apply_memory(struct destination *d, const struct store_known *memory, struct err *err)
{
    const char *object = static_object(memory->object);
    struct group *group;
    struct intent *intent;
    bool joined; /* then it is left empty */

    HASH_FIND_STR(d->groups, memory->key, group);
    if (group == NULL)
        return 0;
    times_done(&group->times);
    if (times_parse(&group->times, memory->fields, err) < 0)
        return -1;
    times_bound(&group->times, clock_steady(), d->began_ms);
    HASH_FIND_STR(d->intents, memory->key, intent);
    if (intent != NULL || object == NULL || !plausible_id(memory->record_id) ||
        !is_fresh(d, memory))
        return 0;
    return claim_record(d, group, object, memory->record_id, &joined, err);
}

static int find_known(struct destination *d, struct group **fresh, size_t count, struct err *err)
{
    const char **keys = mem_zero(count, sizeof *keys);
    struct store_known *known = NULL;
    size_t known_count = 0;
    int rc = -1;

    if (keys == NULL)
        return err_memory(err);
    for (size_t i = 0; i < count; i++)
        keys[i] = fresh[i]->key;
    if (d->store->api->find_known(d->store, d->settings->name, keys, count, &known, &known_count,
                                  err) < 0)
        goto out;
    rc = 0;
    for (size_t i = 0; i < known_count && rc == 0; i++)
        rc = apply_memory(d, &known[i], err);
out:
    store_known_free(known, known_count);
    mem_free(keys);
    return rc;
}

/* Nothing is written before it is known what was written: an older value could go over a newer
   one.  False: the destination is stopping, and they still wait in the store. */
static bool find_known_or_stop(struct destination *d, struct group **fresh, size_t count)
{
    struct err err;

    while (count > 0 && find_known(d, fresh, count, &err) < 0) {
        log_line(LOG_ERROR, "delivery.cannot_recall", "destination=%s error=%s", d->settings->name,
                 LOG_TEXT(err.text));
        if (!mail_pause(d, RECALL_AGAIN_MS))
            return false;
    }
    return true;
}

static int take_rows(struct destination *d, struct store_delivery *rows, size_t count,
                     struct err *err)
{
    struct group **fresh = mem_zero(count, sizeof *fresh);
    struct settling dead = {0};
    size_t fresh_count = 0;
    bool found;
    int rc = 0;

    if (fresh == NULL)
        return err_memory(err);
    for (size_t i = 0; i < count && rc == 0; i++) {
        struct group *group = NULL;
        rc = take_row(d, &rows[i], &dead, &group, err);
        if (group != NULL)
            fresh[fresh_count++] = group;
    }
    found = find_known_or_stop(d, fresh, fresh_count);
    for (size_t i = 0; found && i < fresh_count; i++) {
        if (fresh[i]->items != NULL) {
            gather_group(d, fresh[i]);
        } else { /* its events are with another of the same record */
            HASH_DELETE(hh, d->groups, fresh[i]);
            group_free(fresh[i]);
        }
    }
    answer_settle(d, &dead, NULL, 0);
    mem_free(fresh);
    return rc;
}

bool gather_waits(struct destination *d)
{
    struct store_cursor peek = d->cursor;
    struct store_delivery *rows = NULL;
    size_t count = 0;
    struct err err;

    if (!d->more)
        return false;
    if (d->store->api->take(d->store, d->settings->name, &peek, gather_now(d), 1, 1, &rows, &count,
                            &err) < 0)
        return true;
    store_deliveries_free(rows, count);
    d->more = count > 0;
    return d->more;
}

int gather_read(struct destination *d, struct err *err)
{
    int rc = 0;

    while (rc == 0 && d->more && !renew_stale(d) && HASH_COUNT(d->in_hand) < IN_HAND_MAX &&
           d->in_hand_bytes < IN_HAND_MAX_BYTES) {
        struct store_cursor before = d->cursor;
        struct store_delivery *rows = NULL;
        size_t count = 0;

        if (d->store->api->take(d->store, d->settings->name, &d->cursor, gather_now(d), TAKE_MAX,
                                IN_HAND_MAX_BYTES / 4, &rows, &count, err) < 0)
            return -1;
        d->more = count > 0;
        if (count > 0)
            rc = take_rows(d, rows, count, err);
        store_deliveries_free(rows, count);
        if (rc < 0) {
            d->cursor = before; /* what was taken in already is known by its seq */
            d->more = true;
        }
    }
    return rc;
}
