/* From an HTTP request to the store and back to its answer. */
#include "ingest/ingest.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "ingest/admit.h"
#include "ingest/answer.h"
#include "ingest/dead_letters.h"
#include "ingest/query.h"
#include "ingest/refusals.h"
#include "ingest/routes.h"

#define IDLE_TIMEOUT_MS    60000
#define REQUEST_TIMEOUT_MS 30000
#define RETRY_AFTER_S      2 /* when too many requests wait: a few commits */
#define FULL_RETRY_S       60
#define STORE_RETRY_S      10
#define WARN_EVERY_MS      10000

struct ingest {
    struct http_server *http;
    struct writer *writer;
    struct limits *limits; /* used by the HTTP server's thread */
    struct refusals *refusals;
    struct dead_letters dead;  /* used by the store thread */
    pthread_mutex_t mutex;     /* guards what follows */
    struct settings *settings; /* for new requests */
    struct ingest_counts counts;
    struct log_pace overload;
};

/* One request from its handler to its answer. */
struct pending {
    struct ingest *ingest;
    struct http_request *request;
    enum answer_form form;
    const char *callback;
    struct accepted accepted;
};

/* ---- counting and answering ---- */

static void add_counts(struct ingest *ingest, const struct ingest_counts *more)
{
    struct ingest_counts *counts = &ingest->counts;

    pthread_mutex_lock(&ingest->mutex);
    counts->requests += more->requests;
    counts->refused += more->refused;
    counts->messages += more->messages;
    counts->accepted += more->accepted;
    counts->duplicates += more->duplicates;
    counts->skipped += more->skipped;
    counts->bad += more->bad;
    pthread_mutex_unlock(&ingest->mutex);
}

static void refuse_request(struct ingest *ingest, struct http_request *request,
                           enum answer_form form, const struct refusal *why)
{
    const struct ingest_counts one = {.refused = 1};
    char seconds[16];

    add_counts(ingest, &one);
    refusals_add(ingest->refusals, why->status, why->code, why->source);
    if (why->retry_after_s > 0) {
        snprintf(seconds, sizeof seconds, "%d", why->retry_after_s);
        http_header_add(request, "Retry-After", seconds);
    }
    answer_refusal(request, form, why->status, why->code, why->message);
}

static void free_pending(struct pending *pending)
{
    accepted_done(&pending->accepted);
    mem_free(pending);
}

static void describe_overload(struct refusal *refusal, enum writer_full full)
{
    static const char *const messages[] = {
        [WRITER_NOT_FULL] = "too many requests wait to be stored",
        [WRITER_QUEUE_FULL] = "too many events wait to be delivered",
        [WRITER_STORE_FULL] = "the store has the size that it may have",
        [WRITER_DISK_FULL] = "the disk is full",
    };
    const char *name = writer_full_name(full);

    refuse(refusal, 429, name != NULL ? name : "too_busy", "%s; send it again later",
           messages[full]);
    refusal->retry_after_s = full == WRITER_NOT_FULL ? RETRY_AFTER_S : FULL_RETRY_S;
}

/* Too many requests wait already.  Logged once in a while, with the count. */
static void refuse_for_now(struct pending *pending)
{
    struct ingest *ingest = pending->ingest;
    struct refusal busy;
    int64_t overloads;

    pthread_mutex_lock(&ingest->mutex);
    overloads = log_pace_take(&ingest->overload, 1, WARN_EVERY_MS);
    pthread_mutex_unlock(&ingest->mutex);
    if (overloads > 0)
        log_line(LOG_WARN, "ingest.overload", "refused=%" PRId64, overloads);
    describe_overload(&busy, writer_full(ingest->writer));
    refuse_request(ingest, pending->request, pending->form, &busy);
    free_pending(pending);
}

static void count_accepted(struct ingest *ingest, const struct accepted *accepted)
{
    struct ingest_counts counts = {
        .messages = (int64_t)accepted->intake.count,
        .skipped = accepted->unwanted,
        .bad = accepted->bad,
    };

    for (size_t i = 0; i < accepted->event_count; i++)
        counts.duplicates += accepted->events[i].ret_duplicate;
    counts.accepted = (int64_t)accepted->event_count - counts.duplicates;
    add_counts(ingest, &counts);
}

/* On the store thread, after the commit; where nothing is to be stored, on the loop's. */
static void stored(void *arg, const struct err *err)
{
    struct pending *pending = arg;
    struct refusal refusal;

    if (err == NULL) {
        count_accepted(pending->ingest, &pending->accepted);
        if (pending->accepted.event_count > 0)
            dead_letters_log(&pending->ingest->dead, pending->accepted.events,
                             pending->accepted.event_count);
        answer_success(pending->request, pending->form, pending->callback);
    } else {
        refuse(&refusal, 503, "store_unavailable",
               "events cannot be stored at the moment; send it again later");
        refusal.retry_after_s = STORE_RETRY_S;
        refuse_request(pending->ingest, pending->request, pending->form, &refusal);
    }
    free_pending(pending);
}

