#include "admin/views.h"

#include <string.h>

/* A label value: backslash, quote and newline are escaped (Prometheus text format). */
static void label(struct buf *out, const char *name, const json_t *value)
{
    buf_format(out, "%s=\"", name);
    for (const char *p = json_string_value(value); p != NULL && *p != '\0'; p++) {
        if (*p == '\\' || *p == '"')
            buf_char(out, '\\');
        if (*p == '\n')
            buf_text(out, "\\n");
        else
            buf_char(out, *p);
    }
    buf_char(out, '"');
}

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void value(struct buf *out, const json_t *number)
{
    buf_format(out, " %lld\n", (long long)json_integer_value(number));
}

/* Members of each destination, or of its org, as one metric with a label. */
struct family {
    const char *name, *type, *help;
    const char *part;  /* "org", or NULL: of the destination itself */
    const char *label; /* what tells the members apart; NULL: there is one */
    const char *members[8];
};

static const struct family families[] = {
    {"leadline_accepted_total",
     "counter",
     "Events taken in for a destination.",
     NULL,
     NULL,
     {"accepted"}},
    {"leadline_events",
     "gauge",
     "Accepted events by what became of them.",
     NULL,
     "state",
     {"waiting", "written", "merged", "unchanged", "dead"}},
    {"leadline_dead_letters",
     "gauge",
     "Dead letters that wait for a person.",
     NULL,
     NULL,
     {"dead_letters"}},
    {"leadline_in_hand", "gauge", "Events being worked on.", NULL, NULL, {"in_hand"}},
    {"leadline_calls_in_flight", "gauge", "API calls under way.", NULL, NULL, {"calls_in_flight"}},
    {"leadline_api_calls_total",
     "counter",
     "API calls sent since the start.",
     "org",
     "kind",
     {"sign_ins", "describes", "finds", "creates", "updates", "others"}},
    {"leadline_records_saved_total",
     "counter",
     "Records saved since the start.",
     "org",
     "how",
     {"records_created", "records_updated"}},
    {"leadline_api_limit_used",
     "gauge",
     "API calls of the org in the last 24 hours.",
     "org",
     NULL,
     {"limit_used"}},
    {"leadline_api_limit_max",
     "gauge",
     "API calls the org may make in 24 hours.",
     "org",
     NULL,
     {"limit_max"}},
};

static void print_family(const struct family *family, const json_t *destinations, struct buf *out)
{
    size_t i;
    json_t *to;

    head(out, family->name, family->type, family->help);
    json_array_foreach(destinations, i, to) {
        const json_t *from = family->part != NULL ? json_object_get(to, family->part) : to;
        for (size_t m = 0; family->members[m] != NULL; m++) {
            const json_t *number = json_object_get(from, family->members[m]);
            if (!json_is_integer(number)) /* not seen yet */
                continue;
            buf_format(out, "%s{", family->name);
            label(out, "destination", json_object_get(to, "name"));
            if (family->label != NULL)
                buf_format(out, ",%s=\"%s\"", family->label, family->members[m]);
            buf_char(out, '}');
            value(out, number);
        }
    }
}

static void print_moods(const json_t *destinations, struct buf *out)
{
    size_t i;
    json_t *to;

    head(out, "leadline_destination_running", "gauge",
         "1 while a destination is delivered to, 0 while it holds, has stopped, is paused or "
         "disabled.");
    json_array_foreach(destinations, i, to) {
        const char *mood = json_string_value(json_object_get(to, "mood"));
        buf_text(out, "leadline_destination_running{");
        label(out, "destination", json_object_get(to, "name"));
        buf_format(out, "} %d\n", mood != NULL && strcmp(mood, "running") == 0);
    }
}

static void print_skips(const json_t *skips, struct buf *out)
{
    static const char *const labels[] = {"source", "destination", "reason"};
    size_t i;
    json_t *skip;

    head(out, "leadline_skipped_total", "counter", "Events that a destination did not want.");
    json_array_foreach(skips, i, skip) {
        buf_text(out, "leadline_skipped_total{");
        for (size_t l = 0; l < sizeof labels / sizeof labels[0]; l++) {
            buf_text(out, l > 0 ? "," : "");
            label(out, labels[l], json_object_get(skip, labels[l]));
        }
        buf_char(out, '}');
        value(out, json_object_get(skip, "count"));
    }
}

static void print_intake(json_t *intake, struct buf *out)
{
    const char *name;
    json_t *number;

    head(out, "leadline_intake_total", "counter",
         "The tracking API since the start: requests, and messages by what was done with them.");
    json_object_foreach(intake, name, number) {
        buf_format(out, "leadline_intake_total{what=\"%s\"}", name);
        value(out, number);
    }
}

static void print_refused(json_t *refused, struct buf *out)
{
    const char *reason;
    json_t *number;

    head(out, "leadline_refused_total", "counter",
         "Requests to the tracking API that were refused since the start, by reason.");
    json_object_foreach(refused, reason, number) {
        buf_format(out, "leadline_refused_total{reason=\"%s\"}", reason);
        value(out, number);
    }
}

static void print_store(const json_t *store, struct buf *out)
{
    head(out, "leadline_store_writable", "gauge", "1 while events can be stored.");
    buf_format(out, "leadline_store_writable %d\n",
               json_is_true(json_object_get(store, "writable")));
    head(out, "leadline_store_full", "gauge",
         "1 while new events are answered 429 because the queue, the store or the disk is full.");
    buf_format(out, "leadline_store_full %d\n", json_is_string(json_object_get(store, "full")));
    head(out, "leadline_store_size_bytes", "gauge", "What the store holds on disk.");
    buf_text(out, "leadline_store_size_bytes");
    value(out, json_object_get(store, "size"));
    head(out, "leadline_store_waiting", "gauge", "Requests waiting for their commit.");
    buf_text(out, "leadline_store_waiting");
    value(out, json_object_get(store, "waiting"));
    head(out, "leadline_store_commits_total", "counter", "Commits since the start.");
    buf_text(out, "leadline_store_commits_total");
    value(out, json_object_get(store, "commits"));
    head(out, "leadline_store_failures_total", "counter", "Failed commits since the start.");
    buf_text(out, "leadline_store_failures_total");
    value(out, json_object_get(store, "failures"));
}

void view_metrics(const json_t *status, struct buf *out)
{
    const json_t *destinations = json_object_get(status, "destinations");

    head(out, "leadline_info", "gauge", "The version that runs.");
    buf_text(out, "leadline_info{");
    label(out, "version", json_object_get(status, "version"));
    buf_text(out, "} 1\n");
    head(out, "leadline_uptime_seconds", "gauge", "Seconds since the start.");
    buf_text(out, "leadline_uptime_seconds");
    value(out, json_object_get(status, "uptime"));
    print_intake(json_object_get(status, "intake"), out);
    print_refused(json_object_get(status, "refused"), out);
    print_store(json_object_get(status, "store"), out);
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        print_family(&families[i], destinations, out);
    print_moods(destinations, out);
    print_skips(json_object_get(status, "skips"), out);
}
