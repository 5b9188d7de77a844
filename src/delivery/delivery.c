/* The destinations of the settings: started, notified, reloaded, stopped. */
#include "delivery/delivery.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "delivery/destination.h"
#include "delivery/scheduler.h"
#include "delivery/worker.h"

#define CLIENT_NAME      "Leadline/" LEADLINE_VERSION
#define MAX_ANSWER_BYTES ((size_t)64 * 1024 * 1024)
#define RELOAD_GRACE_MS  30000

struct delivery {
    pthread_mutex_t mutex; /* guards the list: reload changes it */
    struct settings *settings;
    struct store *store;
    struct writer *writer;
    const struct org_backend *backend;
    struct destination **list;
    size_t count;
};

/* ---- one destination ---- */

static struct org *open_org(const struct org_backend *backend,
                            const struct destination_settings *to, struct err *err)
{
    struct org_config config = {
        .login_url = to->login_url,
        .username = to->account_email,
        .password = to->account_password,
        .security_token = to->security_token,
        .client_name = CLIENT_NAME,
        .call_timeout_ms = to->call_timeout_ms,
        .renew_every_ms = to->renew_every_ms,
        .max_answer_bytes = MAX_ANSWER_BYTES,
        .backend = backend,
    };
    return org_new(&config, err);
}

static void destination_free(struct destination *d)
{
    if (d == NULL)
        return;
    org_free(d->org);
    queue_free(d->ready);
    inbox_done(&d->inbox);
    mem_free(d->workers);
    mem_free(d->schema_dir);
    settings_unref(d->settings_owner);
    mem_free(d);
}

/* What a person paused in an earlier run, or before its settings changed, stays paused. */
static int read_paused(struct destination *d, struct err *err)
{
    struct store_counters *list = NULL;
    size_t count = 0;

    if (d->store->api->counters(d->store, &list, &count, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].destination, d->settings->name) == 0)
            inbox_set_paused(&d->inbox, list[i].paused_ms > 0);
    store_counters_free(list, count);
    return 0;
}

static struct destination *destination_new(const struct delivery *delivery,
                                           const struct destination_settings *to, struct err *err)
{
    struct destination *d = mem_zero(1, sizeof *d);

    if (d == NULL) {
        err_memory(err);
        return NULL;
    }
    d->began_ms = clock_steady();
    if (inbox_init(&d->inbox, err) < 0) {
        mem_free(d);
        return NULL;
    }
    d->settings = to;
    d->settings_owner = settings_ref(delivery->settings);
    atomic_init(&d->keep_known_ms, delivery->settings->keep_known_ms);
    d->store = delivery->store;
    d->writer = delivery->writer;
    d->worker_count = to->max_concurrent_calls;
    d->poisons.window_ms = to->refused_window_ms;
    hold_init(&d->hold, to->max_concurrent_calls);
    d->schema_dir = settings_schema_dir(delivery->settings, to);
    d->workers = mem_zero((size_t)d->worker_count, sizeof *d->workers);
    if (d->schema_dir == NULL || d->workers == NULL) {
        err_memory(err);
        goto fail;
    }
    d->ready = queue_new((size_t)d->worker_count, err);
    if (d->ready == NULL || (d->org = open_org(delivery->backend, to, err)) == NULL ||
        read_paused(d, err) < 0)
        goto fail;
    return d;
fail:
    destination_free(d);
    return NULL;
}

static void stop_workers(struct destination *d, int started)
{
    queue_close(d->ready);
    for (int i = 0; i < started; i++)
        pthread_join(d->workers[i], NULL);
}

static struct destination *destination_start(const struct delivery *delivery,
                                             const struct destination_settings *to, struct err *err)
{
    struct destination *d = destination_new(delivery, to, err);
    int started = 0;

    if (d == NULL)
        return NULL;
    while (started < d->worker_count &&
           pthread_create(&d->workers[started], NULL, worker_main, d) == 0)
        started++;
    if (started < d->worker_count || pthread_create(&d->scheduler, NULL, scheduler_main, d) != 0) {
        stop_workers(d, started);
        destination_free(d);
        err_set(err, ERR_SYSTEM, "destination %s: cannot start its threads", to->name);
        return NULL;
    }
    log_line(LOG_INFO, "delivery.started", "destination=%s version=%d", to->name, to->version);
    return d;
}

