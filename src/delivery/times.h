/*
 * times: for each field, the event timestamp of the newest value written, so that a late event
 * never overwrites a newer value.
 *
 * Threads: the scheduler's.  Memory: times_done frees it.  Limits: TIMES_MAX fields.
 */
#ifndef DELIVERY_TIMES_H
#define DELIVERY_TIMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define TIMES_MAX 1000

struct field_time {
    char *field;
    int64_t ms;
};

struct times {
    struct field_time *list;
    size_t count, capacity;
};

/* Reads {"Field": ms, ...}; anything else is left out. */
MUST_USE int times_parse(struct times *times, const char *json, struct err *err);
void times_print(const struct times *times, struct buf *out);
void times_done(struct times *times);

/* INT64_MIN when the field was never written. */
int64_t times_get(const struct times *times, const char *field);

/* Keeps the later of the known time and ms. */
MUST_USE int times_raise(struct times *times, const char *field, int64_t ms, struct err *err);

/* A time later than now_ms cannot be true: it becomes instead_ms. */
void times_bound(struct times *times, int64_t now_ms, int64_t instead_ms);

#endif
