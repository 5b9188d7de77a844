/* page: the frame of every page: head, navigation and footer, and how pages write times, numbers
   and paging links. */
#include "fakeorg/http/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/isotime.h"
#include "fakeorg/soap/xml_write.h"

extern const char page_css[]; /* page.css */

const struct page_object page_objects[] = {
    {"Lead", {"Name", "Email", "Company", "Title", "Status", "LastModifiedDate"}},
    {"Account",
     {"Name", "AccountNumber", "Industry", "NumberOfEmployees", "Website", "BillingCity",
      "LastModifiedDate"}},
    {"Contact", {"Name", "Email", "Title", "Phone", "MailingCity", "LastModifiedDate"}},
};

const size_t page_objects_count = sizeof page_objects / sizeof page_objects[0];

static void write_tab(struct buf *out, const char *path, const char *place, const char *label)
{
    buf_format(out, "<a href=\"%s\"%s>%s", path,
               strcmp(path, place) == 0 ? " aria-current=\"page\"" : "", label);
}

static size_t faults_on(const struct service *service)
{
    return service->faults.count;
}

static void write_tabs(struct service *service, struct buf *out, const char *place)
{
    buf_text(out, "<nav>");
    write_tab(out, "/", place, "Overview</a>");
    for (size_t i = 0; i < page_objects_count; i++) {
        const struct object *object = orgdata_any_object(service->org, page_objects[i].name);
        char path[64];
        snprintf(path, sizeof path, "/records/%s", object->name);
        write_tab(out, path, place, object->plural);
        buf_text(out, "<b>");
        page_count(out, object->live_count);
        buf_text(out, "</b></a>");
    }
    write_tab(out, "/calls", place, "Calls</a>");
    write_tab(out, "/faults", place, "Faults<span> and quirks</span>");
    if (faults_on(service) > 0)
        buf_format(out, "<b class=\"on\">%zu</b>", faults_on(service));
    buf_text(out, "</a></nav>");
}

static void write_usage(const struct service *service, struct buf *out)
{
    uint64_t used = service->access.quota.day.used;
    uint64_t limit = (uint64_t)service->access.limits.at[LIMIT_DAILY_CALLS];

    buf_text(out, "<div class=\"usage\"><span>");
    page_count(out, used);
    buf_text(out, " of ");
    page_count(out, limit);
    buf_format(out,
               " calls in 24 hours</span><meter min=\"0\" max=\"%" PRIu64 "\" value=\"%" PRIu64
               "\"></meter></div>",
               limit, used);
}

void page_open(struct service *service, struct buf *out, const char *title, const char *place,
               size_t refresh)
{
    buf_text(out, "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                  "<link rel=\"icon\" href=\"data:,\"><title>");
    xml_text(out, title);
    buf_text(out, " · fakeorg</title>");
    if (refresh > 0)
        buf_format(out, "<meta http-equiv=\"refresh\" content=\"%zu\">", refresh);
    buf_text(out, "<style>");
    buf_text(out, page_css);
    buf_text(out,
             "</style></head><body><header><div><a class=\"brand\" href=\"/\">"
             "<svg width=\"28\" height=\"20\" viewBox=\"0 0 28 20\" aria-hidden=\"true\"><path "
             "fill=\"#6fb1ff\" d=\"M8 20a7 7 0 0 1-1.6-13.8A8 8 0 0 1 21.6 6 7 7 0 0 1 21 20z\"/>"
             "</svg>fakeorg</a>");
    write_usage(service, out);
    write_tabs(service, out, place);
    buf_text(out, "</div></header><main>");
}

void page_close(struct buf *out)
{
    buf_text(out, "</main><footer>An emulated Salesforce org. Times are UTC, by the org's clock. "
                  "The same as JSON: <a href=\"/_fakeorg/records/Lead\">leads</a>, "
                  "<a href=\"/_fakeorg/records/Account\">accounts</a>, "
                  "<a href=\"/_fakeorg/records/Contact\">contacts</a>, "
                  "<a href=\"/_fakeorg/calls\">counts</a>, "
                  "<a href=\"/_fakeorg/calls/log\">calls</a>, "
                  "<a href=\"/_fakeorg/faults\">faults</a>, "
                  "<a href=\"/_fakeorg/quirks\">quirks</a>.</footer></body></html>\n");
}

void page_time(struct buf *out, int64_t ms)
{
    char text[ISOTIME_MAX];

    isotime_format(ms, text);
    buf_format(out, "<time datetime=\"%s\">%.10s %.8s</time>", text, text, text + 11);
}

void page_url_text(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     strchr("-._~", c) != NULL;
        if (plain)
            buf_char(out, (char)c);
        else
            buf_format(out, "%%%02X", c);
    }
}

void page_count(struct buf *out, uint64_t number)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, number);

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            buf_char(out, ',');
        buf_char(out, digits[i]);
    }
}

struct page_rows page_rows(size_t page, size_t rows, size_t total)
{
    size_t pages = total == 0 ? 1 : (total + rows - 1) / rows;

    if (page > pages)
        page = pages;
    size_t from = (page - 1) * rows;
    return (struct page_rows){page, from, from + rows < total ? from + rows : total};
}

static void write_page_link(struct buf *out, const char *path, const char *arguments, size_t page,
                            const char *label)
{
    buf_format(out, "<a href=\"%s?%s%spage=%zu\">%s</a>", path, arguments,
               *arguments == '\0' ? "" : "&amp;", page, label);
}

void page_links(struct buf *out, const struct page_rows *rows, size_t total, const char *path,
                const char *arguments)
{
    buf_text(out, "<div class=\"pages\"><span>");
    page_count(out, total == 0 ? 0 : rows->from + 1);
    buf_text(out, "–");
    page_count(out, rows->to);
    buf_text(out, " of ");
    page_count(out, total);
    buf_text(out, "</span>");
    if (rows->page > 1)
        write_page_link(out, path, arguments, rows->page - 1, "← Newer");
    if (rows->to < total)
        write_page_link(out, path, arguments, rows->page + 1, "Older →");
    buf_text(out, "</div>");
}
