/*
 * page: what the pages for people have in common.  They are self-contained: no script, and
 * no style or image from elsewhere.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_HTTP_PAGE_H
#define FAKEORG_HTTP_PAGE_H

#include <stdint.h>

#include "base/buf.h"
#include "fakeorg/org/service.h"

/* The objects that have a page, in the order of the navigation. */
struct page_object {
    const char *name;
    const char *columns[8]; /* of the list, NULL-terminated; the first links to the record */
};

extern const struct page_object page_objects[];
extern const size_t page_objects_count;

/* Everything before the page's content; place is the path of its navigation entry.
   refresh: seconds until the page reloads; 0: never. */
void page_open(struct service *service, struct buf *out, const char *title, const char *place,
               size_t refresh);
void page_close(struct buf *out);

/* "2026-11-23 10:05:00", in a time element. */
void page_time(struct buf *out, int64_t ms);

/* text, URL-encoded. */
void page_url_text(struct buf *out, const char *text);

/* A number with thousands separators. */
void page_count(struct buf *out, uint64_t number);

/* The rows that a page of a list shows, from..to of total, with links to the previous and
   next page at path?arguments&page=N. */
struct page_rows {
    size_t page, from, to; /* rows from + 1 to to; page from 1 */
};
struct page_rows page_rows(size_t page, size_t rows, size_t total);
void page_links(struct buf *out, const struct page_rows *rows, size_t total, const char *path,
                const char *arguments);

#endif
