/* Due times, and how far the clock that set them was ahead. */
#include "delivery/due.h"

#include "base/clock.h"
#include "base/log.h"

int64_t due_now(const struct destination *d)
{
    return clock_steady() + d->due_ahead_ms;
}

int64_t due_longest_wait(const struct destination *d)
{
    int64_t longest = d->settings->retry_longest_ms;

    return longest > LOOK_AGAIN_LONGEST_MS ? longest : LOOK_AGAIN_LONGEST_MS;
}

/* A due time beyond the longest wait was set by a clock that was ahead. */
static void follow(struct destination *d, int64_t due_ms)
{
    int64_t ahead = due_ms - due_now(d);

    if (ahead <= due_longest_wait(d))
        return;
    d->due_ahead_ms += ahead;
    log_line(LOG_WARN, "delivery.clock_was_ahead", "destination=%s seconds=%lld", d->settings->name,
             (long long)(ahead / 1000));
}

int64_t due_next(struct destination *d)
{
    int64_t due = INT64_MAX;
    struct err err;

    if (d->store->api->next_due(d->store, d->settings->name, &d->cursor, &due, &err) < 0)
        return clock_mono() + STORE_RETRY_MS;
    if (due == INT64_MAX)
        return INT64_MAX;
    follow(d, due);
    return clock_mono() + (due - due_now(d));
}

bool due_waits(struct destination *d)
{
    struct store_cursor peek = d->cursor;
    struct store_delivery *rows = NULL;
    size_t count = 0;
    struct err err;

    if (!d->more)
        return false;
    if (d->store->api->take(d->store, d->settings->name, &peek, due_now(d), 1, 1, &rows, &count,
                            &err) < 0)
        return true;
    store_deliveries_free(rows, count);
    d->more = count > 0;
    return d->more;
}
