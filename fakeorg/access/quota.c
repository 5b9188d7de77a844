/* Rolling windows, counted by the minute. */
#include "fakeorg/access/quota.h"

#include <string.h>

#define DAY_MINUTES 1440

/* Drops the minutes that have left the window.  If the clock was set back,
   those later than now are dropped too. */
static void roll(struct window *window, int64_t now_ms)
{
    int64_t now = now_ms / 60000;

    if (now - window->now >= window->minutes || now < window->now) {
        memset(window->counts, 0, sizeof window->counts);
        window->used = 0;
        window->now = now;
    }
    while (window->now < now) {
        window->now++;
        uint64_t *oldest = &window->counts[window->now % window->minutes];
        window->used -= *oldest;
        *oldest = 0;
    }
}

uint64_t window_used(struct window *window, int64_t now_ms)
{
    roll(window, now_ms);
    return window->used;
}

void window_add(struct window *window, int64_t now_ms, uint64_t count)
{
    roll(window, now_ms);
    window->counts[window->now % window->minutes] += count;
    window->used += count;
}

void quota_reset(struct quota *quota)
{
    *quota = (struct quota){.day = {.minutes = DAY_MINUTES}};
}
