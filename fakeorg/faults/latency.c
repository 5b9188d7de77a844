/* latency: how long a call takes, and a wait that the end of the org interrupts. */
#include "fakeorg/faults/latency.h"

#include <errno.h>
#include <time.h>

#include "base/clock.h"

#define BRIEF_US 200000

void latency_init(struct latency *latency, uint64_t seed)
{
    *latency = (struct latency){.random = seed};
    pthread_mutex_init(&latency->lock, NULL);
    clock_cond_init(&latency->ended);
}

void latency_done(struct latency *latency)
{
    pthread_cond_destroy(&latency->ended);
    pthread_mutex_destroy(&latency->lock);
}

/* Evenly from -1 to 1; a linear congruential generator is good enough. */
static double next_swing(struct latency *latency)
{
    pthread_mutex_lock(&latency->lock);
    latency->random = latency->random * 6364136223846793005 + 1442695040888963407;
    uint64_t high = latency->random >> 11;
    pthread_mutex_unlock(&latency->lock);
    return (double)high / (double)((uint64_t)1 << 52) - 1;
}

int64_t latency_of(struct latency *latency, const struct latency_shape *shape, size_t records)
{
    double us = shape->ms * 1000.0 + (double)shape->per_record_us * (double)records;

    if (us > 0 && shape->jitter_percent > 0)
        us *= 1 + next_swing(latency) * shape->jitter_percent / 100;
    return (int64_t)us;
}

/* Precise to the microsecond; latency_end does not interrupt it. */
static void wait_briefly(int64_t us)
{
    struct timespec left = {us / 1000000, us % 1000000 * 1000};

    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        ;
}

void latency_wait(struct latency *latency, int64_t us)
{
    int64_t end_ms = clock_mono() + us / 1000;

    if (us <= 0)
        return;
    if (us < BRIEF_US) {
        wait_briefly(us);
        return;
    }
    pthread_mutex_lock(&latency->lock);
    while (!latency->over && clock_mono() < end_ms)
        clock_wait(&latency->ended, &latency->lock, end_ms);
    pthread_mutex_unlock(&latency->lock);
}

void latency_end(struct latency *latency)
{
    pthread_mutex_lock(&latency->lock);
    latency->over = true;
    pthread_cond_broadcast(&latency->ended);
    pthread_mutex_unlock(&latency->lock);
}
