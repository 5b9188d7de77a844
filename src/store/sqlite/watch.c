/* watch: the newest events, and what changes, for whoever follows them. */
#include "store/sqlite/functions.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/statements.h"

static int read_recent(struct sqlite_store *store, int64_t before_seq, size_t max,
                       struct feed_page *page, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->reader, SQL_RECENT);

    sqlite_int(&call, before_seq > 0 ? before_seq : INT64_MAX);
    sqlite_int(&call, max < SQLITE_LIST_MAX ? (int64_t)max : SQLITE_LIST_MAX);
    return sqlite_collect(&call, "receipt", sizeof *page->list, sqlite_fill_whole,
                          (void **)&page->list, &page->count, &page->capacity, err);
}

int sqlite_recent(struct store *base, int64_t before_seq, size_t max, int64_t now_ms,
                  struct store_feed *feed, struct store_receipt **ret, size_t *ret_count,
                  struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct feed_page page = {0};
    int64_t until_ms = schedule_enter(&store->changes, now_ms);
    int rc = read_recent(store, before_seq, max, &page, err);

    schedule_leave(&store->changes, until_ms);
    pthread_mutex_unlock(&store->reader_lock);
    if (rc == 0 && feed != NULL)
        *feed = (struct store_feed){page.count > 0 ? page.list[0].seq : 0, until_ms, INT64_MAX};
    return feed_page_give(&page, rc, ret, ret_count);
}

static int read_arrived(struct sqlite_store *store, struct store_feed *feed, size_t max,
                        struct feed_page *page, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->reader, SQL_ARRIVED);
    size_t changes = page->count;

    sqlite_int(&call, feed->seq);
    sqlite_int(&call, (int64_t)max);
    if (sqlite_collect(&call, "receipt", sizeof *page->list, sqlite_fill_whole,
                       (void **)&page->list, &page->count, &page->capacity, err) < 0)
        return -1;
    if (page->count > changes)
        feed->seq = page->list[page->count - 1].seq;
    return 0;
}

static int read_changed(struct sqlite_store *store, struct store_feed *feed, int64_t until_ms,
                        size_t max, struct feed_page *page, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->reader, SQL_CHANGED);

    sqlite_int(&call, feed->changed_ms);
    sqlite_int(&call, feed->changed_seq);
    sqlite_int(&call, until_ms);
    sqlite_int(&call, (int64_t)max);
    if (sqlite_collect(&call, "receipt", sizeof *page->list, sqlite_fill_whole,
                       (void **)&page->list, &page->count, &page->capacity, err) < 0)
        return -1;
    feed_page_changes(page, feed, until_ms, max);
    return 0;
}

/* Both in one transaction, so that an arrival is the same in the list and in the changes. */
int sqlite_since(struct store *base, struct store_feed *feed, int64_t now_ms, size_t max,
                 struct store_receipt **ret, size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct store_feed moved = *feed;
    struct feed_page page = {0};
    int64_t until_ms = schedule_enter(&store->changes, now_ms);
    int rc = sqlite_script(&store->reader, "BEGIN", err);

    max = max < SQLITE_LIST_MAX ? max : SQLITE_LIST_MAX;
    if (rc == 0) {
        page.seen_seq = feed->seq;
        rc = read_changed(store, &moved, until_ms, max, &page, err);
        if (rc == 0)
            rc = read_arrived(store, &moved, max, &page, err);
        sqlite3_exec(store->reader.db, "COMMIT", NULL, NULL, NULL);
    }
    schedule_leave(&store->changes, until_ms);
    pthread_mutex_unlock(&store->reader_lock);
    if (rc == 0)
        *feed = moved;
    return feed_page_give(&page, rc, ret, ret_count);
}
