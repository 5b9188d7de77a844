/* The table of figures, and the functions that print it. */
#include "admin/metrics.h"

#include <stddef.h>
#include <string.h>

#define MAX_VALUES 8
#define MAX_LABELS 3

enum value_kind { VALUE_BOOL, VALUE_INT, VALUE_INT64, VALUE_SIZE };

/* A value below 0 has not been seen yet: null in JSON, and no sample. */
struct metric_value {
    const char *member; /* its name in JSON, and the value of the row's label; NULL: not in JSON */
    enum value_kind kind;
    size_t at; /* offset in the struct it is read from */
};

struct metric {
    enum metric_of of;
    const char *name; /* NULL: in JSON only */
    const char *type, *unit, *help;
    const char *label; /* the label that distinguishes the values; NULL: there is one */
    struct metric_value values[MAX_VALUES];
};

/* clang-format off */
#define AT(type, member)                                                                           \
    _Generic(((type *)0)->member, bool: VALUE_BOOL, int: VALUE_INT, int64_t: VALUE_INT64,           \
             size_t: VALUE_SIZE), offsetof(type, member)
#define FIGURE_AT(member)   AT(struct figures, member)
#define INTAKE_AT(member)   AT(struct ingest_counts, member)
#define STORE_AT(member)    AT(struct writer_counts, member)
#define COUNTERS_AT(member) AT(struct store_counters, member)
#define STATE_AT(state)     AT(struct store_counters, by_state[state])
#define DELIVERY_AT(member) AT(struct delivery_status, member)
#define ORG_AT(member)      AT(struct org_counts, member)

static const struct metric metrics[] = {
    {METRIC_OF_VERSION, "leadline_info", "gauge", NULL,
     "The version that runs.",
     NULL, {{NULL, FIGURE_AT(info)}}},
    {METRIC_OF_SERVER, "leadline_uptime_seconds", "gauge", "seconds",
     "Seconds since the start.",
     NULL, {{"uptime", FIGURE_AT(uptime_seconds)}}},

    {METRIC_OF_INTAKE, "leadline_intake_total", "counter", "requests, messages",
     "The tracking API since the start: requests, and messages by what was done with them.",
     "what", {{"requests", INTAKE_AT(requests)},
              {"refused", INTAKE_AT(refused)},
              {"messages", INTAKE_AT(messages)},
              {"accepted", INTAKE_AT(accepted)},
              {"duplicates", INTAKE_AT(duplicates)},
              {"skipped", INTAKE_AT(skipped)},
              {"bad", INTAKE_AT(bad)}}},
    {METRIC_OF_REFUSAL, "leadline_refused_total", "counter", "requests",
     "Requests to the tracking API that were refused since the start, by reason.",
     NULL, {{NULL, AT(struct refusal_count, count)}}},

    {METRIC_OF_STORE, "leadline_store_writable", "gauge", NULL,
     "1 while events can be stored.",
     NULL, {{"writable", STORE_AT(writable)}}},
    {METRIC_OF_SERVER, "leadline_store_full", "gauge", NULL,
     "1 while new events are answered 429 because the queue, the store or the disk is full.",
     NULL, {{NULL, FIGURE_AT(store_full)}}},
    {METRIC_OF_STORE, "leadline_store_size_bytes", "gauge", "bytes",
     "What the store holds on disk.",
     NULL, {{"size", STORE_AT(usage.bytes)}}},
    {METRIC_OF_STORE, "leadline_store_waiting", "gauge", "requests",
     "Requests waiting for their commit.",
     NULL, {{"waiting", STORE_AT(waiting)}}},
    {METRIC_OF_STORE, "leadline_store_commits_total", "counter", "commits",
     "Commits since the start.",
     NULL, {{"commits", STORE_AT(commits)}}},
    {METRIC_OF_STORE, "leadline_store_failures_total", "counter", "requests",
     "Failed commits since the start.",
     NULL, {{"failures", STORE_AT(failures)}}},
    {METRIC_OF_STORE, NULL, NULL, NULL, NULL,
     NULL, {{"events", STORE_AT(events)},
            {"free_disk", STORE_AT(usage.free_disk)}}},

    {METRIC_OF_COUNTERS, "leadline_accepted_total", "counter", "events",
     "Events taken in for a destination.",
     NULL, {{"accepted", COUNTERS_AT(accepted)}}},
    {METRIC_OF_COUNTERS, "leadline_events", "gauge", "events",
     "Accepted events by what became of them.",
     "state", {{"waiting", STATE_AT(STORE_WAITING)},
               {"written", STATE_AT(STORE_WRITTEN)},
               {"merged", STATE_AT(STORE_MERGED)},
               {"unchanged", STATE_AT(STORE_UNCHANGED)},
               {"dead", STATE_AT(STORE_DEAD)}}},
    {METRIC_OF_COUNTERS, "leadline_dead_letters", "gauge", "events",
     "Dead letters that wait for a person.",
     NULL, {{"dead_letters", COUNTERS_AT(dead_letters)}}},
    {METRIC_OF_COUNTERS, NULL, NULL, NULL, NULL,
     NULL, {{"created", COUNTERS_AT(created)},
            {"updated", COUNTERS_AT(updated)}}},

    {METRIC_OF_DELIVERY, "leadline_in_hand", "gauge", "events",
     "Events being worked on.",
     NULL, {{"in_hand", DELIVERY_AT(in_hand)}}},
    {METRIC_OF_DELIVERY, "leadline_calls_in_flight", "gauge", "calls",
     "API calls under way.",
     NULL, {{"calls_in_flight", DELIVERY_AT(calls_in_flight)}}},

    {METRIC_OF_ORG, NULL, NULL, NULL, NULL,
     NULL, {{"calls", ORG_AT(calls)}}},
    {METRIC_OF_ORG, "leadline_api_calls_total", "counter", "calls",
     "API calls sent since the start.",
     "kind", {{"sign_ins", ORG_AT(sign_ins)},
              {"describes", ORG_AT(describes)},
              {"finds", ORG_AT(finds)},
              {"creates", ORG_AT(creates)},
              {"updates", ORG_AT(updates)},
              {"others", ORG_AT(others)}}},
    {METRIC_OF_ORG, "leadline_records_saved_total", "counter", "records",
     "Records saved since the start.",
     "how", {{"records_created", ORG_AT(records_created)},
             {"records_updated", ORG_AT(records_updated)}}},
    {METRIC_OF_ORG, "leadline_api_limit_used", "gauge", "calls",
     "API calls of the org in the last 24 hours.",
     NULL, {{"limit_used", ORG_AT(limit_used)}}},
    {METRIC_OF_ORG, "leadline_api_limit_max", "gauge", "calls",
     "API calls the org may make in 24 hours.",
     NULL, {{"limit_max", ORG_AT(limit_max)}}},

    {METRIC_OF_DESTINATION, "leadline_destination_running", "gauge", NULL,
     "1 while a destination is delivered to, 0 while it holds, has stopped, is paused or disabled.",
     NULL, {{NULL, AT(struct figures_destination, running)}}},
    {METRIC_OF_SKIP, "leadline_skipped_total", "counter", "events",
     "Events that a destination did not want.",
     NULL, {{"count", AT(struct store_skip_count, count)}}},
};
/* clang-format on */

