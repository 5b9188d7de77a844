/* feed: puts together what a follower of the events gets. */
#include "store/feed.h"

#include "base/mem.h"

void feed_page_changes(struct feed_page *page, struct store_feed *feed, int64_t until_ms,
                       size_t max)
{
    struct store_receipt *list = page->list;
    size_t kept = 0;

    if (page->count == max && max > 0) {
        feed->changed_ms = list[max - 1].changed_ms;
        feed->changed_seq = list[max - 1].seq;
    } else if (feed->changed_ms <= until_ms) {
        feed->changed_ms = until_ms;
        feed->changed_seq = INT64_MAX;
    }
    for (size_t i = 0; i < page->count; i++) {
        struct store_receipt *one = &list[i], swapped = *one;
        if (one->seq > page->seen_seq)
            continue;
        *one = list[kept];
        list[kept++] = swapped;
    }
    while (page->count > kept)
        store_receipt_clear(&list[--page->count]);
}

int feed_page_give(struct feed_page *page, int rc, struct store_receipt **ret, size_t *ret_count)
{
    if (rc < 0) {
        store_receipts_free(page->list, page->count);
        return -1;
    }
    *ret = page->list;
    *ret_count = page->count;
    return 0;
}
