/*
 * views: what the admin shows, as JSON values and as text.
 *
 * One look at the installation (view_status) feeds the status API and the metrics alike,
 * so that they never contradict each other.
 *
 * Threads:  any; what is read is read through functions that may be called from anywhere.
 * Memory:   a json_t is the caller's reference.
 */
#ifndef ADMIN_VIEWS_H
#define ADMIN_VIEWS_H

#include <jansson.h>

#include "admin/admin.h"
#include "base/buf.h"

/* started_ms: wall clock. */
MUST_USE json_t *view_status(const struct admin_sources *sources, int64_t started_ms,
                             struct err *err);

/* The receipts of one event; ERR_NOT_FOUND when it is not known. */
MUST_USE json_t *view_trace(struct store *store, const char *message_id, struct err *err);

/* At most VIEW_PAGE dead letters of a destination, newest first, below before (0: from the
   newest), and "next" for the page behind them. */
#define VIEW_PAGE 100
MUST_USE json_t *view_dead_letters(struct store *store, const char *destination, int64_t before,
                                   struct err *err);

/* Lets the dead letters of a destination wait again: those of one event, or with message_id
   NULL all; how many.  ERR_NOT_FOUND when that event has none there. */
MUST_USE int revive_dead_letters(const struct admin_sources *sources, const char *destination,
                                 const char *message_id, int64_t *ret_count, struct err *err);

/* A status as Prometheus text. */
void view_metrics(const json_t *status, struct buf *out);

/* The page at /: page.html, made a string by tools/embed. */
extern const char view_page[];

/* "2026-11-23T10:05:00.000Z", or null for 0 and less. */
json_t *view_time(int64_t ms);

#endif
