/* The loop of a destination: takes messages, does the work that is due, publishes its state. */
#include "delivery/scheduler.h"

#include <stdio.h>

#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "delivery/accumulate.h"
#include "delivery/answers.h"
#include "delivery/call_queue.h"
#include "delivery/dispatch.h"
#include "delivery/due.h"
#include "delivery/renew.h"

#define LONGEST_NAP_MS 60000
#define DUE_AGAIN_MS   100

static void publish(struct destination *d)
{
    struct delivery_status status = {
        .state = hold_state(&d->hold),
        .advice = "",
        .described_ms = d->schema != NULL ? d->schema->described_ms : 0,
        .in_hand = in_hand_count(&d->in_hand),
        .calls_in_flight = d->calls_in_flight,
    };

    if (status.state == DELIVERY_PAUSED) {
        snprintf(status.code, sizeof status.code, "%s", "PAUSED");
        snprintf(status.message, sizeof status.message, "%s", "a person has paused it");
        status.advice = "\"leadline resume\" lets it go on";
    } else if (status.state == DELIVERY_HOLDING || status.state == DELIVERY_STOPPED) {
        snprintf(status.code, sizeof status.code, "%s", d->hold.why.code);
        snprintf(status.message, sizeof status.message, "%s", d->hold.why.message);
        status.advice = d->hold.why.advice != NULL ? d->hold.why.advice : "";
        if (d->hold.state == DELIVERY_HOLDING)
            status.until_ms = clock_wall() + (d->hold.until_ms - clock_mono());
    }
    inbox_publish(&d->inbox, &status);
}

/* ---- one turn of the loop ---- */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Returns when to read again, mono. */
static int64_t read_waiting(struct destination *d)
{
    struct err err;

    if (accumulate_read(d, &err) == 0)
        return INT64_MAX;
    log_line(LOG_ERROR, "delivery.cannot_read", "destination=%s error=%s", d->settings->name,
             LOG_TEXT(err.text));
    return clock_mono() + STORE_RETRY_MS;
}

/* Does what there is to do; returns when there is more, mono. */
static int64_t work(struct destination *d)
{
    int64_t wake = clock_mono() + LONGEST_NAP_MS, due = due_next(d);

    if (due <= clock_mono()) {
        d->more = true;
        due = clock_mono() + DUE_AGAIN_MS; /* the store may hold it back during a transaction */
    }
    wake = earlier(wake, due);
    renew_due(d);
    wake = earlier(wake, read_waiting(d));
    dispatch_cut(d);
    dispatch_send(d);
    wake = earlier(wake, dispatch_due(d));
    wake = earlier(wake, renew_at(d));
    if (d->hold.state == DELIVERY_HOLDING)
        wake = earlier(wake, d->hold.until_ms);
    return wake;
}

static void read_answers(struct destination *d, struct call *answered)
{
    struct call *call, *next;

    DL_FOREACH_SAFE(answered, call, next) {
        DL_DELETE(answered, call);
        answers_take(d, call);
    }
}

static void log_state(const struct destination *d, enum delivery_state before)
{
    static const char *const events[] = {"delivery.starting", "delivery.running",
                                         "delivery.holding", "delivery.stopped", "delivery.paused"};
    enum delivery_state now = hold_state(&d->hold);
    bool has_reason = now == DELIVERY_HOLDING || now == DELIVERY_STOPPED;

    if (now == before)
        return;
    log_line(now == DELIVERY_STOPPED ? LOG_ERROR : LOG_INFO, events[now],
             "destination=%s code=%s advice=%s", d->settings->name,
             has_reason ? d->hold.why.code : "",
             LOG_TEXT(has_reason && d->hold.why.advice != NULL ? d->hold.why.advice : ""));
}

/* ---- beginning and end ---- */

static void begin(struct destination *d)
{
    struct err err;

    renew_begin(d);
    d->more = true;
    while (intents_load(&d->intents, d->store, d->settings->name, &err) < 0 ||
           (d->schema != NULL && renew_intents(d, &err) < 0)) {
        log_line(LOG_ERROR, "delivery.cannot_read", "destination=%s error=%s", d->settings->name,
                 LOG_TEXT(err.text));
        if (!inbox_sleep(&d->inbox, STORE_RETRY_MS))
            return;
    }
}

static void forget_refusals(struct destination *d)
{
    tries_done(&d->tries);
    poison_done(&d->poisons);
}

/* What is in hand and was not sent still waits in the store. */
static void end(struct destination *d)
{
    call_queue_done(d);
    in_hand_done(&d->in_hand);
    alike_done(&d->alikes);
    groups_done(&d->groups);
    intents_done(&d->intents);
    forget_refusals(d);
    schema_unref(d->next_schema);
    schema_unref(d->schema);
    d->next_schema = d->schema = NULL;
}

/* Handles a person's requests: pause, retry, or retry dead letters. */
static void handle_requests(struct destination *d, const struct inbox_taken *taken)
{
    d->hold.paused = taken->paused;
    if (taken->has[INBOX_RETRY]) {
        org_reset(d->org);
        hold_end(&d->hold);
    }
    if (taken->has[INBOX_RETRY] || taken->has[INBOX_REDRIVE])
        forget_refusals(d);
}

void *scheduler_main(void *destination)
{
    struct destination *d = destination;
    int64_t wake = 0;

    begin(d);
    for (;;) {
        struct inbox_taken taken = inbox_take(&d->inbox, wake, d->calls_in_flight > 0);
        enum delivery_state state = hold_state(&d->hold);

        read_answers(d, taken.answered);
        if (taken.has[INBOX_STOP] && d->calls_in_flight == 0)
            break;
        d->more |= taken.has[INBOX_NEWS];
        handle_requests(d, &taken);
        wake = taken.has[INBOX_STOP] ? INT64_MAX : work(d);
        log_state(d, state);
        publish(d);
    }
    end(d);
    inbox_end(&d->inbox);
    return NULL;
}