/* Asks all of them first, so that they stop in parallel. */
static void destinations_stop(struct destination **list, size_t count, int64_t grace_ms)
{
    int64_t deadline = clock_mono() + grace_ms;

    for (size_t i = 0; i < count; i++)
        inbox_post(&list[i]->inbox, INBOX_STOP);
    for (size_t i = 0; i < count; i++) {
        struct destination *d = list[i];
        if (!inbox_await_end(&d->inbox, deadline))
            org_interrupt(d->org);
        pthread_join(d->scheduler, NULL);
        stop_workers(d, d->worker_count);
        log_line(LOG_INFO, "delivery.ended", "destination=%s", d->settings->name);
        destination_free(d);
    }
}

/* ---- all of them ---- */

static struct destination *find(const struct delivery *delivery, const char *name)
{
    for (size_t i = 0; i < delivery->count; i++)
        if (strcmp(delivery->list[i]->settings->name, name) == 0)
            return delivery->list[i];
    return NULL;
}

static void start_missing(struct delivery *delivery)
{
    const struct settings *settings = delivery->settings;

    for (size_t i = 0; i < settings->destination_count; i++) {
        const struct destination_settings *to = &settings->destinations[i];
        struct destination *d;
        struct err err;
        if (!to->enabled || find(delivery, to->name) != NULL)
            continue;
        if ((d = destination_start(delivery, to, &err)) != NULL)
            delivery->list[delivery->count++] = d;
        else
            log_line(LOG_ERROR, "delivery.not_started", "destination=%s error=%s", to->name,
                     LOG_TEXT(err.text));
    }
}

struct delivery *delivery_start(struct settings *settings, struct store *store,
                                struct writer *writer, const struct org_backend *backend,
                                struct err *err)
{
    struct delivery *delivery = mem_zero(1, sizeof *delivery);

    if (delivery == NULL ||
        (delivery->list = mem_zero(settings->destination_count, sizeof *delivery->list)) == NULL ||
        pthread_mutex_init(&delivery->mutex, NULL) != 0) {
        if (delivery != NULL)
            mem_free(delivery->list);
        mem_free(delivery);
        err_memory(err);
        return NULL;
    }
    delivery->settings = settings_ref(settings);
    delivery->store = store;
    delivery->writer = writer;
    delivery->backend = backend;
    start_missing(delivery);
    return delivery;
}

void delivery_wake(struct delivery *delivery)
{
    pthread_mutex_lock(&delivery->mutex);
    for (size_t i = 0; i < delivery->count; i++)
        inbox_post(&delivery->list[i]->inbox, INBOX_NEWS);
    pthread_mutex_unlock(&delivery->mutex);
}

/* Removes from the list those that settings change or no longer contain. */
static size_t take_changed(struct delivery *delivery, const struct settings *settings,
                           struct destination **ret)
{
    size_t kept = 0, changed = 0;

    for (size_t i = 0; i < delivery->count; i++) {
        struct destination *d = delivery->list[i];
        const struct destination_settings *to = settings_destination(settings, d->settings->name);
        if (to != NULL && to->enabled && settings_destination_equal(to, d->settings)) {
            atomic_store(&d->keep_known_ms, settings->keep_known_ms);
            delivery->list[kept++] = d;
        } else {
            ret[changed++] = d;
        }
    }
    delivery->count = kept;
    return changed;
}

void delivery_reload(struct delivery *delivery, struct settings *settings)
{
    struct destination **changed = mem_zero(delivery->count, sizeof *changed), **list;
    size_t changed_count;

    list = mem_zero(settings->destination_count + delivery->count, sizeof *list);
    if (changed == NULL || list == NULL) {
        log_line(LOG_ERROR, "delivery.not_reloaded", "error=\"out of memory\"");
        mem_free(changed);
        mem_free(list);
        return;
    }
    pthread_mutex_lock(&delivery->mutex);
    changed_count = take_changed(delivery, settings, changed);
    memcpy(list, delivery->list, delivery->count * sizeof *list);
    mem_free(delivery->list);
    delivery->list = list;
    pthread_mutex_unlock(&delivery->mutex);

    /* Without the lock: the store thread that wakes us must not wait for a call to end. */
    destinations_stop(changed, changed_count, RELOAD_GRACE_MS);

    pthread_mutex_lock(&delivery->mutex);
    settings_unref(delivery->settings);
    delivery->settings = settings_ref(settings);
    start_missing(delivery);
    pthread_mutex_unlock(&delivery->mutex);
    mem_free(changed);
}

