/* page_records: the list of an object's records with its search, and the page of one record with
   its history. */
#include "fakeorg/http/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "fakeorg/data/record_history.h"
#include "fakeorg/http/arguments.h"
#include "fakeorg/http/views.h"
#include "fakeorg/soap/xml_write.h"

#define ROWS      50
#define QUERY_MAX 200

/* True when a value contains the text, ignoring case; "" matches every record. */
static bool is_found(const struct record *record, const char *text)
{
    if (*text == '\0' || strcasecmp(record->id, text) == 0)
        return true;
    for (size_t i = 0; i < record->object->field_count; i++) {
        const struct field *field = record->object->fields[i];
        enum field_kind kind = field_type_info(field->fact.type)->kind;
        const char *value = record_value(record, field);
        if (value != NULL && (kind == KIND_TEXT || kind == KIND_ID || kind == KIND_NUMBER) &&
            strcasestr(value, text) != NULL)
            return true;
    }
    return false;
}

static void write_cell(struct buf *out, const struct record *record, const char *column, bool links)
{
    const char *value = record_value_named(record, column);

    buf_format(out, "<td data-label=\"%s\">", object_any_field(record->object, column)->label);
    if (links)
        buf_format(out, "<a href=\"/records/%s/%s\">", record->object->name, record->id);
    if (value != NULL && strstr(column, "Date") != NULL)
        buf_format(out, "%.10s %.8s", value, strlen(value) > 11 ? value + 11 : "");
    else
        xml_text(out, value == NULL ? (links ? "(no name)" : "") : value);
    buf_text(out, links ? "</a></td>" : "</td>");
}

static void write_row(struct buf *out, const struct record *record, const struct page_object *page)
{
    buf_text(out, "<tr>");
    for (size_t i = 0; page->columns[i] != NULL; i++)
        write_cell(out, record, page->columns[i], i == 0);
    buf_format(out, "<td class=\"mono dim\" data-label=\"Id\">%s</td></tr>", record->id);
}

static void write_head(struct buf *out, const struct object *object, const struct page_object *page)
{
    buf_text(out, "<div class=\"card wide\"><table><thead><tr>");
    for (size_t i = 0; page->columns[i] != NULL; i++)
        xml_element(out, "th", object_any_field(object, page->columns[i])->label);
    buf_text(out, "<th>Id</th></tr></thead><tbody>");
}

static void write_search(struct buf *out, const struct object *object, const char *text)
{
    buf_format(out,
               "<div class=\"title\"><span class=\"icon %s\">%c</span><h1>%s</h1>"
               "<form role=\"search\"><input type=\"search\" name=\"q\" placeholder=\"Search in "
               "every field\" aria-label=\"Search\" value=\"",
               object->name, object->name[0], object->plural);
    xml_text(out, text);
    buf_text(out, "\"><button>Search</button></form></div>");
}

/* How many records contain the text; without a text, all of them. */
static size_t count_found(const struct object *object, const char *text)
{
    size_t count = 0;

    if (*text == '\0')
        return object->live_count;
    for (size_t i = 0; i < object->record_count; i++)
        count += !object->records[i]->deleted && is_found(object->records[i], text);
    return count;
}

/* Newest first. */
static void write_list(struct service *service, const struct page_object *page,
                       const char *arguments, struct buf *out)
{
    const struct object *object = orgdata_any_object(service->org, page->name);
    char text[QUERY_MAX], path[64];
    struct buf kept;
    size_t row = 0;

    argument_text(arguments, "q", text, sizeof text);
    size_t total = count_found(object, text);
    struct page_rows rows =
        page_rows(argument_number(arguments, "page", 1, SIZE_MAX / ROWS), ROWS, total);
    snprintf(path, sizeof path, "/records/%s", object->name);
    page_open(service, out, object->plural, path, 0);
    write_search(out, object, text);
    write_head(out, object, page);
    for (size_t i = object->record_count; i-- > 0 && row < rows.to;) {
        const struct record *record = object->records[i];
        if (record->deleted || !is_found(record, text))
            continue;
        if (row++ >= rows.from)
            write_row(out, record, page);
    }
    buf_text(out, "</tbody></table>");
    if (total == 0)
        buf_format(out, "<div class=\"none\">%s</div>",
                   *text == '\0' ? "None yet." : "No record contains that text.");
    buf_text(out, "</div>");
    buf_init(&kept, 4 * QUERY_MAX);
    if (*text != '\0') {
        buf_text(&kept, "q=");
        page_url_text(&kept, text);
    }
    page_links(out, &rows, total, path, buf_peek(&kept));
    buf_done(&kept);
    page_close(out);
}

