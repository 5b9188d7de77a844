#include "admin/views.h"

#include <string.h>

#include "base/clock.h"
#include "base/isotime.h"

#define MAX_INTAKE_TEXT 8192

json_t *view_time(int64_t ms)
{
    char text[ISOTIME_MAX];

    if (ms <= 0)
        return json_null();
    isotime_format(ms, text);
    return json_string(text);
}

bool view_number(const char *text, const char **ret_end, int64_t *ret)
{
    int64_t number = 0;
    const char *p = text;

    for (; *p >= '0' && *p <= '9'; p++) {
        if (number > (INT64_MAX - (*p - '0')) / 10)
            return false;
        number = number * 10 + (*p - '0');
    }
    *ret = number;
    *ret_end = p;
    return p > text;
}

/* A count that has not been seen yet is null, not -1. */
static json_t *seen(int64_t count)
{
    return count < 0 ? json_null() : json_integer(count);
}

static json_t *text_or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *figures_of(void (*print)(void *arg, struct buf *out), void *arg)
{
    struct buf text;
    json_t *figures;

    if (print == NULL)
        return json_object();
    buf_init(&text, MAX_INTAKE_TEXT);
    buf_char(&text, '{');
    print(arg, &text);
    buf_char(&text, '}');
    figures = json_loadb(buf_peek(&text), text.len, JSON_REJECT_DUPLICATES, NULL);
    buf_done(&text);
    return figures;
}

static json_t *store(const struct admin_sources *sources)
{
    struct writer_counts counts = writer_counts(sources->writer);
    struct err fault;

    writer_fault(sources->writer, &fault);
    return json_pack(
        "{s:b, s:o*, s:s?, s:I, s:I, s:I, s:I, s:I, s:I}", "writable", (int)counts.writable,
        "fault", text_or_null(fault.kind == ERR_NONE ? NULL : fault.text), "full",
        writer_full_name(counts.full), "waiting", (json_int_t)counts.waiting, "commits",
        (json_int_t)counts.commits, "events", (json_int_t)counts.events, "failures",
        (json_int_t)counts.failures, "size", (json_int_t)counts.usage.bytes, "free_disk",
        (json_int_t)counts.usage.free_disk);
}

static json_t *last_fault(const struct org_counts *org)
{
    if (org->last_fault.class == ORG_OK)
        return json_null();
    return json_pack("{s:s, s:s, s:s, s:o, s:o}", "class", org_class_name(org->last_fault.class),
                     "code", org->last_fault.code, "message", org->last_fault.message, "advice",
                     text_or_null(org->last_fault.advice), "at", view_time(org->last_fault_ms));
}

static json_t *org(const struct org_counts *counts)
{
    static const struct {
        const char *name;
        size_t at;
    } figures[] = {
        {"calls", offsetof(struct org_counts, calls)},
        {"sign_ins", offsetof(struct org_counts, sign_ins)},
        {"describes", offsetof(struct org_counts, describes)},
        {"finds", offsetof(struct org_counts, finds)},
        {"creates", offsetof(struct org_counts, creates)},
        {"updates", offsetof(struct org_counts, updates)},
        {"others", offsetof(struct org_counts, others)},
        {"records_created", offsetof(struct org_counts, records_created)},
        {"records_updated", offsetof(struct org_counts, records_updated)},
        {"limit_used", offsetof(struct org_counts, limit_used)},
        {"limit_max", offsetof(struct org_counts, limit_max)},
    };
    json_t *shown = json_pack(
        "{s:o, s:b, s:b, s:o, s:o, s:o, s:o}", "limit_seen", view_time(counts->limit_seen_ms),
        "signed_in", (int)counts->signed_in, "stopped", (int)counts->stopped, "last_fault",
        last_fault(counts), "user_id", text_or_null(counts->user_id), "org_id",
        text_or_null(counts->org_id), "organization", text_or_null(counts->organization));

    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        int64_t figure;
        memcpy(&figure, (const char *)counts + figures[i].at, sizeof figure);
        json_object_set_new(shown, figures[i].name, seen(figure));
    }
    return shown;
}

static json_t *empty_destination(const char *name)
{
    return json_pack("{s:s, s:s, s:n, s:n, s:n, s:n, s:i, s:i}", "name", name, "mood", "disabled",
                     "code", "message", "advice", "until", "in_hand", 0, "calls_in_flight", 0);
}

