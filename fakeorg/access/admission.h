/*
 * admission: who may call, and how often; and the calls that are being answered.
 *
 * Concurrency in life counts only calls that have lasted 20 seconds (limits sheet,
 * "Concurrent API Request Limits"); a plain limit on all of them stands beside it.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  a struct running lives with its call.
 */
#ifndef FAKEORG_ACCESS_ADMISSION_H
#define FAKEORG_ACCESS_ADMISSION_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct call;

/* A call that is being answered, its latency included. */
struct running {
    struct running *before, *after;
    int64_t began_ms; /* by the org's clock; 0: not among them */
};

struct admission {
    struct running *oldest, *newest;
    size_t count;
};

void admission_begin(struct admission *admission, struct running *running, int64_t now_ms);

/* Harmless when it has ended before. */
void admission_end(struct admission *admission, struct running *running);

/* 0, and the call counted, or -1 with the error that refuses it. */
MUST_USE int admission_check(struct call *call);

#endif
