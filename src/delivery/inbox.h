/*
 * inbox: messages from other threads to a scheduler, and the status it shows them.
 *
 * Threads: any may post and read the status; only the scheduler takes, sleeps, publishes and ends.
 * Memory:  an answered call belongs to the inbox from inbox_post_answer until inbox_take returns
 * it.
 * Errors:  only inbox_init can fail.
 */
#ifndef DELIVERY_INBOX_H
#define DELIVERY_INBOX_H

#include <pthread.h>
#include <stdbool.h>

#include "delivery/status.h"

struct call;

enum inbox_message {
    INBOX_NEWS,    /* the store may have more */
    INBOX_RETRY,   /* a person retries */
    INBOX_REDRIVE, /* a person retries dead letters */
    INBOX_STOP,    /* finish the calls in flight and end; stays set */
    INBOX_MESSAGES
};

struct inbox {
    pthread_mutex_t mutex;
    pthread_cond_t arrived;
    struct call *answered; /* utlist */
    bool has[INBOX_MESSAGES];
    bool paused;                   /* by a person; stays set until it is resumed */
    bool ended;                    /* the scheduler's loop is over */
    struct delivery_status status; /* as of the end of the last turn; destination is NULL */
};

MUST_USE int inbox_init(struct inbox *inbox, struct err *err);
void inbox_done(struct inbox *inbox);

/* ---- for any thread ---- */

void inbox_post(struct inbox *inbox, enum inbox_message message);
void inbox_post_answer(struct inbox *inbox, struct call *call);
void inbox_set_paused(struct inbox *inbox, bool paused);
struct delivery_status inbox_status(struct inbox *inbox);

/* Waits until the scheduler has ended; false when it has not by deadline_ms, mono. */
bool inbox_await_end(struct inbox *inbox, int64_t deadline_ms);

/* ---- for the scheduler ---- */

struct inbox_taken {
    struct call *answered; /* utlist, now the caller's */
    bool has[INBOX_MESSAGES];
    bool paused;
};

/* Takes what has arrived; waits for it until wake_ms, mono, if there is nothing.  A stop does not
   end the wait while calls are in flight. */
struct inbox_taken inbox_take(struct inbox *inbox, int64_t wake_ms, bool calls_in_flight);

/* Waits ms; false at once when the destination is stopping. */
bool inbox_sleep(struct inbox *inbox, int64_t ms);

void inbox_publish(struct inbox *inbox, const struct delivery_status *status);
void inbox_end(struct inbox *inbox);

#endif