static json_t *destination_named(json_t *list, const char *name)
{
    size_t i;
    json_t *one;

    json_array_foreach(list, i, one)
        if (strcmp(json_string_value(json_object_get(one, "name")), name) == 0)
            return one;
    one = empty_destination(name);
    return json_array_append_new(list, one) == 0 ? one : NULL;
}

static void add_delivery(json_t *list, const struct delivery_status *status)
{
    static const char *const states[] = {[DELIVERY_STARTING] = "starting",
                                         [DELIVERY_RUNNING] = "running",
                                         [DELIVERY_HOLDING] = "holding",
                                         [DELIVERY_STOPPED] = "stopped",
                                         [DELIVERY_PAUSED] = "paused"};
    json_t *to = destination_named(list, status->destination);

    json_object_set_new(to, "mood", json_string(states[status->state]));
    json_object_set_new(to, "code", text_or_null(status->code));
    json_object_set_new(to, "message", text_or_null(status->message));
    json_object_set_new(to, "advice", text_or_null(status->advice));
    json_object_set_new(to, "until", view_time(status->until_ms));
    json_object_set_new(to, "described", view_time(status->described_ms));
    json_object_set_new(to, "in_hand", json_integer((json_int_t)status->in_hand));
    json_object_set_new(to, "calls_in_flight", json_integer(status->calls_in_flight));
    json_object_set_new(to, "org", org(&status->org));
}

static void add_counters(json_t *list, const struct store_counters *counters)
{
    json_t *to = destination_named(list, counters->destination);

    json_object_set_new(to, "accepted", json_integer(counters->accepted));
    for (int state = 0; state < STORE_STATES; state++)
        json_object_set_new(to, store_state_name((enum store_state)state),
                            json_integer(counters->by_state[state]));
    json_object_set_new(to, "dead_letters", json_integer(counters->dead_letters));
    json_object_set_new(to, "created", json_integer(counters->created));
    json_object_set_new(to, "updated", json_integer(counters->updated));
    json_object_set_new(to, "oldest_waiting", view_time(counters->oldest_waiting_ms));
    json_object_set_new(to, "paused", view_time(counters->paused_ms));
}

static json_t *destinations(const struct admin_sources *sources, struct err *err)
{
    struct delivery_status *deliveries = NULL;
    struct store_counters *counters = NULL;
    size_t delivery_count = 0, counters_count = 0;
    json_t *list = NULL;

    if (delivery_status(sources->delivery, &deliveries, &delivery_count, err) < 0 ||
        sources->store->api->counters(sources->store, &counters, &counters_count, err) < 0)
        goto out;
    list = json_array();
    for (size_t i = 0; i < delivery_count; i++) {
        struct store_counters none = {.destination = deliveries[i].destination};
        add_delivery(list, &deliveries[i]);
        add_counters(list, &none);
    }
    for (size_t i = 0; i < counters_count; i++)
        add_counters(list, &counters[i]);
out:
    delivery_status_free(deliveries, delivery_count);
    store_counters_free(counters, counters_count);
    return list;
}

static json_t *skips(struct store *store, struct err *err)
{
    struct store_skip_count *counts = NULL;
    size_t count = 0;
    json_t *list = NULL;

    if (store->api->skips(store, &counts, &count, err) == 0)
        list = json_array();
    for (size_t i = 0; list != NULL && i < count; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:I}", "source", counts[i].source,
                                        "destination", counts[i].destination, "reason",
                                        counts[i].reason, "count", (json_int_t)counts[i].count));
    store_skip_counts_free(counts, count);
    return list;
}

json_t *view_status(const struct admin_sources *sources, int64_t started_ms, struct err *err)
{
    json_t *shown = NULL, *to = destinations(sources, err);
    json_t *skipped = to != NULL ? skips(sources->store, err) : NULL;

    if (skipped == NULL) {
        json_decref(to);
        return NULL;
    }
    shown = json_pack("{s:s, s:o, s:I, s:o, s:o, s:o, s:o, s:o}", "version", LEADLINE_VERSION,
                      "started", view_time(started_ms), "uptime",
                      (json_int_t)((clock_steady() - started_ms) / 1000), "intake",
                      figures_of(sources->intake, sources->intake_arg), "refused",
                      figures_of(sources->refusals, sources->intake_arg), "store", store(sources),
                      "destinations", to, "skips", skipped);
    if (shown == NULL)
        err_memory(err);
    return shown;
}
