#include "fakeorg/views.h"

#include <inttypes.h>

#include "fakeorg/call.h"
#include "fakeorg/xml_write.h"

#define SHOWN_RECORDS 200

static const char head[] =
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
    "<title>fakeorg</title><style>"
    ":root{color-scheme:light dark;--line:#d8dde6;--soft:#f4f6f9;--ink:#16325c;--dim:#6b7a90}"
    "@media(prefers-color-scheme:dark){:root{--line:#33415c;--soft:#1b2436;--ink:#dbe6f7;"
    "--dim:#93a4bf}body{background:#111827}}"
    "body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);margin:0 auto;max-width:76rem;"
    "padding:2rem 1.25rem}h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}"
    "p{color:var(--dim);margin:.25rem 0 1.25rem}ul{display:flex;flex-wrap:wrap;gap:.6rem;"
    "list-style:none;margin:0;padding:0}li{background:var(--soft);border:1px solid var(--line);"
    "border-radius:.5rem;padding:.45rem .8rem}li b{display:block;font-size:1.25rem}"
    ".wide{overflow-x:auto;border:1px solid var(--line);border-radius:.5rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.45rem .75rem;"
    "border-bottom:1px solid var(--line);white-space:nowrap;max-width:22rem;overflow:hidden;"
    "text-overflow:ellipsis}th{background:var(--soft);font-weight:600}"
    "tr:last-child td{border-bottom:0}td:first-child{font-family:ui-monospace,monospace;"
    "font-size:.85em;color:var(--dim)}a{color:inherit}"
    "</style></head><body>";

struct table {
    const char *object;
    const char *columns[9];
};

static const struct table tables[] = {
    {"Lead",
     {"Id", "Name", "Email", "Company", "Title", "Phone", "Status", "LastModifiedDate", NULL}},
    {"Account",
     {"Id", "AccountNumber", "Name", "Industry", "NumberOfEmployees", "BillingCity",
      "LastModifiedDate", NULL}},
};

static void write_calls(struct service *service, struct buf *out)
{
    const struct quota *quota = &service->quota;

    buf_format(out, "<h2>Calls</h2><ul><li><b>%" PRIu64 "</b>of %" PRIu64 " in 24 hours</li>",
               quota->used, quota->daily_limit);
    for (size_t i = 0; i <= operations_count(); i++)
        if (quota->calls[i] > 0)
            buf_format(out, "<li><b>%" PRIu64 "</b>%s</li>", quota->calls[i], operation_name(i));
    buf_text(out, "</ul>");
}

static void write_row(const struct record *record, const char *const *columns, struct buf *out)
{
    buf_text(out, "<tr>");
    for (; *columns != NULL; columns++) {
        const char *value = record_value_named(record, *columns);
        xml_element(out, "td", value == NULL ? "" : value);
    }
    buf_text(out, "</tr>");
}

/* The newest records first. */
static void write_table(struct service *service, const struct table *table, struct buf *out)
{
    const struct object *object = orgdata_any_object(service->org, table->object);
    size_t shown = 0;

    buf_format(out, "<h2>%s: %zu</h2><div class=\"wide\"><table><thead><tr>", object->plural,
               object->live_count);
    for (const char *const *column = table->columns; *column != NULL; column++)
        xml_element(out, "th", object_any_field(object, *column)->label);
    buf_text(out, "</tr></thead><tbody>");
    for (size_t i = object->record_count; i-- > 0 && shown < SHOWN_RECORDS;) {
        if (object->records[i]->deleted)
            continue;
        write_row(object->records[i], table->columns, out);
        shown++;
    }
    buf_text(out, "</tbody></table></div>");
    if (object->live_count > shown)
        buf_format(out, "<p>The newest %zu are shown.</p>", shown);
    if (shown == 0)
        buf_text(out, "<p>None yet.</p>");
}

unsigned page_home(struct service *service, const char *rest, const char *body, struct buf *out)
{
    buf_text(out, head);
    buf_text(out, "<h1>fakeorg</h1><p>A Salesforce org on this machine. As JSON: "
                  "<a href=\"/_fakeorg/records/Lead\">leads</a>, "
                  "<a href=\"/_fakeorg/records/Account\">accounts</a>, "
                  "<a href=\"/_fakeorg/records/Contact\">contacts</a>, "
                  "<a href=\"/_fakeorg/calls\">calls</a>.</p>");
    pthread_mutex_lock(&service->lock);
    write_calls(service, out);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        write_table(service, &tables[i], out);
    pthread_mutex_unlock(&service->lock);
    buf_text(out, "</body></html>\n");
    return 200;
}
