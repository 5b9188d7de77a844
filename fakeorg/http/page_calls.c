/* page_calls: the list of calls, and the page of one call. */
#include "fakeorg/http/page_calls.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakeorg/data/record_history.h"
#include "fakeorg/http/arguments.h"
#include "fakeorg/http/page.h"
#include "fakeorg/http/page_soap.h"
#include "fakeorg/http/views.h"
#include "fakeorg/soap/xml_write.h"

#define ROWS 100

static void write_size(struct buf *out, size_t bytes)
{
    if (bytes < 1024)
        buf_format(out, "%zu B", bytes);
    else
        buf_format(out, "%.1f KB", (double)bytes / 1024);
}

static void write_refused(struct buf *out, const struct logged_call *call)
{
    buf_text(out, "<span class=\"pill warn\" title=\"");
    xml_text(out, call->refusal);
    buf_format(out, "\">%zu refused</span>", call->failed);
}

static void write_outcome(struct buf *out, const struct logged_call *call)
{
    if (call->took_ms < 0)
        buf_text(out, "<span class=\"pill\">in flight</span>");
    else if (call->error[0] != '\0') {
        buf_text(out, "<span class=\"pill bad\" title=\"");
        xml_text(out, call->message);
        buf_format(out, "\">%s</span>", call->error);
    } else if (call->failed > 0)
        write_refused(out, call);
    else if (call->injected[0] == '\0')
        buf_text(out, "<span class=\"good\">done</span>");
    if (call->injected[0] != '\0')
        buf_format(out, " <span class=\"pill warn\">%s</span>", call->injected);
}

static void write_call(struct buf *out, const struct logged_call *call)
{
    buf_format(out,
               "<tr><td data-label=\"Call\"><a href=\"/calls/%" PRIu64 "\">%" PRIu64
               "</a></td><td data-label=\"Time\">",
               call->number, call->number);
    page_time(out, call->at_ms);
    buf_text(out, "</td><td data-label=\"Operation\"><b>");
    xml_text(out, call->operation[0] == '\0' ? "–" : call->operation);
    buf_format(out, "</b></td><td class=\"n\" data-label=\"Records\">%zu</td>", call->records);
    buf_text(out, "<td data-label=\"Outcome\">");
    write_outcome(out, call);
    buf_text(out, "</td><td class=\"n\" data-label=\"Took\">");
    if (call->took_ms >= 0)
        buf_format(out, call->took_ms == 0 ? "&lt; 1 ms" : "%" PRId64 " ms", call->took_ms);
    buf_text(out, "</td><td class=\"n\" data-label=\"Request\">");
    write_size(out, call->request_bytes);
    buf_text(out, "</td><td class=\"n\" data-label=\"Answer\">");
    write_size(out, call->answer_bytes);
    buf_text(out, "</td><td data-label=\"Client\">");
    xml_text(out, call->client);
    buf_text(out, "</td></tr>");
}

static void open_table(struct buf *out)
{
    buf_text(out, "<div class=\"card wide\"><table><thead><tr><th>Call</th><th>Time</th>"
                  "<th>Operation</th><th class=\"n\">Records</th><th>Outcome</th>"
                  "<th class=\"n\">Took</th><th class=\"n\">Request</th><th class=\"n\">Answer</th>"
                  "<th>Client</th></tr></thead><tbody>");
}

static void close_table(struct buf *out, size_t shown)
{
    buf_text(out, "</tbody></table>");
    if (shown == 0)
        buf_text(out, "<div class=\"none\">No calls. Clients sign in at "
                      "<code>/services/Soap/u/64.0</code></div>");
    buf_text(out, "</div>");
}

void page_calls_table(struct buf *out, const struct service *service, size_t most)
{
    const struct calllog *log = &service->log;
    size_t shown = 0;

    open_table(out);
    for (uint64_t number = log->newest; number > 0 && shown < most; number--, shown++) {
        const struct logged_call *call = calllog_find(log, number);
        if (call == NULL)
            break;
        write_call(out, call);
    }
    close_table(out, shown);
}

/* The filter of the list. */
struct filter {
    char operation[CALLLOG_OPERATION];
    bool troubled; /* only those with a fault, a refused record or an injected fault */
};

static bool passes(const struct filter *filter, const struct logged_call *call)
{
    if (filter->troubled && call->error[0] == '\0' && call->failed == 0 &&
        call->injected[0] == '\0')
        return false;
    return filter->operation[0] == '\0' || strcmp(filter->operation, call->operation) == 0;
}

static void write_filter(struct buf *out, const struct filter *filter, bool live)
{
    buf_text(out, "<div class=\"title\"><h1>Calls<small>of the last 24 hours</small></h1><form>"
                  "<select name=\"operation\" aria-label=\"Operation\"><option value=\"\">Every "
                  "operation</option>");
    for (enum operation i = 0; i < OPERATIONS; i++)
        buf_format(out, "<option%s>%s</option>",
                   strcmp(operation_name(i), filter->operation) == 0 ? " selected" : "",
                   operation_name(i));
    buf_format(out,
               "</select><label><input type=\"checkbox\" name=\"trouble\" value=\"1\"%s> with "
               "errors</label><label><input type=\"checkbox\" name=\"live\" value=\"1\"%s> reload "
               "every 3 s</label><button>Show</button></form></div>",
               filter->troubled ? " checked" : "", live ? " checked" : "");
}