/* ---- messages ---- */

static struct settings *current_settings(struct ingest *ingest)
{
    struct settings *settings;

    pthread_mutex_lock(&ingest->mutex);
    settings = settings_ref(ingest->settings);
    pthread_mutex_unlock(&ingest->mutex);
    return settings;
}

/* The request is answered together with its pending. */
static void take_in(struct ingest *ingest, struct http_request *request,
                    struct submission *submission, enum answer_form form)
{
    struct pending *pending = mem_zero(1, sizeof *pending);
    struct settings *settings = current_settings(ingest);
    struct refusal refusal;
    char address[LIMITS_ADDRESS];
    int rc;

    client_address(http_peer(request), http_header(request, "X-Forwarded-For"),
                   settings->trusted_proxies, address);
    submission->limits = ingest->limits;
    submission->address = address[0] != '\0' ? address : NULL;
    submission->authorization = http_header(request, "Authorization");
    submission->query_key = http_query(request, "writeKey");
    submission->received_ms = clock_steady();
    if (pending == NULL)
        rc = refuse(&refusal, 503, "out_of_memory", "out of memory; send it again later");
    else
        rc = admit(submission, settings, &pending->accepted, &refusal);
    settings_unref(settings);
    if (rc < 0) {
        refuse_request(ingest, request, form, &refusal);
        mem_free(pending);
        return;
    }
    pending->ingest = ingest;
    pending->request = request;
    pending->form = form;
    pending->callback = http_query(request, "callback");
    if (pending->accepted.event_count + pending->accepted.skip_count == 0)
        stored(pending, NULL); /* an empty batch */
    else if (!writer_append(ingest->writer, pending->accepted.events, pending->accepted.event_count,
                            pending->accepted.skips, pending->accepted.skip_count, stored, pending))
        refuse_for_now(pending);
}

static void take_body(struct ingest *ingest, struct http_request *request,
                      const struct route *route)
{
    struct submission submission = {
        .type = route->type,
        .must_be_batch = route->action == ROUTE_BATCH,
    };

    submission.body = http_body(request, &submission.len);
    take_in(ingest, request, &submission, ANSWER_JSON);
}

static void take_query(struct ingest *ingest, struct http_request *request,
                       const struct route *route, enum answer_form form)
{
    struct submission submission = {.type = route->type};
    struct refusal refusal;
    struct err err = {0};
    struct query *query = query_new(&err);
    struct buf message;

    buf_init(&message, INTAKE_MAX_BODY);
    if (query != NULL) {
        http_query_each(request, query_add, query);
        if (query_message(query, &message, &err) == 0) {
            submission.body = buf_peek(&message);
            submission.len = message.len;
        }
    }
    if (submission.body != NULL) {
        take_in(ingest, request, &submission, form);
    } else {
        refuse(&refusal, err.kind == ERR_MEMORY ? 503 : 400, "invalid_query", "%s", err.text);
        refuse_request(ingest, request, form, &refusal);
    }
    buf_done(&message);
    query_free(query);
}

/* With a callback the answer is a script; one that is not a plain name is refused. */
static void take_jsonp(struct ingest *ingest, struct http_request *request,
                       const struct route *route)
{
    const char *callback = http_query(request, "callback");
    struct refusal refusal;

    if (callback != NULL && !answer_callback_valid(callback)) {
        refuse(&refusal, 400, "bad_callback", "callback must be a plain JavaScript name");
        refuse_request(ingest, request, ANSWER_JSON, &refusal);
        return;
    }
    take_query(ingest, request, route, callback == NULL ? ANSWER_JSON : ANSWER_SCRIPT);
}

/* ---- everything else ---- */

static void refuse_with(struct ingest *ingest, struct http_request *request, int status,
                        const char *code, const char *message)
{
    struct refusal refusal;

    refuse(&refusal, status, code, "%s", message);
    refuse_request(ingest, request, ANSWER_JSON, &refusal);
}

static void refuse_settings(struct ingest *ingest, struct http_request *request,
                            const struct err *err)
{
    if (err->kind == ERR_INVALID)
        refuse_with(ingest, request, 400, "bad_host", err->text);
    else
        refuse_with(ingest, request, 503, "out_of_memory", "out of memory; ask again later");
}

static void answer_settings(struct ingest *ingest, struct http_request *request,
                            const struct route *route)
{
    struct settings *settings = current_settings(ingest);
    char *key = mem_text_n(route->key, route->key_len);
    const struct source_settings *source = key == NULL ? NULL : settings_source(settings, key);
    struct err err = {0};

    if (key != NULL && (source == NULL || !source->enabled))
        refuse_with(ingest, request, 404, "unknown_write_key", "no source has this write key");
    else if (key == NULL || answer_sdk_settings(request, key, settings->public_host, &err) < 0)
        refuse_settings(ingest, request, &err);
    mem_free(key);
    settings_unref(settings);
}

