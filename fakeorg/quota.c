#include "fakeorg/quota.h"

#include <string.h>

#include "base/clock.h"

void quota_init(struct quota *quota, uint64_t daily_limit)
{
    *quota = (struct quota){.daily_limit = daily_limit};
}

void quota_reset(struct quota *quota)
{
    quota_init(quota, quota->daily_limit);
}

/* Lets go of the minutes that have left the window. */
static void roll(struct quota *quota)
{
    int64_t now = clock_wall() / 60000;

    if (now - quota->minute >= QUOTA_MINUTES || now < quota->minute) {
        memset(quota->by_minute, 0, sizeof quota->by_minute);
        quota->used = 0;
        quota->minute = now;
    }
    while (quota->minute < now) {
        quota->minute++;
        uint64_t *oldest = &quota->by_minute[quota->minute % QUOTA_MINUTES];
        quota->used -= *oldest;
        *oldest = 0;
    }
}

bool quota_take(struct quota *quota)
{
    roll(quota);
    if (quota->used >= quota->daily_limit)
        return false;
    quota->by_minute[quota->minute % QUOTA_MINUTES]++;
    quota->used++;
    return true;
}
