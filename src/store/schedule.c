/* schedule: no cursor ever passes a delivery or a change. */
#include "store/schedule.h"

int schedule_init(struct schedule *schedule, struct err *err)
{
    *schedule = (struct schedule){.open_ms = INT64_MAX};
    if (pthread_mutex_init(&schedule->lock, NULL) != 0)
        return err_set(err, ERR_SYSTEM, "no mutex for the store");
    return 0;
}

void schedule_done(struct schedule *schedule)
{
    pthread_mutex_destroy(&schedule->lock);
}

int64_t schedule_enter(struct schedule *schedule, int64_t now_ms)
{
    pthread_mutex_lock(&schedule->lock);
    return now_ms < schedule->open_ms ? now_ms : schedule->open_ms - 1;
}

void schedule_leave(struct schedule *schedule, int64_t reached_ms)
{
    if (schedule->reached_ms < reached_ms)
        schedule->reached_ms = reached_ms;
    pthread_mutex_unlock(&schedule->lock);
}

int64_t schedule_place(struct schedule *schedule, int64_t wanted_ms)
{
    int64_t least, placed;

    pthread_mutex_lock(&schedule->lock);
    least = schedule->reached_ms + 1;
    placed = wanted_ms > least ? wanted_ms : least;
    if (placed < schedule->open_ms)
        schedule->open_ms = placed;
    pthread_mutex_unlock(&schedule->lock);
    return placed;
}

void schedule_close(struct schedule *schedule)
{
    pthread_mutex_lock(&schedule->lock);
    schedule->open_ms = INT64_MAX;
    pthread_mutex_unlock(&schedule->lock);
}