static void answer_health(struct ingest *ingest, struct http_request *request)
{
    if (writer_counts(ingest->writer).writable)
        answer_success(request, ANSWER_JSON, NULL);
    else
        refuse_with(ingest, request, 503, "not_writable", "events cannot be stored now");
}

/* The http_handler. */
static void on_request(void *arg, struct http_request *request)
{
    static const struct ingest_counts one = {.requests = 1};
    struct ingest *ingest = arg;
    struct route route = route_find(http_method(request), http_path(request));

    add_counts(ingest, &one);
    switch (route.action) {
    case ROUTE_MESSAGE:
    case ROUTE_BATCH:
        take_body(ingest, request, &route);
        break;
    case ROUTE_PIXEL:
        take_query(ingest, request, &route, ANSWER_IMAGE);
        break;
    case ROUTE_JSONP:
        take_jsonp(ingest, request, &route);
        break;
    case ROUTE_SETTINGS:
        answer_settings(ingest, request, &route);
        break;
    case ROUTE_HEALTH:
        answer_health(ingest, request);
        break;
    case ROUTE_PREFLIGHT:
        answer_preflight(request);
        break;
    case ROUTE_DROP:
        answer_success(request, ANSWER_JSON, NULL);
        break;
    case ROUTE_NONE:
        refuse_with(ingest, request, 404, "not_found", "there is nothing at this path");
    }
}

/* The http_refusal: requests that never reached the handler. */
static void on_refused(void *arg, int status, const char *code)
{
    static const struct ingest_counts one = {.requests = 1, .refused = 1};
    struct ingest *ingest = arg;

    add_counts(ingest, &one);
    refusals_add(ingest->refusals, status, code, NULL);
}

/* ---- starting and stopping ---- */

/* With a proxy on the same machine every connection has the same address. */
static int most_per_ip(const struct settings *settings)
{
    if (strncmp(settings->listen, "127.", 4) == 0 || strncmp(settings->listen, "[::1]", 5) == 0 ||
        strncmp(settings->listen, "localhost", 9) == 0)
        return 0;
    return (settings->max_connections + 1) / 2;
}

struct ingest *ingest_start(struct settings *settings, struct writer *writer, struct err *err)
{
    const struct http_config config = {
        .listen = settings->listen,
        .max_body = INTAKE_MAX_BODY,
        .oversize_status = 400, /* Swift's SDK drops a batch on 400 only */
        .max_connections = settings->max_connections,
        .max_connections_per_ip = most_per_ip(settings),
        .health_path = ROUTES_HEALTH_PATH,
        .idle_timeout_ms = IDLE_TIMEOUT_MS,
        .request_timeout_ms = REQUEST_TIMEOUT_MS,
        .handler = on_request,
        .decorator = answer_cors,
        .refused = on_refused,
        .arg = mem_zero(1, sizeof(struct ingest)),
    };
    struct ingest *ingest = config.arg;

    if (ingest == NULL) {
        err_memory(err);
        return NULL;
    }
    pthread_mutex_init(&ingest->mutex, NULL);
    ingest->writer = writer;
    ingest->settings = settings_ref(settings);
    ingest->limits = limits_new(err);
    ingest->refusals = refusals_new(err);
    if (ingest->limits == NULL || ingest->refusals == NULL) {
        ingest_stop(ingest);
        return NULL;
    }
    ingest->http = http_start(&config, err);
    if (ingest->http == NULL) {
        err_wrap(err, "tracking API");
        ingest_stop(ingest);
        return NULL;
    }
    return ingest;
}

const char *ingest_address(const struct ingest *ingest)
{
    return http_address(ingest->http);
}

void ingest_reload(struct ingest *ingest, struct settings *settings)
{
    struct settings *old;

    pthread_mutex_lock(&ingest->mutex);
    old = ingest->settings;
    ingest->settings = settings_ref(settings);
    pthread_mutex_unlock(&ingest->mutex);
    settings_unref(old);
}

void ingest_stop(struct ingest *ingest)
{
    if (ingest == NULL)
        return;
    http_stop(ingest->http); /* waits for what the store has in hand */
    settings_unref(ingest->settings);
    limits_free(ingest->limits);
    refusals_free(ingest->refusals);
    pthread_mutex_destroy(&ingest->mutex);
    mem_free(ingest);
}

struct ingest_counts ingest_counts(struct ingest *ingest)
{
    struct ingest_counts counts;

    pthread_mutex_lock(&ingest->mutex);
    counts = ingest->counts;
    pthread_mutex_unlock(&ingest->mutex);
    return counts;
}

size_t ingest_refusals(struct ingest *ingest, struct refusal_count ret[REFUSALS_REASONS])
{
    return refusals_read(ingest->refusals, ret);
}
