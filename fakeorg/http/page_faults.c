/* page_faults: the page of faults on demand and quirks. */
#include "fakeorg/http/page.h"

#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "fakeorg/http/views.h"
#include "fakeorg/soap/xml_write.h"

#define SHOWN_MAX (1 << 20)

static void write_rules(struct buf *out, const struct faults *faults)
{
    buf_text(out, "<div class=\"card wide\"><table><thead><tr><th>Fault on demand</th>"
                  "<th class=\"n\">Calls looked at</th><th class=\"n\">Injected</th></tr></thead>"
                  "<tbody>");
    for (size_t i = 0; i < faults->count; i++) {
        buf_text(out, "<tr><td class=\"mono\" data-label=\"Fault\">");
        xml_text(out, faults->rules[i].spec);
        buf_format(out,
                   "</td><td class=\"n\" data-label=\"Calls looked at\">%" PRIu64
                   "</td><td class=\"n\" data-label=\"Injected\">%" PRIu64 "</td></tr>",
                   faults->rules[i].calls, faults->rules[i].injected);
    }
    buf_text(out, "</tbody></table>");
    if (faults->count == 0)
        buf_text(out, "<div class=\"none\">No faults.</div>");
    buf_text(out, "</div>");
}

static const char *text_of(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));

    return text == NULL ? "" : text;
}

static void write_values(struct buf *out, const json_t *facts)
{
    const json_t *values = json_object_get(facts, "values");

    for (size_t i = 0; i < json_array_size(values); i++) {
        buf_text(out, i == 0 ? "" : ", ");
        xml_text(out, json_string_value(json_array_get(values, i)));
    }
}

/* Reads the JSON that the quirks are shown as. */
static void write_quirks(struct buf *out, const struct quirks *quirks)
{
    struct buf shown;
    const char *name;
    json_t *facts;

    buf_init(&shown, SHOWN_MAX);
    quirks_show(quirks, &shown);
    json_t *all = json_loads(buf_peek(&shown), 0, NULL);
    buf_text(out, "<div class=\"card wide\"><table><thead><tr><th>Quirk</th><th>Value</th>"
                  "<th>Values</th><th>Meaning</th></tr></thead><tbody>");
    json_object_foreach(all, name, facts) {
        const char *value = text_of(facts, "value");
        bool moved = strcmp(value, text_of(facts, "default")) != 0;
        buf_text(out, "<tr><td class=\"mono\" data-label=\"Quirk\">");
        xml_text(out, name);
        buf_format(out, "</td><td data-label=\"Value\"><span%s>",
                   moved ? " class=\"pill warn\"" : "");
        xml_text(out, value);
        buf_text(out, "</span></td><td class=\"dim fold\" data-label=\"Values\">");
        write_values(out, facts);
        buf_text(out, "</td><td class=\"fold\" data-label=\"Meaning\">");
        xml_text(out, text_of(facts, "help"));
        buf_text(out, "</td></tr>");
    }
    buf_text(out, "</tbody></table></div>");
    json_decref(all);
    buf_done(&shown);
}

unsigned page_faults(struct service *service, const char *rest, const char *body, struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    page_open(service, out, "Faults and quirks", "/faults", 0);
    buf_text(out, "<div class=\"title\"><h1>Faults and quirks</h1></div>");
    write_rules(out, &service->faults);
    buf_text(out, "<h2>How to change them</h2><div class=\"card\"><pre>"
                  "curl -d '[\"create:cut-after-save,nth=3\"]' "
                  "http://HOST:PORT/_fakeorg/faults\n"
                  "curl -X DELETE http://HOST:PORT/_fakeorg/faults\n"
                  "curl -d '{\"ids\":\"once\"}' http://HOST:PORT/_fakeorg/quirks\n"
                  "curl -X DELETE http://HOST:PORT/_fakeorg/quirks</pre></div>"
                  "<h2>Quirks</h2>");
    write_quirks(out, &service->quirks);
    page_close(out);
    pthread_mutex_unlock(&service->lock);
    return 200;
}
