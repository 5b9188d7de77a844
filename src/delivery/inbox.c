/* A scheduler's inbox: one mutex, one condition, flags that are set and taken. */
#include "delivery/inbox.h"

#include <string.h>

#include <utlist.h>

#include "base/clock.h"
#include "delivery/call.h"

int inbox_init(struct inbox *inbox, struct err *err)
{
    *inbox = (struct inbox){.status = {.state = DELIVERY_STARTING, .advice = ""}};
    if (pthread_mutex_init(&inbox->mutex, NULL) != 0)
        return err_memory(err);
    if (clock_cond_init(&inbox->arrived) == 0)
        return 0;
    pthread_mutex_destroy(&inbox->mutex);
    return err_memory(err);
}

void inbox_done(struct inbox *inbox)
{
    pthread_cond_destroy(&inbox->arrived);
    pthread_mutex_destroy(&inbox->mutex);
}

/* Whoever waits for the end waits on the same condition: hence broadcast. */
static void announce(struct inbox *inbox)
{
    pthread_cond_broadcast(&inbox->arrived);
    pthread_mutex_unlock(&inbox->mutex);
}

void inbox_post(struct inbox *inbox, enum inbox_message message)
{
    pthread_mutex_lock(&inbox->mutex);
    inbox->has[message] = true;
    announce(inbox);
}

void inbox_post_answer(struct inbox *inbox, struct call *call)
{
    pthread_mutex_lock(&inbox->mutex);
    DL_APPEND(inbox->answered, call);
    announce(inbox);
}

void inbox_set_paused(struct inbox *inbox, bool paused)
{
    pthread_mutex_lock(&inbox->mutex);
    inbox->paused = paused;
    pthread_mutex_unlock(&inbox->mutex);
}

struct delivery_status inbox_status(struct inbox *inbox)
{
    struct delivery_status status;

    pthread_mutex_lock(&inbox->mutex);
    status = inbox->status;
    pthread_mutex_unlock(&inbox->mutex);
    return status;
}

bool inbox_await_end(struct inbox *inbox, int64_t deadline_ms)
{
    bool ended;

    pthread_mutex_lock(&inbox->mutex);
    while (!inbox->ended && clock_mono() < deadline_ms)
        clock_wait(&inbox->arrived, &inbox->mutex, deadline_ms);
    ended = inbox->ended;
    pthread_mutex_unlock(&inbox->mutex);
    return ended;
}

static bool has_any(const struct inbox *inbox, bool calls_in_flight)
{
    if (inbox->answered != NULL || (inbox->has[INBOX_STOP] && !calls_in_flight))
        return true;
    for (int i = 0; i < INBOX_MESSAGES; i++)
        if (i != INBOX_STOP && inbox->has[i])
            return true;
    return false;
}

struct inbox_taken inbox_take(struct inbox *inbox, int64_t wake_ms, bool calls_in_flight)
{
    struct inbox_taken taken;

    pthread_mutex_lock(&inbox->mutex);
    while (!has_any(inbox, calls_in_flight) && clock_mono() < wake_ms)
        clock_wait(&inbox->arrived, &inbox->mutex, wake_ms);
    taken.answered = inbox->answered;
    taken.paused = inbox->paused;
    inbox->answered = NULL;
    for (int i = 0; i < INBOX_MESSAGES; i++) {
        taken.has[i] = inbox->has[i];
        inbox->has[i] = i == INBOX_STOP && inbox->has[i];
    }
    pthread_mutex_unlock(&inbox->mutex);
    return taken;
}

bool inbox_sleep(struct inbox *inbox, int64_t ms)
{
    int64_t until = clock_mono() + ms;
    bool stopping;

    pthread_mutex_lock(&inbox->mutex);
    while (!inbox->has[INBOX_STOP] && clock_mono() < until)
        clock_wait(&inbox->arrived, &inbox->mutex, until);
    stopping = inbox->has[INBOX_STOP];
    pthread_mutex_unlock(&inbox->mutex);
    return !stopping;
}

void inbox_publish(struct inbox *inbox, const struct delivery_status *status)
{
    pthread_mutex_lock(&inbox->mutex);
    inbox->status = *status;
    pthread_mutex_unlock(&inbox->mutex);
}

void inbox_end(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->mutex);
    inbox->ended = true;
    announce(inbox);
}
