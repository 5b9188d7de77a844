/*
 * quota: how many calls were made, of which kind, and how many of late.
 *
 * Every call is counted by operation.  What a rolling limit counts is kept by the
 * minute in a window.
 *
 * Threads: whoever holds the service's lock.  Memory: plain values.
 */
#ifndef FAKEORG_ACCESS_QUOTA_H
#define FAKEORG_ACCESS_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fakeorg/api/operation.h"

#define WINDOW_MAX 1440 /* minutes */

/* What happened in the last minutes; zero but for minutes is a good one. */
struct window {
    unsigned minutes; /* how long it is */
    uint64_t counts[WINDOW_MAX];
    uint64_t used; /* sum of counts */
    int64_t now;   /* minute since 1970: the newest one in counts */
};

/* How much lies within the window at now_ms. */
uint64_t window_used(struct window *window, int64_t now_ms);

void window_add(struct window *window, int64_t now_ms, uint64_t count);

struct quota {
    uint64_t calls[OPERATIONS + 1]; /* by operation */
    struct window day;              /* what counts against the daily limit */
};

/* Forgets all calls. */
void quota_reset(struct quota *quota);

#endif
