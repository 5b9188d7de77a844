/* When a destination sends again, depending on how its last calls went. */
#include "delivery/hold.h"

#include <stdio.h>

#include "base/clock.h"
#include "delivery/backoff.h"

#define BUSY_FIRST_MS   1000
#define BUSY_LONGEST_MS 30000
#define LONG_FIRST_MS   60000
#define LONG_LONGEST_MS 900000
#define DAY_LIMIT_MS    900000 /* the 24-hour window is rolling: calls become available gradually */

void hold_init(struct hold *hold, int max_parallel)
{
    *hold = (struct hold){.state = DELIVERY_STARTING, .parallel = max_parallel};
}

static void wait_for(struct hold *hold, int64_t ms)
{
    int64_t until = clock_mono() + ms;

    if (hold->state != DELIVERY_HOLDING || until > hold->until_ms)
        hold->until_ms = until;
    hold->state = DELIVERY_HOLDING;
}

void hold_after_fault(struct hold *hold, const struct org_fault *fault,
                      const struct destination_settings *settings)
{
    if (hold->state == DELIVERY_STOPPED)
        return; /* only a person ends a stop */
    hold->failures++;
    hold->why = *fault;
    switch (fault->class) {
    case ORG_STOP:
        hold->state = DELIVERY_STOPPED;
        break;
    case ORG_DAY_LIMIT:
        wait_for(hold, DAY_LIMIT_MS);
        break;
    case ORG_RETRY_LONG:
        wait_for(hold, backoff_ms(hold->failures, LONG_FIRST_MS, LONG_LONGEST_MS));
        break;
    case ORG_BUSY:
        hold->parallel = hold->parallel > 1 ? hold->parallel / 2 : 1;
        wait_for(hold, backoff_ms(hold->failures, BUSY_FIRST_MS, BUSY_LONGEST_MS));
        break;
    case ORG_RETRY:
    case ORG_RETRY_FEW:
        wait_for(hold,
                 backoff_ms(hold->failures, settings->retry_first_ms, settings->retry_longest_ms));
        break;
    default: /* concerns only this call: others continue */
        break;
    }
}

void hold_after_success(struct hold *hold, int max_parallel)
{
    if (hold->state == DELIVERY_STOPPED)
        return;
    hold->state = DELIVERY_RUNNING;
    hold->connected = true;
    hold->failures = 0;
    if (hold->parallel < max_parallel)
        hold->parallel++;
}

void hold_for(struct hold *hold, int64_t ms, const char *code, const char *message,
              const char *advice)
{
    if (hold->state == DELIVERY_STOPPED)
        return;
    hold->why = (struct org_fault){.class = ORG_RETRY, .advice = advice};
    snprintf(hold->why.code, sizeof hold->why.code, "%s", code);
    snprintf(hold->why.message, sizeof hold->why.message, "%s", message);
    wait_for(hold, ms);
}

void hold_end(struct hold *hold)
{
    hold->state = DELIVERY_STARTING;
    hold->connected = false;
    hold->failures = 0;
}

enum delivery_state hold_state(const struct hold *hold)
{
    return hold->paused ? DELIVERY_PAUSED : hold->state;
}

bool hold_open(struct hold *hold)
{
    if (hold->state == DELIVERY_HOLDING && clock_mono() >= hold->until_ms)
        hold->state = hold->connected ? DELIVERY_RUNNING : DELIVERY_STARTING;
    return hold_state(hold) == DELIVERY_RUNNING || hold_state(hold) == DELIVERY_STARTING;
}
