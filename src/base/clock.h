/*
 * clock: the only source of time, so that tests can control it.
 *
 * Three clocks, all in milliseconds:
 *   wall    what a calendar says now; a person or NTP may set it.  For what people read.
 *   mono    never goes back, means nothing in another run.  For waiting within a run.
 *   steady  the calendar as the program read it once, at its start, and mono time since.
 *           A step of the wall clock does not touch it.  For everything that is kept and
 *           compared later: due times, ages, the order of events.  A time kept by an
 *           earlier run may be in the future, when the wall clock was set back in
 *           between: the code that compares decides what that means.
 *
 * A test calls clock_freeze; from then on all three stop until clock_advance.
 * While frozen, clock_wait returns after about a millisecond of real time, so a
 * loop of the form "while (!ready && clock_mono() < deadline) clock_wait(...)"
 * sees the time advance.  Threads: any.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <pthread.h>
#include <stdint.h>

/* Milliseconds since 1970-01-01T00:00:00Z. */
int64_t clock_wall(void);

/* Milliseconds since some start, for deadlines. */
int64_t clock_mono(void);

/* Milliseconds since 1970, as the wall clock would say had nobody set it since the start. */
int64_t clock_steady(void);

/* Makes a condition variable that clock_wait can wait on.  0 or an errno. */
int clock_cond_init(pthread_cond_t *cond);

/* Waits on cond until it is signalled or clock_mono() reaches deadline_ms.  May
   wake early: the caller looks at its condition again, in a loop. */
void clock_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t deadline_ms);

/* Tests only. */
void clock_freeze(int64_t wall_ms);
void clock_advance(int64_t ms);
void clock_thaw(void);
void clock_step_wall(int64_t ms); /* only the wall clock moves */
void clock_restart(void);         /* steady reads the calendar again, as at a program's start */

#endif
