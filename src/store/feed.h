/*
 * feed: one page of what a follower of the events gets, as a back end collects it: first the
 * changes to events that the follower has seen, then new arrivals.
 *
 * Threads: one at a time.  Memory: a page owns its list until feed_page_give.
 */
#ifndef STORE_FEED_H
#define STORE_FEED_H

#include "store/store.h"

struct feed_page {
    struct store_receipt *list;
    size_t count, capacity;
    int64_t seen_seq; /* what arrived after it is not a change yet */
};

/* Holds the changes, at most max and up to until_ms: moves the feed over them, and drops changes to
   arrivals that are yet to be listed. */
void feed_page_changes(struct feed_page *page, struct store_feed *feed, int64_t until_ms,
                       size_t max);

/* Hands the list out, or frees it when rc is -1.  Returns rc. */
int feed_page_give(struct feed_page *page, int rc, struct store_receipt **ret, size_t *ret_count);

#endif
