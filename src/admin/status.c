/* The status API: the figures by the table of metrics, and the words that go with them. */
#include "admin/views.h"

#include <string.h>

#include "admin/figures.h"
#include "admin/metrics.h"
#include "base/isotime.h"

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

static json_t *text_or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *figures_of(enum metric_of of, const void *from)
{
    json_t *shown = json_object();

    metrics_show(of, from, shown);
    return shown;
}

static json_t *refusals(const struct figures *figures)
{
    json_t *shown = json_object();

    for (size_t i = 0; i < figures->refusal_count; i++)
        json_object_set_new(shown, figures->refusals[i].code,
                            json_integer(figures->refusals[i].count));
    return shown;
}

static json_t *store(const struct figures *figures)
{
    const struct err *fault = &figures->store_fault;
    json_t *shown = json_pack("{s:o, s:s?}", "fault",
                              text_or_null(fault->kind == ERR_NONE ? NULL : fault->text), "full",
                              writer_full_name(figures->store.full));

    metrics_show(METRIC_OF_STORE, &figures->store, shown);
    return shown;
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
    json_t *shown = json_pack(
        "{s:o, s:b, s:b, s:o, s:o, s:o, s:o}", "limit_seen", view_time(counts->limit_seen_ms),
        "signed_in", (int)counts->signed_in, "stopped", (int)counts->stopped, "last_fault",
        last_fault(counts), "user_id", text_or_null(counts->user_id), "org_id",
        text_or_null(counts->org_id), "organization", text_or_null(counts->organization));

    metrics_show(METRIC_OF_ORG, counts, shown);
    return shown;
}

static const char *state_of(const struct figures_destination *to)
{
    static const char *const states[] = {[DELIVERY_STARTING] = "starting",
                                         [DELIVERY_RUNNING] = "running",
                                         [DELIVERY_HOLDING] = "holding",
                                         [DELIVERY_STOPPED] = "stopped",
                                         [DELIVERY_PAUSED] = "paused"};

    return to->is_delivered ? states[to->delivery.state] : "disabled";
}

static json_t *destination(const struct figures_destination *to)
{
    const struct delivery_status *delivery = &to->delivery;
    json_t *shown =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "name", to->name, "state", state_of(to),
                  "mood", state_of(to), "code", text_or_null(delivery->code), "message",
                  text_or_null(delivery->message), "advice", text_or_null(delivery->advice),
                  "until", view_time(delivery->until_ms));

    metrics_show(METRIC_OF_DELIVERY, delivery, shown);
    if (to->is_delivered) {
        json_object_set_new(shown, "described", view_time(delivery->described_ms));
        json_object_set_new(shown, "org", org(&delivery->org));
    }
    metrics_show(METRIC_OF_COUNTERS, &to->counters, shown);
    json_object_set_new(shown, "oldest_waiting", view_time(to->counters.oldest_waiting_ms));
    json_object_set_new(shown, "paused", view_time(to->counters.paused_ms));
    return shown;
}

static json_t *destinations(const struct figures *figures)
{
    json_t *list = json_array();

    for (size_t i = 0; i < figures->destination_count; i++)
        json_array_append_new(list, destination(&figures->destinations[i]));
    return list;
}

static json_t *skips(const struct figures *figures)
{
    json_t *list = json_array();

    for (size_t i = 0; i < figures->skip_count; i++) {
        const struct store_skip_count *skip = &figures->skips[i];
        json_t *shown = json_pack("{s:s, s:s, s:s}", "source", skip->source, "destination",
                                  skip->destination, "reason", skip->reason);
        metrics_show(METRIC_OF_SKIP, skip, shown);
        json_array_append_new(list, shown);
    }
    return list;
}

json_t *view_status(const struct admin_sources *sources, int64_t started_ms, struct err *err)
{
    struct figures figures;
    json_t *shown;

    if (figures_read(sources, started_ms, &figures, err) < 0)
        return NULL;
    shown =
        json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "version", LEADLINE_VERSION, "started",
                  view_time(started_ms), "intake", figures_of(METRIC_OF_INTAKE, &figures.intake),
                  "refused", refusals(&figures), "store", store(&figures), "destinations",
                  destinations(&figures), "skips", skips(&figures));
    if (shown == NULL)
        err_memory(err);
    else
        metrics_show(METRIC_OF_SERVER, &figures, shown);
    figures_done(&figures);
    return shown;
}
