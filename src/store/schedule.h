/*
 * schedule: keeps a cursor from passing a delivery that waits again.
 *
 * A cursor moves over due times.  A delivery scheduled at a time that some cursor has already
 * passed would never be handed out; this could happen when the wall clock goes back or a take runs
 * between write and commit.  So the writer schedules nothing at or before the furthest time handed
 * out, and while its transaction is open no take reaches the times it has used.
 *
 * Threads: any.  A take holds the lock from schedule_enter to schedule_leave.
 */
#ifndef STORE_SCHEDULE_H
#define STORE_SCHEDULE_H

#include <pthread.h>
#include <stdint.h>

#include "base/err.h"

struct schedule {
    pthread_mutex_t lock;
    int64_t reached_ms; /* furthest due time any take has handed out */
    int64_t open_ms;    /* earliest time of the open transaction; INT64_MAX = none */
};

MUST_USE int schedule_init(struct schedule *schedule, struct err *err);
void schedule_done(struct schedule *schedule);

/* The time up to which a take at now_ms may go; pass how far it got to schedule_leave. */
int64_t schedule_enter(struct schedule *schedule, int64_t now_ms);
void schedule_leave(struct schedule *schedule, int64_t reached_ms);

/* The time for a delivery that should wait until wanted_ms; always above 0, which
   means "never tried". */
int64_t schedule_place(struct schedule *schedule, int64_t wanted_ms);

/* The transaction has ended, by commit or rollback. */
void schedule_close(struct schedule *schedule);

#endif
