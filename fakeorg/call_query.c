#include "fakeorg/call.h"

#include <string.h>

#include "base/mem.h"

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
static void write_record(struct buf *out, const struct soql_result *result,
                         const struct record *record)
{
    const struct field *id = object_field(result->object, "Id");
    bool has_id = false;

    for (size_t i = 0; i < result->field_count; i++)
        has_id = has_id || result->fields[i] == id;
    buf_format(out, "<records xsi:type=\"sf:sObject\"><sf:type>%s</sf:type>", result->object->name);
    xml_element(out, "sf:Id", has_id ? record->id : NULL);
    for (size_t i = 0; i < result->field_count; i++)
        call_write_value(out, record, result->fields[i]);
    buf_text(out, "</records>");
}

/* One page from row on; locator is that of the next page, or NULL. */
static void write_page(struct call *call, const struct soql_result *result, size_t row,
                       const char *locator)
{
    size_t end = row + call->headers.batch_size;

    if (end > result->record_count)
        end = result->record_count;
    call->records += end - row;
    buf_text(call->out, "<result xsi:type=\"QueryResult\">");
    xml_boolean(call->out, "done", locator == NULL);
    xml_element(call->out, "queryLocator", locator);
    for (size_t i = row; i < end; i++)
        write_record(call->out, result, result->records[i]);
    xml_integer(call->out, "size", (int64_t)result->record_count);
    buf_text(call->out, "</result>");
}

static int run_query(struct call *call, bool all_rows)
{
    const char *statement = call_argument(call, "queryString");
    struct soql_result result = {0};
    char locator[LOCATOR_MAX];

    if (statement == NULL)
        return -1;
    struct soql_query *query = soql_parse(statement, call->arena, call->fault);
    if (query == NULL)
        return -1;
    query->all_rows = all_rows;
    if (soql_run(call->service->org, query, call->arena, &result, call->fault) < 0)
        return -1;
    if (result.record_count > call->headers.batch_size) {
        struct cursor *cursor = cursors_keep(&call->service->cursors, &result);
        cursor_locator(cursor, call->headers.batch_size, locator);
        write_page(call, &cursor->result, 0, locator);
    } else {
        write_page(call, &result, 0, NULL);
    }
    mem_free(result.records);
    mem_free(result.fields);
    return 0;
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
    const char *text = call_argument(call, "queryLocator");
    char locator[LOCATOR_MAX];
    size_t row;

    if (text == NULL)
        return -1;
    struct cursor *cursor = cursors_find(&call->service->cursors, text, &row);
    if (cursor == NULL)
        return fault_fill(call->fault, FAULT_QUERY_LOCATOR, "INVALID_QUERY_LOCATOR",
                          "invalid query locator");
    bool last = cursor->result.record_count - row <= call->headers.batch_size;
    if (!last)
        cursor_locator(cursor, row + call->headers.batch_size, locator);
    write_page(call, &cursor->result, row, last ? NULL : locator);
    return 0;
}