#define METRICS (sizeof metrics / sizeof metrics[0])

/* ---- values ---- */

static int64_t value_in(const void *from, const struct metric_value *value)
{
    const char *at = (const char *)from + value->at;

    switch (value->kind) {
    case VALUE_BOOL:
        return *(const bool *)at;
    case VALUE_INT:
        return *(const int *)at;
    case VALUE_INT64:
        return *(const int64_t *)at;
    case VALUE_SIZE:
        return (int64_t) * (const size_t *)at;
    }
    return 0;
}

/* A row has a first value, which may have no member; all others have one. */
static size_t value_count(const struct metric *metric)
{
    size_t count = 1;

    while (count < MAX_VALUES && metric->values[count].member != NULL)
        count++;
    return count;
}

static json_t *as_json(const void *from, const struct metric_value *value)
{
    int64_t number = value_in(from, value);

    if (value->kind == VALUE_BOOL)
        return json_boolean(number != 0);
    return number < 0 ? json_null() : json_integer(number);
}

void metrics_show(enum metric_of of, const void *from, json_t *json)
{
    for (size_t i = 0; i < METRICS; i++)
        for (size_t v = 0; metrics[i].of == of && v < value_count(&metrics[i]); v++)
            if (metrics[i].values[v].member != NULL)
                json_object_set_new(json, metrics[i].values[v].member,
                                    as_json(from, &metrics[i].values[v]));
}

/* ---- what a row is shown for: each destination, say ---- */

struct instance {
    const void *from;
    const char *labels[MAX_LABELS]; /* values, of the names in kinds */
};

static bool server_at(const struct figures *figures, size_t at, struct instance *ret)
{
    *ret = (struct instance){.from = figures, .labels = {LEADLINE_VERSION}};
    return at == 0;
}

static bool intake_at(const struct figures *figures, size_t at, struct instance *ret)
{
    *ret = (struct instance){.from = &figures->intake};
    return at == 0;
}

static bool refusal_at(const struct figures *figures, size_t at, struct instance *ret)
{
    if (at >= figures->refusal_count)
        return false;
    *ret = (struct instance){&figures->refusals[at], {figures->refusals[at].code}};
    return true;
}

static bool store_at(const struct figures *figures, size_t at, struct instance *ret)
{
    *ret = (struct instance){.from = &figures->store};
    return at == 0;
}

