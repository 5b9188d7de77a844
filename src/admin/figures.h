/*
 * figures: one snapshot of the whole installation, from which both the status and the metrics are
 * made, so that they never contradict each other.
 *
 * Threads:  any.
 * Memory:   a struct figures owns what it points to; figures_done frees it.
 * Errors:   of the store, or ERR_MEMORY.
 * Units:    seconds and bytes where the names say so, else counts and milliseconds (_ms).
 */
#ifndef ADMIN_FIGURES_H
#define ADMIN_FIGURES_H

#include "admin/sources.h"

/* A destination that runs, or for which the store has accepted something. */
struct figures_destination {
    const char *name;
    bool is_delivered; /* false: switched off, or gone from the configuration */
    bool running;      /* its events are sent */
    struct delivery_status delivery;
    struct store_counters counters;
};

struct figures {
    int info; /* 1, for the metric that names the version */
    int64_t uptime_seconds;
    struct ingest_counts intake;
    struct refusal_count refusals[REFUSALS_REASONS];
    size_t refusal_count;
    struct writer_counts store;
    struct err store_fault; /* ERR_NONE: it can be written to */
    bool store_full;
    struct figures_destination *destinations;
    size_t destination_count;
    struct store_skip_count *skips;
    size_t skip_count;

    struct delivery_status *delivery_list; /* owns the destinations' texts */
    size_t delivery_count;
    struct store_counters *counters_list;
    size_t counters_count;
};

/* started_ms: when the server started, by clock_steady. */
MUST_USE int figures_read(const struct admin_sources *sources, int64_t started_ms,
                          struct figures *ret, struct err *err);
void figures_done(struct figures *figures);

#endif
