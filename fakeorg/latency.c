#include "fakeorg/latency.h"

#include <time.h>

#include "fakeorg/fakeorg.h"

void latency_init(struct latency *latency, uint64_t seed)
{
    pthread_condattr_t attr;

    *latency = (struct latency){.random = seed};
    pthread_mutex_init(&latency->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&latency->ended, &attr);
    pthread_condattr_destroy(&attr);
}

void latency_done(struct latency *latency)
{
    pthread_cond_destroy(&latency->ended);
    pthread_mutex_destroy(&latency->lock);
}

/* Evenly from -1 to 1; a linear congruence is random enough for that. */
static double next_swing(struct latency *latency)
{
    pthread_mutex_lock(&latency->lock);
    latency->random = latency->random * 6364136223846793005 + 1442695040888963407;
    uint64_t high = latency->random >> 11;
    pthread_mutex_unlock(&latency->lock);
    return (double)high / (double)((uint64_t)1 << 52) - 1;
}

int64_t latency_of(struct latency *latency, const struct fakeorg_options *options, size_t records)
{
    double us =
        options->latency_ms * 1000.0 + (double)options->latency_per_record_us * (double)records;

    if (us > 0 && options->latency_jitter_percent > 0)
        us *= 1 + next_swing(latency) * options->latency_jitter_percent / 100;
    return (int64_t)us;
}

void latency_wait(struct latency *latency, int64_t us)
{
    struct timespec end;
    int rc = 0;

    if (us <= 0)
        return;
    clock_gettime(CLOCK_MONOTONIC, &end);
    us += end.tv_nsec / 1000;
    end.tv_sec += us / 1000000;
    end.tv_nsec = us % 1000000 * 1000;
    pthread_mutex_lock(&latency->lock);
    while (!latency->over && rc == 0)
        rc = pthread_cond_timedwait(&latency->ended, &latency->lock, &end);
    pthread_mutex_unlock(&latency->lock);
}

void latency_end(struct latency *latency)
{
    pthread_mutex_lock(&latency->lock);
    latency->over = true;
    pthread_cond_broadcast(&latency->ended);
    pthread_mutex_unlock(&latency->lock);
}
