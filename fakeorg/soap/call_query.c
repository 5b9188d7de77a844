#include "fakeorg/soap/call.h"

#include <stdio.h>
#include <string.h>

#define NS_XSD "http://www.w3.org/2001/XMLSchema"

/* The parts of a compound address, in the order of the WSDL's address type. */
static void write_address(struct buf *out, const struct record *record, const struct field *field)
{
    static const struct {
        const char *element, *part;
    } parts[] = {{"latitude", "Latitude"},
                 {"longitude", "Longitude"},
                 {"city", "City"},
                 {"country", "Country"},
                 {"countryCode", NULL},
                 {"geocodeAccuracy", "GeocodeAccuracy"},
                 {"postalCode", "PostalCode"},
                 {"state", "State"},
                 {"stateCode", NULL},
                 {"street", "Street"}};
    size_t prefix = strlen(field->fact.name) - strlen("Address");

    buf_format(out, "<sf:%s xsi:type=\"address\">", field->fact.name);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char name[80];
        const char *value = NULL;
        if (parts[i].part != NULL && prefix + strlen(parts[i].part) < sizeof name) {
            memcpy(name, field->fact.name, prefix);
            memcpy(name + prefix, parts[i].part, strlen(parts[i].part) + 1);
            value = record_value_named(record, name);
        }
        xml_element(out, parts[i].element, value);
    }
    buf_format(out, "</sf:%s>", field->fact.name);
}

void call_write_value(struct buf *out, const struct record *record, const struct field *field)
{
    const char *value = record_value(record, field);

    if (field->fact.type == FIELD_ADDRESS) {
        write_address(out, record, field);
    } else if (value == NULL) {
        buf_format(out, "<sf:%s xsi:nil=\"true\"/>", field->fact.name);
    } else {
        bool whole = field_type_info(field->fact.type)->kind == KIND_NUMBER &&
                     field->fact.type != FIELD_INT && strchr(value, '.') == NULL;
        buf_format(out, "<sf:%s>", field->fact.name);
        xml_text(out, value);
        buf_format(out, "%s</sf:%s>", whole ? ".0" : "", field->fact.name);
    }
}

/* Id stands first whether asked for or not, and once more where it was: recorded so. */
static void write_type_and_id(const struct call *call, const char *type,
                              const struct soql_result *result, const struct field *link,
                              const struct record *record)
{
    bool has_id = false;

    for (size_t i = 0; i < result->column_count; i++)
        has_id = has_id || (result->columns[i].link == link &&
                            result->columns[i].field->fact.type == FIELD_ID);
    xml_element(call->out, "sf:type", type);
    if (has_id || switch_is(&call->switches, SWITCH_UNSELECTED_ID, "nil"))
        xml_element(call->out, "sf:Id", has_id ? record->id : NULL);
}

/* The columns of one parent in one element, where the first of them was selected. */
static void write_parent(const struct call *call, const struct soql_result *result, size_t first,
                         const struct record *record)
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
               switch_is(&call->switches, SWITCH_PARENT_TYPE, "sObject")
                   ? " xsi:type=\"sf:sObject\""
                   : "");
    write_type_and_id(call, column->parent_type, result, column->link, parent);
    for (size_t i = first; i < result->column_count; i++)
        if (result->columns[i].link == column->link)
            call_write_value(out, parent, result->columns[i].field);
    buf_format(out, "</sf:%s>", relation);
}

static void write_record(const struct call *call, const struct soql_result *result,
                         const struct record *record)
{
    struct buf *out = call->out;

    buf_text(out, "<records xsi:type=\"sf:sObject\">");
    write_type_and_id(call, result->object->name, result, NULL, record);
    for (size_t i = 0; i < result->column_count; i++) {
        if (result->columns[i].link == NULL)
            call_write_value(out, record, result->columns[i].field);
        else
            write_parent(call, result, i, record);
    }
    buf_text(out, "</records>");
}

/* The one row of COUNT(field): expr0, expr1 ... or the names that were asked for. */
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

/* Rows of a page: what the client asks for within bounds, or what the org thinks. */
static size_t page_size(const struct call *call)
{
    size_t size = call->headers.batch_size;

    if (size == 0)
        size = switch_is(&call->switches, SWITCH_PAGE_DEFAULT, "500") ? 500 : 2000;
    return switch_is(&call->switches, SWITCH_PAGES, "fewer") ? size / 2 : size;
}

/* One page from row on; locator is that of the next page, or NULL. */
static void write_page(struct call *call, const struct soql_result *result, size_t row,
                       const char *locator)
{
    size_t end = row + page_size(call);

    if (end > result->record_count)
        end = result->record_count;
    call->records += end - row;
    write_opening(call->out, locator);
    for (size_t i = row; i < end; i++)
        write_record(call, result, result->records[i]);
    write_closing(call->out, result->record_count);
}

static int write_first_page(struct call *call, struct soql_result *result)
{
    char locator[LOCATOR_MAX];

    if (result->record_count <= page_size(call)) {
        write_page(call, result, 0, NULL);
        return 0;
    }
    struct cursor *cursor = cursors_keep(&call->service->cursors, result, call->version,
                                         orgclock_now(&call->service->org->clock));
    if (cursor == NULL)
        return api_error_memory(call->error);
    cursor_locator(cursor, page_size(call), locator);
    write_page(call, &cursor->result, 0, locator);
    return 0;
}

static int run_query(struct call *call, bool all_rows)
{
    const char *statement = call_argument(call, "queryString");
    struct soql_result result = {0};
    int rc = 0;

    if (statement == NULL)
        return -1;
    struct soql_query *query = soql_parse(statement, call->arena, call->error);
    if (query == NULL)
        return -1;
    query->all_rows = all_rows;
    query->any_offset = switch_is(&call->switches, SWITCH_OFFSET, "any");
    if (soql_run(call->service->org, query, call->arena, &result, call->error) < 0)
        return -1;
    if (query->counts_rows || result.counts != NULL) {
        write_opening(call->out, NULL);
        if (result.counts != NULL)
            write_counts(call->out, query, &result);
        write_closing(call->out, result.record_count);
    } else {
        rc = write_first_page(call, &result);
    }
    soql_result_done(&result);
    return rc;
}

int call_query(struct call *call)
{
    return run_query(call, false);
}

int call_query_all(struct call *call)
{
    return run_query(call, true);
}

int call_query_more(struct call *call)
{
    struct cursors *cursors = &call->service->cursors;
    const char *text = call_argument(call, "queryLocator");
    bool again = switch_is(&call->switches, SWITCH_LOCATORS, "again");
    char locator[LOCATOR_MAX];
    size_t row;

    if (text == NULL)
        return -1;
    struct cursor *cursor =
        cursors_find(cursors, text, again, orgclock_now(&call->service->org->clock), &row);
    if (cursor == NULL)
        return api_error_set(call->error, API_ERROR_QUERY_LOCATOR, "INVALID_QUERY_LOCATOR",
                             "invalid query locator");
    size_t end = row + page_size(call);
    if (end < cursor->result.record_count) {
        cursor_locator(cursor, end, locator);
        write_page(call, &cursor->result, row, locator);
    } else {
        write_page(call, &cursor->result, row, NULL);
        if (!again)
            cursors_drop(cursors, cursor);
    }
    return 0;
}
