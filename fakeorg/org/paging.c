/* Runs queries and splits their results into pages. */
#include "fakeorg/org/paging.h"

/* Rows per page: what the client asks for, within bounds, or the org's default. */
static size_t page_size(const struct request *request, size_t asked)
{
    size_t size = asked;

    if (size == 0)
        size = quirk_is(&request->quirks, QUIRK_PAGE_DEFAULT, "500") ? 500 : 2000;
    return quirk_is(&request->quirks, QUIRK_PAGES, "fewer") ? size / 2 : size;
}

static int cut_first_page(struct request *request, size_t size, struct query_page *page)
{
    struct service *service = request->service;

    page->result = &page->own;
    page->end = page->own.record_count;
    if (page->query->counts_rows || page->own.counts != NULL)
        return 0;
    if (page->end > size) {
        struct cursor *cursor = cursors_keep(&service->cursors, &page->own, request->version,
                                             orgclock_now(&service->org->clock));
        if (cursor == NULL)
            return api_error_memory(request->error);
        cursor_locator(cursor, size, page->locator);
        page->result = &cursor->result;
        page->end = size;
    }
    request->records += page->end;
    return 0;
}

int query_first_page(struct request *request, const char *statement, bool all_rows, size_t size,
                     struct query_page *ret_page)
{
    struct soql_query *query = soql_parse(statement, request->arena, request->error);

    *ret_page = (struct query_page){.query = query};
    if (query == NULL)
        return -1;
    query->all_rows = all_rows;
    query->any_offset = quirk_is(&request->quirks, QUIRK_OFFSET, "any");
    if (soql_run(request->service->org, query, request->arena, &ret_page->own, request->error) < 0)
        return -1;
    if (cut_first_page(request, page_size(request, size), ret_page) == 0)
        return 0;
    soql_result_done(&ret_page->own);
    return -1;
}

int query_next_page(struct request *request, const char *locator, size_t size,
                    struct query_page *ret_page)
{
    struct service *service = request->service;
    bool again = quirk_is(&request->quirks, QUIRK_LOCATORS, "again");

    *ret_page = (struct query_page){0};
    struct cursor *cursor = cursors_find(&service->cursors, locator, again,
                                         orgclock_now(&service->org->clock), &ret_page->first);
    if (cursor == NULL)
        return api_error_set(request->error, API_ERROR_QUERY_LOCATOR, "INVALID_QUERY_LOCATOR",
                             "invalid query locator");
    ret_page->result = &cursor->result;
    ret_page->end = ret_page->first + page_size(request, size);
    if (ret_page->end < cursor->result.record_count) {
        cursor_locator(cursor, ret_page->end, ret_page->locator);
    } else {
        ret_page->end = cursor->result.record_count;
        ret_page->over = again ? NULL : cursor;
    }
    request->records += ret_page->end - ret_page->first;
    return 0;
}

void query_page_done(struct request *request, struct query_page *page)
{
    if (page->over != NULL)
        cursors_drop(&request->service->cursors, page->over);
    soql_result_done(&page->own);
}
