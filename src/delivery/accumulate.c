/* Moves events from the store into accumulating groups. */
#include "delivery/accumulate.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "delivery/commit.h"
#include "delivery/due.h"
#include "delivery/known_records.h"
#include "delivery/map_event.h"
#include "delivery/renew.h"

#define FIND_AGAIN_MS 100

/* Groups that one read has made. */
struct fresh {
    struct group **list;
    size_t count;
};

/* Takes the item, which is then in hand. */
static int end_dead(struct destination *d, struct item *item, struct reason why,
                    struct outcome_batch *dead, struct err *err)
{
    if (in_hand_add(&d->in_hand, item, err) < 0) {
        item_free(item);
        return -1;
    }
    if (outcome_dead_on_arrival(dead, item, why, err) < 0) {
        in_hand_remove(&d->in_hand, item);
        item_free(item);
        return -1;
    }
    return 0;
}

static int enter(struct destination *d, struct item *item, struct fresh *fresh, struct err *err)
{
    struct group *group;

    if (in_hand_add(&d->in_hand, item, err) < 0) {
        item_free(item);
        return -1;
    }
    group = groups_get(&d->groups, item->mapped.key, item->mapped.binding);
    if (group == NULL) {
        in_hand_remove(&d->in_hand, item);
        item_free(item);
        return err_memory(err);
    }
    if (group->items == NULL && group->later == NULL)
        fresh->list[fresh->count++] = group;
    group_add(group, item);
    return 0;
}

/* Takes ownership of the row's texts. */
static struct item *item_of(const struct destination *d, struct store_delivery *row)
{
    struct item *item = mem_zero(1, sizeof *item);

    if (item == NULL)
        return NULL;
    item->row = *row;
    *row = (struct store_delivery){0};
    if (item->row.timestamp_ms > clock_steady())
        item->row.timestamp_ms = d->began_ms;
    item->unremembered = item->row.timestamp_ms < clock_steady() - atomic_load(&d->keep_known_ms);
    return item;
}

static int take_row(struct destination *d, struct store_delivery *row, struct outcome_batch *dead,
                    struct fresh *fresh, struct err *err)
{
    struct map_refusal refusal;
    struct item *item;
    int rc;

    if (in_hand_has(&d->in_hand, row->seq))
        return 0; /* read again after a read that failed half way */
    if ((item = item_of(d, row)) == NULL)
        return err_memory(err);
    if (map_event(d, item, &refusal, err) < 0) {
        item_free(item);
        return -1;
    }
    rc = refusal.refused ? end_dead(d, item, refusal.why, dead, err) : enter(d, item, fresh, err);
    map_refusal_done(&refusal);
    return rc;
}

/* Nothing is written before the known records have been read: an older value could overwrite a
   newer one.  False: the destination is stopping, and they still wait in the store. */
static bool find_known_or_stop(struct destination *d, const struct fresh *fresh)
{
    struct err err;

    while (fresh->count > 0 && known_records_read(d, fresh->list, fresh->count, &err) < 0) {
        log_line(LOG_ERROR, "delivery.cannot_read_known_records", "destination=%s error=%s",
                 d->settings->name, LOG_TEXT(err.text));
        if (!inbox_sleep(&d->inbox, FIND_AGAIN_MS))
            return false;
    }
    return true;
}

/* One that is empty has its events with another group of the same record. */
static void accumulate(struct destination *d, const struct fresh *fresh)
{
    for (size_t i = 0; i < fresh->count; i++) {
        if (fresh->list[i]->items != NULL)
            groups_accumulate(&d->groups, fresh->list[i]);
        else
            groups_remove(&d->groups, fresh->list[i]);
    }
}

static int take_rows(struct destination *d, struct store_delivery *rows, size_t count,
                     struct err *err)
{
    struct fresh fresh = {.list = mem_zero(count, sizeof *fresh.list)};
    struct outcome_batch dead = {0};
    int rc = 0;

    if (fresh.list == NULL)
        return err_memory(err);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = take_row(d, &rows[i], &dead, &fresh, err);
    if (find_known_or_stop(d, &fresh))
        accumulate(d, &fresh);
    commit_batch(d, &dead);
    mem_free(fresh.list);
    return rc;
}

int accumulate_read(struct destination *d, struct err *err)
{
    int rc = 0;

    while (rc == 0 && d->more && !renew_stale(d) && !in_hand_full(&d->in_hand)) {
        struct store_cursor before = d->cursor;
        struct store_delivery *rows = NULL;
        size_t count = 0;

        if (d->store->api->take(d->store, d->settings->name, &d->cursor, due_now(d), TAKE_MAX,
                                IN_HAND_MAX_BYTES / 4, &rows, &count, err) < 0)
            return -1;
        d->more = count > 0;
        if (count > 0)
            rc = take_rows(d, rows, count, err);
        store_deliveries_free(rows, count);
        if (rc < 0) {
            d->cursor = before; /* what was already taken is known by its seq */
            d->more = true;
        }
    }
    return rc;
}