/* A value as shown; the id of a record that has a page links to it. */
static void write_value(struct buf *out, struct service *service, const struct field *field,
                        const char *value)
{
    if (field->fact.type == FIELD_REFERENCE) {
        const struct object *object = orgdata_object_of_id(service->org, value);
        for (size_t i = 0; object != NULL && i < page_objects_count; i++)
            if (strcmp(page_objects[i].name, object->name) == 0) {
                buf_format(out, "<a class=\"mono\" href=\"/records/%s/%s\">%s</a>", object->name,
                           value, value);
                return;
            }
    }
    xml_text(out, value);
}

static void write_fields(struct buf *out, struct service *service, const struct record *record,
                         bool filled)
{
    buf_text(out, "<dl>");
    for (size_t i = 0; i < record->object->field_count; i++) {
        const struct field *field = record->object->fields[i];
        const char *value = record_value(record, field);
        if ((value != NULL) != filled)
            continue;
        buf_text(out, "<dt>");
        xml_text(out, field->label);
        buf_format(out, "<code>%s · %s</code></dt><dd>", field->fact.name,
                   field_type_info(field->fact.type)->name);
        if (value != NULL)
            write_value(out, service, field, value);
        buf_text(out, "</dd>");
    }
    buf_text(out, "</dl>");
}

static void write_when(struct buf *out, const struct written *written)
{
    buf_text(out, "<div class=\"when\">");
    if (written->by.call != 0)
        buf_format(out, "<a href=\"/calls/%" PRIu64 "\">Call %" PRIu64 "</a>", written->by.call,
                   written->by.call);
    buf_format(out, "<b>%s</b>", written->by.operation);
    page_time(out, written->at_ms);
    buf_text(out, "</div>");
}

static void write_change(struct buf *out, const struct history_entry *entry)
{
    buf_text(out, "<div><b title=\"");
    xml_text(out, entry->change->field->fact.name);
    buf_text(out, "\">");
    xml_text(out, entry->change->field->label);
    buf_text(out, "</b> ");
    if (entry->change->old != NULL) {
        buf_text(out, "<del>");
        xml_text(out, entry->change->old);
        buf_text(out, "</del>");
    } else {
        buf_text(out, "<i>empty</i>");
    }
    buf_text(out, " → ");
    if (entry->now != NULL) {
        buf_text(out, "<ins>");
        xml_text(out, entry->now);
        buf_text(out, "</ins>");
    } else {
        buf_text(out, "<i>empty</i>");
    }
    buf_text(out, "</div>");
}

static bool is_same_writing(const struct change *a, const struct change *b)
{
    return a->written.by.call == b->written.by.call &&
           a->written.at_ms / 1000 == b->written.at_ms / 1000;
}

/* The record's initial values, without those that the org fills in for every record. */
static void write_first(struct buf *out, const struct record *record, const char *const *first)
{
    for (size_t i = 0; i < record->object->field_count; i++) {
        const struct field *field = record->object->fields[i];
        bool brought =
            first[i] != NULL && field_has(field, CREATE) &&
            (field->fact.fallback == NULL || strcmp(field->fact.fallback, first[i]) != 0);
        if (!brought)
            continue;
        buf_text(out, "<div><b>");
        xml_text(out, field->label);
        buf_text(out, "</b> <ins>");
        xml_text(out, first[i]);
        buf_text(out, "</ins></div>");
    }
}