static bool destination_at(const struct figures *figures, size_t at, struct instance *ret)
{
    if (at >= figures->destination_count)
        return false;
    *ret = (struct instance){&figures->destinations[at], {figures->destinations[at].name}};
    return true;
}

static bool counters_at(const struct figures *figures, size_t at, struct instance *ret)
{
    if (!destination_at(figures, at, ret))
        return false;
    ret->from = &figures->destinations[at].counters;
    return true;
}

static bool delivery_at(const struct figures *figures, size_t at, struct instance *ret)
{
    if (!destination_at(figures, at, ret))
        return false;
    ret->from = &figures->destinations[at].delivery;
    return true;
}

/* Those that run come first. */
static bool org_at(const struct figures *figures, size_t at, struct instance *ret)
{
    if (!destination_at(figures, at, ret) || !figures->destinations[at].is_delivered)
        return false;
    ret->from = &figures->destinations[at].delivery.org;
    return true;
}

static bool skip_at(const struct figures *figures, size_t at, struct instance *ret)
{
    if (at >= figures->skip_count)
        return false;
    *ret = (struct instance){
        &figures->skips[at],
        {figures->skips[at].source, figures->skips[at].destination, figures->skips[at].reason}};
    return true;
}

static const struct {
    const char *labels[MAX_LABELS + 1]; /* names */
    bool (*at)(const struct figures *figures, size_t at, struct instance *ret);
} kinds[] = {
    [METRIC_OF_VERSION] = {{"version"}, server_at},
    [METRIC_OF_SERVER] = {{NULL}, server_at},
    [METRIC_OF_INTAKE] = {{NULL}, intake_at},
    [METRIC_OF_REFUSAL] = {{"reason"}, refusal_at},
    [METRIC_OF_STORE] = {{NULL}, store_at},
    [METRIC_OF_COUNTERS] = {{"destination"}, counters_at},
    [METRIC_OF_DELIVERY] = {{"destination"}, delivery_at},
    [METRIC_OF_ORG] = {{"destination"}, org_at},
    [METRIC_OF_DESTINATION] = {{"destination"}, destination_at},
    [METRIC_OF_SKIP] = {{"source", "destination", "reason"}, skip_at},
};

/* ---- Prometheus text ---- */

/* A backslash, quote or newline in a value is escaped. */
static void print_label(const char *name, const char *value, struct buf *out, char *between)
{
    buf_char(out, *between);
    *between = ',';
    buf_format(out, "%s=\"", name);
    for (const char *p = value; *p != '\0'; p++) {
        if (*p == '\\' || *p == '"')
            buf_char(out, '\\');
        if (*p == '\n')
            buf_text(out, "\\n");
        else
            buf_char(out, *p);
    }
    buf_char(out, '"');
}

static void print_sample(const struct metric *metric, const struct metric_value *value,
                         const struct instance *instance, struct buf *out)
{
    const char *const *names = kinds[metric->of].labels;
    int64_t number = value_in(instance->from, value);
    char between = '{';

    if (number < 0)
        return;
    buf_text(out, metric->name);
    for (size_t i = 0; names[i] != NULL; i++)
        print_label(names[i], instance->labels[i], out, &between);
    if (metric->label != NULL)
        print_label(metric->label, value->member, out, &between);
    buf_format(out, "%s %lld\n", between == ',' ? "}" : "", (long long)number);
}

void metrics_print(const struct figures *figures, struct buf *out)
{
    struct instance instance;

    for (size_t i = 0; i < METRICS; i++) {
        const struct metric *metric = &metrics[i];
        if (metric->name == NULL)
            continue;
        buf_format(out, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help, metric->name,
                   metric->type);
        for (size_t at = 0; kinds[metric->of].at(figures, at, &instance); at++)
            for (size_t v = 0; v < value_count(metric); v++)
                print_sample(metric, &metric->values[v], &instance, out);
    }
}

/* ---- the table of the document ---- */

static void print_label_names(const struct metric *metric, struct buf *out)
{
    const char *const *names = kinds[metric->of].labels;
    const char *between = "";

    for (size_t i = 0; names[i] != NULL; i++, between = ", ")
        buf_format(out, "%s`%s`", between, names[i]);
    if (metric->label == NULL)
        return;
    buf_format(out, "%s`%s`:", between, metric->label);
    for (size_t v = 0; v < value_count(metric); v++)
        buf_format(out, " %s", metric->values[v].member);
}

void metrics_print_reference(struct buf *out)
{
    buf_text(out, "| Metric | Type | Unit | Labels | Meaning |\n"
                  "| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < METRICS; i++) {
        const struct metric *metric = &metrics[i];
        if (metric->name == NULL)
            continue;
        buf_format(out, "| `%s` | %s | %s | ", metric->name, metric->type,
                   metric->unit != NULL ? metric->unit : "-");
        print_label_names(metric, out);
        buf_format(out, " | %s |\n", metric->help);
    }
}
