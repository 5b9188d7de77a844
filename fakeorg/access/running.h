/*
 * running: the calls that are being answered, their latency included.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  a struct running lives with its call.
 */
#ifndef FAKEORG_ACCESS_RUNNING_H
#define FAKEORG_ACCESS_RUNNING_H

#include <stddef.h>
#include <stdint.h>

struct running {
    struct running *before, *after;
    int64_t began_ms; /* by the org's clock; 0: not running */
};

struct running_calls {
    struct running *oldest, *newest;
    size_t count;
};

void running_begin(struct running_calls *calls, struct running *running, int64_t now_ms);

/* Does nothing if it has already ended. */
void running_end(struct running_calls *calls, struct running *running);

/* How many started at before_ms or earlier. */
int64_t running_since(const struct running_calls *calls, int64_t before_ms);

#endif