static void write_history(struct buf *out, const struct service *service,
                          const struct record *record)
{
    struct record_history history;

    if (record_history_read(record, &history) < 0)
        return;
    buf_text(out, "<ul class=\"line\">");
    for (size_t i = 0; i < history.count;) {
        const struct change *change = history.changes[i].change;
        buf_text(out, "<li>");
        write_when(out, &change->written);
        buf_text(out, "<div class=\"card diff\">");
        while (i < history.count && is_same_writing(change, history.changes[i].change))
            write_change(out, &history.changes[i++]);
        buf_text(out, "</div></li>");
    }
    if (history.forgotten)
        buf_text(out, "<li><span class=\"dim\">Earlier changes are no longer kept.</span></li>");
    buf_text(out, "<li class=\"born\">");
    if (record->trail.made.at_ms != 0) {
        write_when(out, &record->trail.made);
        buf_text(out, "<div class=\"card diff\">");
        write_first(out, record, history.first);
        buf_text(out, "</div>");
    } else {
        buf_text(out, "<span class=\"dim\">Existed at the start.</span>");
    }
    buf_text(out, "</li></ul>");
    record_history_done(&history);
}

static size_t count_empty(const struct record *record)
{
    size_t count = 0;

    for (size_t i = 0; i < record->object->field_count; i++)
        count += record_value(record, record->object->fields[i]) == NULL;
    return count;
}

static void write_record(struct service *service, const struct record *record, struct buf *out)
{
    const struct object *object = record->object;
    const char *name = record_value_named(record, "Name");
    char path[64];

    snprintf(path, sizeof path, "/records/%s", object->name);
    page_open(service, out, name == NULL ? record->id : name, path, 0);
    buf_format(out, "<div class=\"title\"><span class=\"icon %s\">%c</span><h1>", object->name,
               object->name[0]);
    xml_text(out, name == NULL ? "(no name)" : name);
    buf_format(out, "<small>%s <span class=\"mono\">%s</span></small></h1>", object->name,
               record->id);
    if (record->deleted)
        buf_text(out, "<span class=\"pill bad\">In the recycle bin</span>");
    const char *converted = record_value_named(record, "IsConverted");
    if (converted != NULL && strcmp(converted, "true") == 0)
        buf_text(out, "<span class=\"pill warn\">Converted</span>");
    buf_text(out, "</div><div class=\"two\"><div class=\"card\">");
    write_fields(out, service, record, true);
    buf_format(out, "<details><summary>%zu empty fields</summary>", count_empty(record));
    write_fields(out, service, record, false);
    buf_text(out, "</details></div><section><h2>History</h2>");
    write_history(out, service, record);
    buf_format(out,
               "<p class=\"dim\">As JSON: <a href=\"/_fakeorg/records/%s/%s\">record</a>, "
               "<a href=\"/_fakeorg/records/%s/%s/history\">history</a></p></section></div>",
               object->name, record->id, object->name, record->id);
    page_close(out);
}

static unsigned write_nothing(struct service *service, struct buf *out)
{
    page_open(service, out, "Not here", "", 0);
    buf_text(out, "<div class=\"card none\">There is nothing here. Perhaps the org was reset."
                  "</div>");
    page_close(out);
    return 404;
}

static unsigned write_any(struct service *service, const char *rest, const char *arguments,
                          struct buf *out)
{
    size_t name_len = strcspn(rest, "/");
    char id[ID_MAX];

    for (size_t i = 0; i < page_objects_count; i++) {
        const struct page_object *page = &page_objects[i];
        if (strlen(page->name) != name_len || strncmp(page->name, rest, name_len) != 0)
            continue;
        if (rest[name_len] == '\0') {
            write_list(service, page, arguments, out);
            return 200;
        }
        const char *text = rest + name_len + 1;
        const struct record *record =
            id_read(text, strlen(text), id) ? orgdata_record(service->org, id) : NULL;
        if (record == NULL)
            break;
        write_record(service, record, out);
        return 200;
    }
    return write_nothing(service, out);
}

unsigned page_records(struct service *service, const char *rest, const char *body, struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    unsigned status = write_any(service, rest, body, out);
    pthread_mutex_unlock(&service->lock);
    return status;
}
