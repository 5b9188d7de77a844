/* The three clocks, and the offsets by which a test moves them. */
#include "base/clock.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

static atomic_bool frozen;
static atomic_llong frozen_wall;
static atomic_llong frozen_mono;
static atomic_llong stepped;      /* by clock_step_wall */
static atomic_llong steady_ahead; /* of mono, in nanoseconds */
static pthread_once_t started = PTHREAD_ONCE_INIT;

#define NS_A_MS INT64_C(1000000)

static int64_t read_ns(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 * NS_A_MS + now.tv_nsec;
}

static int64_t read_ms(clockid_t id)
{
    return read_ns(id) / NS_A_MS;
}

int64_t clock_wall(void)
{
    return (atomic_load(&frozen) ? atomic_load(&frozen_wall) : read_ms(CLOCK_REALTIME)) +
           atomic_load(&stepped);
}

int64_t clock_mono(void)
{
    return atomic_load(&frozen) ? atomic_load(&frozen_mono) : read_ms(CLOCK_MONOTONIC);
}

static int64_t mono_ns(void)
{
    return atomic_load(&frozen) ? atomic_load(&frozen_mono) * NS_A_MS : read_ns(CLOCK_MONOTONIC);
}

/* Rounded to milliseconds only in clock_steady, and the calendar is read before mono: whatever
   passes between the two has passed for the caller too, so reading it again never moves steady
   back. */
static void read_calendar(void)
{
    int64_t wall =
        atomic_load(&frozen) ? atomic_load(&frozen_wall) * NS_A_MS : read_ns(CLOCK_REALTIME);

    atomic_store(&steady_ahead, wall + atomic_load(&stepped) * NS_A_MS - mono_ns());
}

int64_t clock_steady(void)
{
    pthread_once(&started, read_calendar);
    return (mono_ns() + atomic_load(&steady_ahead)) / NS_A_MS;
}

int clock_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    int rc = pthread_condattr_init(&attr);

    if (rc != 0)
        return rc;
    rc = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    if (rc == 0)
        rc = pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
    return rc;
}

void clock_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t deadline_ms)
{
    struct timespec until;

    if (atomic_load(&frozen))
        deadline_ms = read_ms(CLOCK_MONOTONIC) + 1;
    until.tv_sec = deadline_ms / 1000;
    until.tv_nsec = deadline_ms % 1000 * 1000000;
    pthread_cond_timedwait(cond, mutex, &until);
}

void clock_freeze(int64_t wall_ms)
{
    atomic_store(&frozen_wall, wall_ms);
    atomic_store(&frozen_mono, read_ms(CLOCK_MONOTONIC));
    atomic_store(&frozen, true);
    clock_restart();
}

void clock_advance(int64_t ms)
{
    atomic_fetch_add(&frozen_wall, ms);
    atomic_fetch_add(&frozen_mono, ms);
}

void clock_thaw(void)
{
    atomic_store(&frozen, false);
    atomic_store(&stepped, 0);
    clock_restart();
}

void clock_step_wall(int64_t ms)
{
    atomic_fetch_add(&stepped, ms);
}

void clock_restart(void)
{
    pthread_once(&started, read_calendar);
    read_calendar();
}