int delivery_retry(struct delivery *delivery, const char *destination, struct err *err)
{
    struct destination *d;

    pthread_mutex_lock(&delivery->mutex);
    d = find(delivery, destination);
    if (d != NULL)
        inbox_post(&d->inbox, INBOX_RETRY);
    pthread_mutex_unlock(&delivery->mutex);
    if (d == NULL)
        return err_set(err, ERR_NOT_FOUND, "no destination \"%s\" runs", destination);
    return 0;
}

static bool runs(struct delivery *delivery, const char *destination)
{
    bool found;

    pthread_mutex_lock(&delivery->mutex);
    found = find(delivery, destination) != NULL;
    pthread_mutex_unlock(&delivery->mutex);
    return found;
}

/* The store first, so that the pause survives a restart; without the lock, which the store thread
   takes to wake us.  A destination that starts in between reads the store. */
static int set_paused(struct delivery *delivery, const char *destination, bool paused,
                      struct err *err)
{
    struct destination *d;

    if (!runs(delivery, destination))
        return err_set(err, ERR_NOT_FOUND, "no destination \"%s\" runs", destination);
    if (writer_pause(delivery->writer, destination, paused ? clock_wall() : 0, err) < 0)
        return -1;
    pthread_mutex_lock(&delivery->mutex);
    d = find(delivery, destination);
    if (d != NULL) {
        inbox_set_paused(&d->inbox, paused);
        inbox_post(&d->inbox, paused ? INBOX_NEWS : INBOX_RETRY);
    }
    pthread_mutex_unlock(&delivery->mutex);
    return 0;
}

int delivery_pause(struct delivery *delivery, const char *destination, struct err *err)
{
    return set_paused(delivery, destination, true, err);
}

int delivery_resume(struct delivery *delivery, const char *destination, struct err *err)
{
    return set_paused(delivery, destination, false, err);
}

void delivery_redrive(struct delivery *delivery, const char *destination)
{
    struct destination *d;

    pthread_mutex_lock(&delivery->mutex);
    d = find(delivery, destination);
    if (d != NULL) /* else it is not delivered to, and nothing is held against any key */
        inbox_post(&d->inbox, INBOX_REDRIVE);
    pthread_mutex_unlock(&delivery->mutex);
}

void delivery_stop(struct delivery *delivery, int64_t grace_ms)
{
    struct destination **list;
    size_t count;

    if (delivery == NULL)
        return;
    pthread_mutex_lock(&delivery->mutex);
    list = delivery->list;
    count = delivery->count;
    delivery->list = NULL;
    delivery->count = 0; /* from here on a wake has no effect */
    pthread_mutex_unlock(&delivery->mutex);
    destinations_stop(list, count, grace_ms);
    mem_free(list);
    pthread_mutex_destroy(&delivery->mutex);
    settings_unref(delivery->settings);
    mem_free(delivery);
}

int delivery_status(struct delivery *delivery, struct delivery_status **ret, size_t *ret_count,
                    struct err *err)
{
    struct delivery_status *list;
    size_t count;

    pthread_mutex_lock(&delivery->mutex);
    count = delivery->count;
    list = mem_zero(count, sizeof *list);
    for (size_t i = 0; list != NULL && i < count; i++) {
        struct destination *d = delivery->list[i];
        list[i] = inbox_status(&d->inbox);
        list[i].destination = mem_text(d->settings->name);
        org_read_counts(d->org, &list[i].org);
        if (list[i].destination == NULL) {
            delivery_status_free(list, i);
            list = NULL;
        }
    }
    pthread_mutex_unlock(&delivery->mutex);
    if (list == NULL)
        return err_memory(err);
    *ret = list;
    *ret_count = count;
    return 0;
}

void delivery_status_free(struct delivery_status *list, size_t count)
{
    for (size_t i = 0; list != NULL && i < count; i++)
        mem_free(list[i].destination);
    mem_free(list);
}
