/*
 * quota: how many calls were made, by operation, and how many recently.
 *
 * Every call is counted by operation.  Rolling limits count by the minute in a
 * window.
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

/* Counts of the last minutes; valid when all but minutes is zero. */
struct window {
    unsigned minutes; /* its length */
    uint64_t counts[WINDOW_MAX];
    uint64_t used; /* sum of counts */
    int64_t now;   /* minutes since 1970: the newest in counts */
};

/* The count within the window at now_ms. */
uint64_t window_used(struct window *window, int64_t now_ms);

void window_add(struct window *window, int64_t now_ms, uint64_t count);

struct quota {
    uint64_t calls[OPERATIONS + 1]; /* by operation */
    struct window day;              /* counts against the daily limit */
};

/* Forgets all calls. */
void quota_reset(struct quota *quota);

#endif
