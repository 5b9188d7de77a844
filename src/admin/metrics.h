/*
 * metrics: every figure that the admin shows, as rows of one table.
 *
 * The Prometheus text of /metrics, the numbers of the status API and the table in
 * docs/operations.md are all printed from it.  To add a metric, add a row to metrics.c.
 *
 * Threads:  any; the table is constant.
 * Memory:   nothing is kept.  Errors: out and json record when they are out of memory.
 * Units:    a name that ends in _seconds or _bytes says its unit; the others are counts.
 */
#ifndef ADMIN_METRICS_H
#define ADMIN_METRICS_H

#include <jansson.h>

#include "admin/figures.h"
#include "base/buf.h"

/* What a figure belongs to, and the struct that it is read from. */
enum metric_of {
    METRIC_OF_VERSION,     /* struct figures */
    METRIC_OF_SERVER,      /* struct figures */
    METRIC_OF_INTAKE,      /* struct ingest_counts */
    METRIC_OF_REFUSAL,     /* struct refusal_count: one for each reason */
    METRIC_OF_STORE,       /* struct writer_counts */
    METRIC_OF_COUNTERS,    /* struct store_counters: one for each destination */
    METRIC_OF_DELIVERY,    /* struct delivery_status: one for each destination */
    METRIC_OF_ORG,         /* struct org_counts: one for each destination that is delivered to */
    METRIC_OF_DESTINATION, /* struct figures_destination: one for each destination */
    METRIC_OF_SKIP /* struct store_skip_count: one for each source, destination and reason */
};

/* Sets the members of these rows; from is the struct that they are read from. */
void metrics_show(enum metric_of of, const void *from, json_t *json);

/* All of them as Prometheus text (exposition format 0.0.4). */
void metrics_print(const struct figures *figures, struct buf *out);

/* The table of docs/operations.md. */
void metrics_print_reference(struct buf *out);

#endif
