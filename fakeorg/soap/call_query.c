/* query, queryAll and queryMore: writes pages of rows as XML. */
#include "fakeorg/soap/call_query.h"

#include <stdio.h>

#include "fakeorg/org/paging.h"
#include "fakeorg/soap/value_write.h"

#define NS_XSD "http://www.w3.org/2001/XMLSchema"

/* Id comes first whether selected or not, and again where it was selected, as recorded. */
static void write_type_and_id(const struct soap_call *call, const char *type,
                              const struct soql_result *result, const struct field *link,
                              const struct record *record)
{
    bool has_id = false;

    for (size_t i = 0; i < result->column_count; i++)
        has_id = has_id || (result->columns[i].link == link &&
                            result->columns[i].field->fact.type == FIELD_ID);
    xml_element(call->out, "sf:type", type);
    if (has_id || quirk_is(&call->request.quirks, QUIRK_UNSELECTED_ID, "nil"))
        xml_element(call->out, "sf:Id", has_id ? record->id : NULL);
}

/* The columns of one parent go into one element, at the place of the first. */
static void write_parent(const struct soap_call *call, const struct soql_result *result,
                         size_t first, const struct record *record)
{
    struct buf *out = call->out;
    const struct soql_column *column = &result->columns[first];
    const struct record *parent = soql_holder(result->object->org, record, column);
    char relation[FIELD_NAME_MAX];

    for (size_t i = 0; i < first; i++)
        if (result->columns[i].link == column->link)
            return;
    (void)field_relationship(column->link, relation);
    if (parent == NULL) {
        buf_format(out, "<sf:%s xsi:nil=\"true\"/>", relation);
        return;
    }
    buf_format(out, "<sf:%s%s>", relation,
               quirk_is(&call->request.quirks, QUIRK_PARENT_TYPE, "sObject")
                   ? " xsi:type=\"sf:sObject\""
                   : "");
    write_type_and_id(call, column->parent_type, result, column->link, parent);
    for (size_t i = first; i < result->column_count; i++)
        if (result->columns[i].link == column->link)
            value_write_of(out, parent, result->columns[i].field);
    buf_format(out, "</sf:%s>", relation);
}

static void write_record(const struct soap_call *call, const struct soql_result *result,
                         const struct record *record)
{
    struct buf *out = call->out;

    buf_text(out, "<records xsi:type=\"sf:sObject\">");
    write_type_and_id(call, result->object->name, result, NULL, record);
    for (size_t i = 0; i < result->column_count; i++) {
        if (result->columns[i].link == NULL)
            value_write_of(out, record, result->columns[i].field);
        else
            write_parent(call, result, i, record);
    }
    buf_text(out, "</records>");
}

/* The single row of COUNT(field): expr0, expr1 ... or the given aliases. */
static void write_counts(struct buf *out, const struct soql_query *query,
                         const struct soql_result *result)
{
    size_t unnamed = 0;

    buf_text(out, "<records xsi:type=\"sf:sObject\"><sf:type>AggregateResult</sf:type>"
                  "<sf:Id xsi:nil=\"true\"/>");
    for (size_t i = 0; i < result->column_count; i++) {
        char name[32];
        const char *alias = query->items[i].alias;
        snprintf(name, sizeof name, "expr%zu", unnamed);
        unnamed += alias == NULL;
        alias = alias == NULL ? name : alias;
        buf_format(out, "<sf:%s xmlns:xsd=\"" NS_XSD "\" xsi:type=\"xsd:int\">%zu</sf:%s>", alias,
                   result->counts[i], alias);
    }
    buf_text(out, "</records>");
}

static void write_opening(struct buf *out, const char *locator)
{
    buf_text(out, "<result xsi:type=\"QueryResult\">");
    xml_boolean(out, "done", locator == NULL);
    xml_element(out, "queryLocator", locator);
}

static void write_closing(struct buf *out, size_t size)
{
    xml_integer(out, "size", (int64_t)size);
    buf_text(out, "</result>");
}

static void write_page(struct soap_call *call, const struct query_page *page)
{
    const struct soql_result *result = page->result;

    write_opening(call->out, page->locator[0] == '\0' ? NULL : page->locator);
    if (result->counts != NULL)
        write_counts(call->out, page->query, result);
    else if (!result->counts_rows)
        for (size_t i = page->first; i < page->end; i++)
            write_record(call, result, result->records[i]);
    write_closing(call->out, result->record_count);
}

static int run_query(struct soap_call *call, bool all_rows)
{
    const char *statement = call_argument(call, "queryString");
    struct query_page page;

    if (statement == NULL ||
        query_first_page(&call->request, statement, all_rows, call->headers.batch_size, &page) < 0)
        return -1;
    write_page(call, &page);
    query_page_done(&call->request, &page);
    return 0;
}

int call_query(struct soap_call *call)
{
    return run_query(call, false);
}

int call_query_all(struct soap_call *call)
{
    return run_query(call, true);
}

int call_query_more(struct soap_call *call)
{
    const char *locator = call_argument(call, "queryLocator");
    struct query_page page;

    if (locator == NULL ||
        query_next_page(&call->request, locator, call->headers.batch_size, &page) < 0)
        return -1;
    write_page(call, &page);
    query_page_done(&call->request, &page);
    return 0;
}
