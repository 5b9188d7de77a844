/* watch: the newest events, and what changes, for whoever follows them. */
#include "store/memory/functions.h"

static bool change_after(const struct store_receipt *one, const struct store_feed *feed)
{
    if (one->changed_ms != feed->changed_ms)
        return one->changed_ms > feed->changed_ms;
    return one->seq > feed->changed_seq;
}

int memory_recent(struct store *store, int64_t before_seq, size_t max, int64_t now_ms,
                  struct store_feed *feed, struct store_receipt **ret, size_t *ret_count,
                  struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    int64_t until_ms = schedule_enter(&memory->changes, now_ms), seq = memory->last_seq;
    struct feed_page page = {0};
    int rc = 0;

    if (before_seq > 0 && before_seq <= seq)
        seq = before_seq - 1;
    for (; rc == 0 && seq > 0 && page.count < max; seq--) {
        struct memory_slot *slot = memory_find_seq(&memory->tables, seq);
        if (slot != NULL && slot->committed != NULL)
            rc = memory_add_receipt(slot->committed, true, &page.list, &page.count, &page.capacity,
                                    err);
    }
    schedule_leave(&memory->changes, until_ms);
    if (rc == 0 && feed != NULL)
        *feed = (struct store_feed){page.count > 0 ? page.list[0].seq : 0, until_ms, INT64_MAX};
    return memory_unlocked(memory, feed_page_give(&page, rc, ret, ret_count));
}

/* The next change after the feed, up to until_ms; NULL = none. */
static const struct delivery *next_change(struct memory_store *memory,
                                          const struct store_feed *feed, int64_t until_ms)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);
    struct store_feed least = {0, until_ms, INT64_MAX};
    const struct delivery *next = NULL;

    for (; slot != NULL; slot = memory_next(slot)) {
        const struct delivery *row = slot->committed;
        const struct store_receipt *one = row == NULL ? NULL : row->receipt;
        if (one == NULL || (one->state == STORE_WAITING && one->next_attempt_ms == 0) ||
            !change_after(one, feed) || change_after(one, &least))
            continue;
        next = row;
        least = (struct store_feed){0, one->changed_ms, one->seq};
    }
    return next;
}

static int read_changed(struct memory_store *memory, struct store_feed *feed, int64_t until_ms,
                        size_t max, struct feed_page *page, struct err *err)
{
    struct store_feed at = *feed;
    const struct delivery *row;

    while (page->count < max && (row = next_change(memory, &at, until_ms)) != NULL) {
        at = (struct store_feed){0, row->receipt->changed_ms, row->receipt->seq};
        if (memory_add_receipt(row, true, &page->list, &page->count, &page->capacity, err) < 0)
            return -1;
    }
    feed_page_changes(page, feed, until_ms, max);
    return 0;
}

/* Slots are in order of arrival.  The feed never moves past what is not committed yet. */
static int read_arrived(struct memory_store *memory, struct store_feed *feed, size_t max,
                        struct feed_page *page, struct err *err)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);

    for (size_t count = 0; count < max && slot != NULL; slot = memory_next(slot)) {
        const struct delivery *row = slot->committed;
        if (row == NULL || row->receipt->seq <= feed->seq)
            continue;
        if (memory_add_receipt(row, true, &page->list, &page->count, &page->capacity, err) < 0)
            return -1;
        feed->seq = row->receipt->seq;
        count++;
    }
    return 0;
}

int memory_since(struct store *store, struct store_feed *feed, int64_t now_ms, size_t max,
                 struct store_receipt **ret, size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    int64_t until_ms = schedule_enter(&memory->changes, now_ms);
    struct feed_page page = {.seen_seq = feed->seq};
    struct store_feed moved = *feed;
    int rc = read_changed(memory, &moved, until_ms, max, &page, err);

    if (rc == 0)
        rc = read_arrived(memory, &moved, max, &page, err);
    schedule_leave(&memory->changes, until_ms);
    if (rc == 0)
        *feed = moved;
    return memory_unlocked(memory, feed_page_give(&page, rc, ret, ret_count));
}
