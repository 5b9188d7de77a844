/* seen: gaps in the time that the store saw pass. */
#include "store/seen.h"

#include <string.h>

/* The clock was set back to before the end of a gap: the gap shrinks or disappears. */
static void take_back(struct seen *seen, int64_t now_ms)
{
    size_t kept = 0;

    for (size_t i = 0; i < seen->count; i++) {
        struct seen_gap gap = seen->gaps[i];
        if (gap.end_ms > now_ms) {
            gap.length_ms -= gap.end_ms - now_ms;
            gap.end_ms = now_ms;
        }
        if (gap.length_ms > 0)
            seen->gaps[kept++] = gap;
    }
    seen->count = kept;
}

/* Merges the gap with the one before it. */
static void join(struct seen *seen, size_t at)
{
    seen->gaps[at].length_ms += seen->gaps[at - 1].length_ms;
    memmove(&seen->gaps[at - 1], &seen->gaps[at], (seen->count - at) * sizeof seen->gaps[0]);
    seen->count--;
}

/* The later of the two gaps with the least seen time between them. */
static size_t closest(const struct seen *seen)
{
    int64_t least_ms = INT64_MAX;
    size_t found = 1;

    for (size_t i = 1; i < seen->count; i++) {
        int64_t between_ms =
            seen->gaps[i].end_ms - seen->gaps[i].length_ms - seen->gaps[i - 1].end_ms;
        if (between_ms >= least_ms)
            continue;
        least_ms = between_ms;
        found = i;
    }
    return found;
}

void seen_begin(struct seen *seen, int64_t now_ms)
{
    take_back(seen, now_ms);
    if (seen->count == SEEN_GAPS_MAX)
        join(seen, closest(seen));
    if (now_ms > seen->last_ms)
        seen->gaps[seen->count++] = (struct seen_gap){now_ms, now_ms - seen->last_ms};
    seen->last_ms = now_ms;
}

void seen_pass(struct seen *seen, int64_t now_ms)
{
    if (now_ms > seen->last_ms)
        seen->last_ms = now_ms;
}

int64_t seen_limit(const struct seen *seen, int64_t limit_ms)
{
    for (size_t i = seen->count; i > 0 && limit_ms < seen->gaps[i - 1].end_ms; i--)
        limit_ms -= seen->gaps[i - 1].length_ms;
    return limit_ms;
}