unsigned page_calls(struct service *service, const char *rest, const char *body, struct buf *out)
{
    struct filter filter = {.troubled = argument_number(body, "trouble", 0, 1) == 1};
    bool live = argument_number(body, "live", 0, 1) == 1;
    const struct calllog *log = &service->log;
    size_t total = 0, row = 0;
    char arguments[160];
    struct buf name;

    argument_text(body, "operation", filter.operation, sizeof filter.operation);
    pthread_mutex_lock(&service->lock);
    uint64_t first = calllog_since(log, orgclock_now(&service->org->clock) - ORGCLOCK_DAY_MS);
    for (uint64_t number = first; number <= log->newest; number++)
        total += passes(&filter, calllog_find(log, number));
    struct page_rows rows =
        page_rows(argument_number(body, "page", 1, SIZE_MAX / ROWS), ROWS, total);
    page_open(service, out, "Calls", "/calls", live ? 3 : 0);
    write_filter(out, &filter, live);
    open_table(out);
    for (uint64_t number = log->newest; number >= first && row < rows.to; number--) {
        const struct logged_call *call = calllog_find(log, number);
        if (passes(&filter, call) && row++ >= rows.from)
            write_call(out, call);
    }
    close_table(out, total);
    buf_init(&name, sizeof arguments);
    page_url_text(&name, filter.operation);
    snprintf(arguments, sizeof arguments, "operation=%s%s", buf_peek(&name),
             filter.troubled ? "&amp;trouble=1" : "");
    buf_done(&name);
    page_links(out, &rows, total, "/calls", arguments);
    page_close(out);
    pthread_mutex_unlock(&service->lock);
    return 200;
}

static void write_fact(struct buf *out, const char *label, const char *format, ...)
    PRINTF_LIKE(3, 4);

static void write_fact(struct buf *out, const char *label, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (text[0] == '\0')
        return;
    xml_element(out, "dt", label);
    xml_element(out, "dd", text);
}

/* Errors come first: on a phone the rest is further down. */
static void write_facts(struct buf *out, const struct logged_call *call)
{
    buf_text(out, "<div class=\"card\"><dl>");
    write_fact(out, call->failed > 1 ? "First refusal" : "Refusal", "%s", call->refusal);
    write_fact(out, "Fault", "%s", call->error);
    write_fact(out, "Message", "%s", call->message);
    write_fact(out, "Fault on demand", "%s", call->injected);
    buf_text(out, "<dt>Time</dt><dd>");
    page_time(out, call->at_ms);
    buf_text(out, "</dd>");
    if (call->took_ms >= 0)
        write_fact(out, "Took", "%" PRId64 " ms", call->took_ms);
    write_fact(out, "Client", "%s", call->client);
    write_fact(out, "API version", call->version == 0 ? "unknown" : "%d.0", call->version);
    write_fact(out, "Records", "%zu, %zu of them refused", call->records, call->failed);
    write_fact(out, "Request", "%zu bytes", call->request_bytes);
    write_fact(out, "Answer", "HTTP %u, %zu bytes", call->status, call->answer_bytes);
    buf_text(out, "</dl></div>");
}

static void write_touched(struct buf *out, const struct service *service, uint64_t call)
{
    size_t shown = 0;

    buf_text(out, "<section><h2>Records written</h2><div class=\"card\"><dl>");
    for (size_t i = 0; i < page_objects_count; i++) {
        const struct object *object = orgdata_any_object(service->org, page_objects[i].name);
        for (size_t k = 0; k < object->record_count; k++) {
            const struct record *record = object->records[k];
            if (!record_written_by(record, call))
                continue;
            const char *name = record_value_named(record, "Name");
            bool made = record->trail.made.by.call == call;
            buf_format(out, "<dt>%s %s</dt><dd><a href=\"/records/%s/%s\">", object->name,
                       made ? "created" : "changed", object->name, record->id);
            xml_text(out, name == NULL ? record->id : name);
            buf_text(out, "</a></dd>");
            shown++;
        }
    }
    buf_text(out, "</dl>");
    if (shown == 0)
        buf_text(out, "<div class=\"none\">None.</div>");
    buf_text(out, "</div></section>");
}

unsigned page_call(struct service *service, const char *rest, const char *body, struct buf *out)
{
    char *end;
    uint64_t number = strtoull(rest, &end, 10);
    char title[48];

    pthread_mutex_lock(&service->lock);
    const struct logged_call *call = *end == '\0' ? calllog_find(&service->log, number) : NULL;
    snprintf(title, sizeof title, "Call %" PRIu64, number);
    page_open(service, out, title, "/calls", 0);
    if (call == NULL) {
        buf_text(out,
                 "<div class=\"card none\">There is no such call, or it is no longer kept.</div>");
    } else {
        buf_format(out, "<div class=\"title\"><h1>%s<small>", title);
        xml_text(out, call->operation);
        buf_text(out, "</small></h1>");
        write_outcome(out, call);
        buf_text(out, "</div><div class=\"two\">");
        write_facts(out, call);
        write_touched(out, service, number);
        buf_text(out, "</div>");
        page_soap(out, service, call);
    }
    page_close(out);
    pthread_mutex_unlock(&service->lock);
    return call == NULL ? 404 : 200;
}
