/* page_home: the home page: numbers of records and calls, and the latest calls. */
#include "fakeorg/http/page.h"

#include "fakeorg/http/page_calls.h"
#include "fakeorg/http/views.h"
#include "fakeorg/soap/xml_write.h"

static void write_tiles(struct service *service, struct buf *out)
{
    const uint64_t *calls = service->access.quota.calls;

    buf_text(out, "<div class=\"tiles\">");
    for (size_t i = 0; i < page_objects_count; i++) {
        const struct object *object = orgdata_any_object(service->org, page_objects[i].name);
        buf_format(out, "<a class=\"card\" href=\"/records/%s\"><b>", object->name);
        page_count(out, object->live_count);
        buf_format(out, "</b><span>%s</span></a>", object->plural);
    }
    buf_text(out, "</div><h2>Calls by operation</h2><div class=\"tiles\">");
    for (enum operation i = 0; i <= OPERATIONS; i++) {
        if (calls[i] == 0)
            continue;
        buf_format(out, "<a class=\"card\" href=\"/calls?operation=%s\"><b>", operation_name(i));
        page_count(out, calls[i]);
        buf_format(out, "</b><span>%s</span></a>", operation_name(i));
    }
    buf_text(out, "</div>");
}

unsigned page_home(struct service *service, const char *rest, const char *body, struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    page_open(service, out, "Overview", "/", 0);
    buf_text(out, "<div class=\"title\"><h1>Overview<small>User <span class=\"mono\">");
    xml_text(out, service->options.username);
    buf_format(out, "</span>, org <span class=\"mono\">%s</span></small></h1></div>",
               service->org->id);
    write_tiles(service, out);
    buf_text(out, "<h2>Latest calls</h2>");
    page_calls_table(out, service, 12);
    page_close(out);
    pthread_mutex_unlock(&service->lock);
    return 200;
}
