#include <stdio.h>
#include <string.h>

#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "delivery/destination.h"

#define LONGEST_NAP_MS 60000
#define DUE_AGAIN_MS   100

/* ---- mail ---- */

bool mail_pause(struct destination *d, int64_t ms)
{
    int64_t until = clock_mono() + ms;
    bool stopping;

    pthread_mutex_lock(&d->mail.mutex);
    while (!d->mail.stopping && clock_mono() < until)
        clock_wait(&d->mail.arrived, &d->mail.mutex, until);
    stopping = d->mail.stopping;
    pthread_mutex_unlock(&d->mail.mutex);
    return !stopping;
}

struct letters {
    struct call *answered;
    bool news, retry, revived, stopping;
};

/* Takes what has come; with nothing there, waits for it until wake_ms. */
static struct letters mail_take(struct destination *d, int64_t wake_ms)
{
    struct mail *mail = &d->mail;
    struct letters letters;

    pthread_mutex_lock(&mail->mutex);
    while (mail->answered == NULL && !mail->news && !mail->retry && !mail->revived &&
           !(mail->stopping && d->flying == 0) && clock_mono() < wake_ms)
        clock_wait(&mail->arrived, &mail->mutex, wake_ms);
    letters =
        (struct letters){mail->answered, mail->news, mail->retry, mail->revived, mail->stopping};
    mail->answered = NULL;
    mail->news = mail->retry = mail->revived = false;
    pthread_mutex_unlock(&mail->mutex);
    return letters;
}

static void publish(struct destination *d)
{
    struct delivery_status status = {
        .mood = hold_shown(&d->hold),
        .advice = "",
        .described_ms = d->schema != NULL ? d->schema->described_ms : 0,
        .in_hand = HASH_COUNT(d->in_hand),
        .calls_in_flight = d->flying,
    };

    if (status.mood == DELIVERY_PAUSED) {
        snprintf(status.code, sizeof status.code, "%s", "PAUSED");
        snprintf(status.message, sizeof status.message, "%s", "a person has paused it");
        status.advice = "\"leadline resume\" lets it go on";
    } else if (status.mood == DELIVERY_HOLDING || status.mood == DELIVERY_STOPPED) {
        snprintf(status.code, sizeof status.code, "%s", d->hold.why.code);
        snprintf(status.message, sizeof status.message, "%s", d->hold.why.message);
        status.advice = d->hold.why.advice != NULL ? d->hold.why.advice : "";
        if (d->hold.mood == DELIVERY_HOLDING)
            status.until_ms = clock_wall() + (d->hold.until_ms - clock_mono());
    }
    pthread_mutex_lock(&d->mail.mutex);
    d->mail.status = status;
    pthread_mutex_unlock(&d->mail.mutex);
}

static bool mail_paused(struct destination *d)
{
    bool paused;

    pthread_mutex_lock(&d->mail.mutex);
    paused = d->mail.paused;
    pthread_mutex_unlock(&d->mail.mutex);
    return paused;
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

    if (gather_read(d, &err) == 0)
        return INT64_MAX;
    log_line(LOG_ERROR, "delivery.cannot_read", "destination=%s error=%s", d->settings->name,
             LOG_TEXT(err.text));
    return clock_mono() + STORE_RETRY_MS;
}

/* Does what there is to do; returns when there is more, mono. */
static int64_t work(struct destination *d)
{
    int64_t wake = clock_mono() + LONGEST_NAP_MS, due = gather_due(d);

    if (due <= clock_mono()) {
        d->more = true;
        due = clock_mono() + DUE_AGAIN_MS; /* the store may hold it back for a transaction */
    }
    wake = earlier(wake, due);
    renew_due(d);
    wake = earlier(wake, read_waiting(d));
    dispatch_cut(d);
    dispatch_send(d);
    wake = earlier(wake, dispatch_due(d));
    wake = earlier(wake, renew_at(d));
    if (d->hold.mood == DELIVERY_HOLDING)
        wake = earlier(wake, d->hold.until_ms);
    return wake;
}

static void read_answers(struct destination *d, struct call *answered)
{
    struct call *call, *next;

    DL_FOREACH_SAFE(answered, call, next) {
        DL_DELETE(answered, call);
        answer_call(d, call);
    }
}

static void log_mood(const struct destination *d, enum delivery_mood before)
{
    static const char *const events[] = {"delivery.starting", "delivery.running",
                                         "delivery.holding", "delivery.stopped", "delivery.paused"};
    enum delivery_mood now = hold_shown(&d->hold);
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

    d->began_ms = clock_steady();
    renew_begin(d);
    d->more = true;
    while (gather_intents(d, &err) < 0 || (d->schema != NULL && gather_rekey(d, &err) < 0)) {
        log_line(LOG_ERROR, "delivery.cannot_read", "destination=%s error=%s", d->settings->name,
                 LOG_TEXT(err.text));
        if (!mail_pause(d, STORE_RETRY_MS))
            return;
    }
}

static void forget_refusals(struct destination *d)
{
    tries_done(&d->tries);
    poison_done(&d->poisons);
}

/* What is in hand and not sent still waits in the store. */
static void end(struct destination *d)
{
    struct call *call, *next_call;
    struct group *group, *next_group;
    struct intent *intent, *next_intent;

    DL_FOREACH_SAFE(d->queue, call, next_call) {
        DL_DELETE(d->queue, call);
        call_free(call);
    }
    HASH_CLEAR(hh, d->in_hand);
    HASH_CLEAR(claim_hh, d->claims);
    HASH_ITER(hh, d->groups, group, next_group) {
        HASH_DELETE(hh, d->groups, group);
        group_free(group);
    }
    HASH_ITER(hh, d->intents, intent, next_intent) {
        HASH_DELETE(hh, d->intents, intent);
        mem_free(intent->key);
        mem_free(intent);
    }
    forget_refusals(d);
    schema_unref(d->schema);
    d->schema = NULL;
}

void *scheduler_main(void *destination)
{
    struct destination *d = destination;
    int64_t wake = 0;

    begin(d);
    for (;;) {
        struct letters letters = mail_take(d, wake);
        enum delivery_mood mood = hold_shown(&d->hold);

        d->hold.paused = mail_paused(d);
        read_answers(d, letters.answered);
        if (letters.stopping && d->flying == 0)
            break;
        d->more |= letters.news;
        if (letters.retry) {
            d->api->reset(d->org);
            hold_end(&d->hold);
        }
        if (letters.retry || letters.revived)
            forget_refusals(d);
        wake = letters.stopping ? INT64_MAX : work(d);
        log_mood(d, mood);
        publish(d);
    }
    end(d);
    pthread_mutex_lock(&d->mail.mutex);
    d->mail.ended = true;
    pthread_cond_broadcast(&d->mail.arrived);
    pthread_mutex_unlock(&d->mail.mutex);
    return NULL;
}
