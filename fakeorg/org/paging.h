/*
 * paging: a query, and its rows page by page.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  a page is valid until the next query; query_page_done frees it.
 */
#ifndef FAKEORG_ORG_PAGING_H
#define FAKEORG_ORG_PAGING_H

#include "fakeorg/org/request.h"
#include "fakeorg/query/cursor.h"

struct query_page {
    const struct soql_query *query;   /* NULL on later pages */
    const struct soql_result *result; /* the page has rows first to end of it */
    size_t first, end;
    char locator[LOCATOR_MAX]; /* of the next page; "" on the last */

    struct soql_result own; /* if no cursor owns it */
    struct cursor *over;    /* a cursor whose last page this is */
};

/* size: the rows that the client asks for, or 0.  -1 with the error. */
MUST_USE int query_first_page(struct request *request, const char *statement, bool all_rows,
                              size_t size, struct query_page *ret_page);
MUST_USE int query_next_page(struct request *request, const char *locator, size_t size,
                             struct query_page *ret_page);

void query_page_done(struct request *request, struct query_page *page);

#endif
