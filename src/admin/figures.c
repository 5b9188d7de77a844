/* Asks the writer, the tracking API, the deliveries and the store, one after the other. */
#include "admin/figures.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

static struct figures_destination *named(struct figures *figures, const char *name)
{
    for (size_t i = 0; i < figures->destination_count; i++)
        if (strcmp(figures->destinations[i].name, name) == 0)
            return &figures->destinations[i];
    return NULL;
}

/* Those that run, in the order of the settings, then those that only the store knows. */
static int join_destinations(struct figures *figures, struct err *err)
{
    figures->destinations =
        mem_zero(figures->delivery_count + figures->counters_count, sizeof *figures->destinations);
    if (figures->destinations == NULL)
        return err_memory(err);
    for (size_t i = 0; i < figures->delivery_count; i++)
        figures->destinations[figures->destination_count++] = (struct figures_destination){
            .name = figures->delivery_list[i].destination,
            .is_delivered = true,
            .running = figures->delivery_list[i].state == DELIVERY_RUNNING,
            .delivery = figures->delivery_list[i],
        };
    for (size_t i = 0; i < figures->counters_count; i++) {
        struct figures_destination *to = named(figures, figures->counters_list[i].destination);
        if (to == NULL) {
            to = &figures->destinations[figures->destination_count++];
            to->name = figures->counters_list[i].destination;
        }
        to->counters = figures->counters_list[i];
    }
    return 0;
}

int figures_read(const struct admin_sources *sources, int64_t started_ms, struct figures *ret,
                 struct err *err)
{
    struct store *store = sources->store;

    *ret = (struct figures){.info = 1};
    ret->uptime_seconds = (clock_steady() - started_ms) / 1000;
    ret->intake = ingest_counts(sources->ingest);
    ret->refusal_count = ingest_refusals(sources->ingest, ret->refusals);
    ret->store = writer_counts(sources->writer);
    ret->store_full = ret->store.full != WRITER_NOT_FULL;
    writer_fault(sources->writer, &ret->store_fault);
    if (delivery_status(sources->delivery, &ret->delivery_list, &ret->delivery_count, err) < 0 ||
        store->api->counters(store, &ret->counters_list, &ret->counters_count, err) < 0 ||
        store->api->skips(store, &ret->skips, &ret->skip_count, err) < 0 ||
        join_destinations(ret, err) < 0) {
        figures_done(ret);
        return -1;
    }
    return 0;
}

void figures_done(struct figures *figures)
{
    delivery_status_free(figures->delivery_list, figures->delivery_count);
    store_counters_free(figures->counters_list, figures->counters_count);
    store_skip_counts_free(figures->skips, figures->skip_count);
    mem_free(figures->destinations);
    *figures = (struct figures){0};
}
