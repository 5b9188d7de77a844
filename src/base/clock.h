/*
 * clock: the only source of time, so that a test can turn it.
 *
 * Two clocks: wall (what a calendar says, may jump) for stamps, and mono (never
 * goes back) for waiting.  Both in milliseconds.
 *
 * A test calls clock_freeze; from then on both stand still until clock_advance.
 * While frozen, clock_wait returns after about a millisecond of real time, so a
 * loop of the form "while (!ready && clock_mono() < deadline) clock_wait(...)"
 * sees the clock turn.  Threads: any.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <pthread.h>
#include <stdint.h>

/* Milliseconds since 1970-01-01T00:00:00Z. */
int64_t clock_wall(void);

/* Milliseconds since some start, for deadlines. */
int64_t clock_mono(void);

/* Makes a condition variable that clock_wait can wait on.  0 or an errno. */
int clock_cond_init(pthread_cond_t *cond);

/* Waits on cond until it is signalled or clock_mono() reaches deadline_ms.  May
   wake early: the caller looks at its condition again, in a loop. */
void clock_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t deadline_ms);

/* Tests only. */
void clock_freeze(int64_t wall_ms);
void clock_advance(int64_t ms);
void clock_thaw(void);

#endif
