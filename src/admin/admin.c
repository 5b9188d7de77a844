/* The routes of the admin, with their parameters, and who may ask. */
#include "admin/admin.h"

#include <pthread.h>
#include <string.h>

#include "admin/access.h"
#include "admin/figures.h"
#include "admin/metrics.h"
#include "admin/parameters.h"
#include "admin/views.h"
#include "base/clock.h"
#include "base/mem.h"
#include "http/http.h"

#define MAX_BODY        4096 /* no request needs one */
#define MAX_ANSWER      (16 * 1024 * 1024)
#define MAX_LINES       1000
#define MAX_CONNECTIONS 64
#define HEALTH_PATH     "/healthz"

struct admin {
    struct admin_sources sources;
    pthread_mutex_t settings_lock; /* guards sources.settings: a reload changes it */
    struct http_server *server;
    int64_t started_ms;
    bool loopback;
};

/* ---- answering ---- */

static void answer_err(struct http_request *request, const struct err *err)
{
    int status = err->kind == ERR_NOT_FOUND ? 404 : err->kind == ERR_INVALID ? 400 : 503;

    http_answer_error(request, status, err_kind_name(err->kind), err->text);
}

static int append(const char *bytes, size_t len, void *arg)
{
    buf_put(arg, bytes, len);
    return 0;
}

/* Takes ownership of shown; NULL: err says why, or out of memory. */
static void answer_json(struct http_request *request, json_t *shown, struct err *err)
{
    struct buf text;
    int rc;

    buf_init(&text, MAX_ANSWER);
    if (shown == NULL)
        rc = err->kind != ERR_NONE ? -1 : err_memory(err);
    else if (json_dump_callback(shown, append, &text, JSON_COMPACT) < 0)
        rc = err_memory(err);
    else
        rc = buf_check(&text, "the answer", err);
    if (rc == 0)
        http_answer(request, 200, NULL, buf_peek(&text), text.len);
    else
        answer_err(request, err);
    buf_done(&text);
    json_decref(shown);
}

/* ---- the routes ---- */

static void get_status(struct admin *admin, struct http_request *request)
{
    struct err err = {0};

    answer_json(request, view_status(&admin->sources, admin->started_ms, &err), &err);
}

static void get_trace(struct admin *admin, struct http_request *request)
{
    const char *id = http_query(request, "messageId"), *what = http_query(request, "q");
    struct err err = {0};

    if (id != NULL && id[0] != '\0')
        answer_json(request, view_trace(&admin->sources, id, &err), &err);
    else if (what != NULL && what[0] != '\0')
        answer_json(request, view_search(&admin->sources, what, &err), &err);
    else
        http_answer_error(request, 400, "bad_request", "the parameter messageId or q is missing");
}

static void get_dead_letters(struct admin *admin, struct http_request *request)
{
    struct view_dead_letters_query wanted = {0};
    const char *before, *body, *message_id = http_query(request, "messageId");
    const struct parameter names[] = {{"destination", &wanted.destination},
                                      {"code", &wanted.code},
                                      {"before", &before},
                                      {"body", &body}};
    struct err err = {0};

    if (!parameters_read(request, names, sizeof names / sizeof names[0]) ||
        !parameters_count(request, "before", before, 0, INT64_MAX, &wanted.before))
        return;
    wanted.with_event = body != NULL && strcmp(body, "1") == 0;
    if (message_id != NULL)
        answer_json(request, view_dead_letter(admin->sources.store, message_id, &err), &err);
    else if (wanted.destination == NULL)
        http_answer_error(request, 400, "bad_request",
                          "the parameter destination (or messageId) is missing");
    else
        answer_json(request, view_dead_letters(admin->sources.store, &wanted, &err), &err);
}

static bool is_outcome(const char *text)
{
    for (int state = 0; state < STORE_STATES; state++)
        if (strcmp(text, store_state_name((enum store_state)state)) == 0)
            return true;
    return strcmp(text, VIEW_SKIPPED) == 0;
}

static void get_events(struct admin *admin, struct http_request *request)
{
    struct view_events wanted = {0};
    const char *lines_text;
    const struct parameter names[] = {{"after", &wanted.after},
                                      {"source", &wanted.source},
                                      {"destination", &wanted.destination},
                                      {"outcome", &wanted.outcome},
                                      {"lines", &lines_text}};
    int64_t lines = 50;
    struct err err = {0};

    if (!parameters_read(request, names, sizeof names / sizeof names[0]) ||
        !parameters_count(request, "lines", lines_text, 0, MAX_LINES, &lines))
        return;
    wanted.lines = (size_t)lines;
    if (wanted.outcome != NULL && !is_outcome(wanted.outcome))
        http_answer_error(request, 400, "bad_request", "the parameter outcome names none");
    else if (wanted.after != NULL)
        answer_json(request, view_events_since(admin->sources.store, &wanted, &err), &err);
    else
        answer_json(request, view_recent_events(admin->sources.store, &wanted, &err), &err);
}

static void post_to_destination(struct admin *admin, struct http_request *request,
                                int (*act)(struct delivery *delivery, const char *destination,
                                           struct err *err))
{
    const char *destination = http_query(request, "destination");
    struct err err = {0};

    if (destination == NULL)
        http_answer_error(request, 400, "bad_request", "the parameter destination is missing");
    else if (act(admin->sources.delivery, destination, &err) < 0)
        answer_err(request, &err);
    else
        answer_json(request, json_pack("{s:b}", "success", 1), &err);
}

static void post_retry(struct admin *admin, struct http_request *request)
{
    post_to_destination(admin, request, delivery_retry);
}

static void post_pause(struct admin *admin, struct http_request *request)
{
    post_to_destination(admin, request, delivery_pause);
}

static void post_resume(struct admin *admin, struct http_request *request)
{
    post_to_destination(admin, request, delivery_resume);
}

static bool has_destination(struct admin *admin, const char *name)
{
    bool has;

    pthread_mutex_lock(&admin->settings_lock);
    has = settings_destination(admin->sources.settings, name) != NULL;
    pthread_mutex_unlock(&admin->settings_lock);
    return has;
}

/* Whether the store has ever accepted anything for it: discarding needs no settings. */
static bool is_in_store(struct admin *admin, const char *name)
{
    struct store *store = admin->sources.store;
    struct store_counters *counters = NULL;
    struct err err = {0};
    size_t count = 0;
    bool has = false;

    if (store->api->counters(store, &counters, &count, &err) < 0)
        return false;
    for (size_t i = 0; i < count; i++)
        has = has || strcmp(counters[i].destination, name) == 0;
    store_counters_free(counters, count);
    return has;
}

static void act_on_dead_letters(struct admin *admin, struct http_request *request,
                                dead_letters_action *act,
                                bool (*has)(struct admin *admin, const char *name),
                                const char *done)
{
    const char *destination, *code;
    const struct parameter names[] = {{"destination", &destination}, {"code", &code}};
    struct err err = {0};
    int64_t count = 0;

    if (!parameters_read(request, names, sizeof names / sizeof names[0]))
        return;
    if (destination == NULL || !has(admin, destination))
        http_answer_error(request, 400, "bad_request",
                          "the parameter destination is missing or names none");
    else if (dead_letters_act(&admin->sources, act, destination, http_query(request, "messageId"),
                              code, &count, &err) < 0)
        answer_err(request, &err);
    else
        answer_json(request, json_pack("{s:b, s:I}", "success", 1, done, (json_int_t)count), &err);
}

/* Forgets what is held against the records of the destination, so that the retry happens at once.
 */
static void post_redrive(struct admin *admin, struct http_request *request)
{
    const char *destination = http_query(request, "destination");

    if (destination != NULL && has_destination(admin, destination))
        delivery_redrive(admin->sources.delivery, destination);
    act_on_dead_letters(admin, request, writer_redrive, has_destination, "retried");
}

static void post_discard(struct admin *admin, struct http_request *request)
{
    act_on_dead_letters(admin, request, writer_discard, is_in_store, "discarded");
}

static void get_health(struct admin *admin, struct http_request *request)
{
    struct err err = {0};

    if (writer_counts(admin->sources.writer).writable)
        answer_json(request, json_pack("{s:b}", "success", 1), &err);
    else
        http_answer_error(request, 503, "not_writable", "events cannot be stored now");
}

static void get_metrics(struct admin *admin, struct http_request *request)
{
    struct figures figures;
    struct err err = {0};
    struct buf text;

    if (figures_read(&admin->sources, admin->started_ms, &figures, &err) < 0) {
        answer_err(request, &err);
        return;
    }
    buf_init(&text, MAX_ANSWER);
    metrics_print(&figures, &text);
    if (buf_check(&text, "metrics", &err) < 0)
        answer_err(request, &err);
    else
        http_answer(request, 200, "text/plain; version=0.0.4; charset=utf-8", buf_peek(&text),
                    text.len);
    buf_done(&text);
    figures_done(&figures);
}

static const struct {
    const char *method, *path;
    void (*answer)(struct admin *admin, struct http_request *request);
} routes[] = {
    {"GET", "/api/status", get_status},
    {"GET", "/api/trace", get_trace},
    {"GET", "/api/dead-letters", get_dead_letters},
    {"POST", "/api/dead-letters/retry", post_redrive},
    {"POST", "/api/dead-letters/discard", post_discard},
    {"GET", "/api/events", get_events},
    {"POST", "/api/retry", post_retry},
    {"POST", "/api/pause", post_pause},
    {"POST", "/api/resume", post_resume},
    {"GET", HEALTH_PATH, get_health},
    {"GET", "/metrics", get_metrics},
};

/* ---- the handler ---- */

static const struct view_page *page_at(const char *path)
{
    for (const struct view_page *page = view_pages; page->path != NULL; page++)
        if (strcmp(page->path, path) == 0)
            return page;
    return NULL;
}

static void handle(void *arg, struct http_request *request)
{
    struct admin *admin = arg;
    const char *method = http_method(request), *path = http_path(request);
    const struct view_page *page = page_at(path);
    bool known = page != NULL;

    if (!access_is_allowed(request, admin->loopback)) {
        http_answer_error(request, 403, "forbidden", "not from another site");
        return;
    }
    if (page != NULL && strcmp(method, "GET") == 0) {
        http_answer(request, 200, "text/html; charset=utf-8", page->html, strlen(page->html));
        return;
    }
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (strcmp(path, routes[i].path) != 0)
            continue;
        known = true;
        if (strcmp(method, routes[i].method) == 0) {
            routes[i].answer(admin, request);
            return;
        }
    }
    if (known)
        http_answer_error(request, 405, "method_not_allowed", "this path takes another method");
    else
        http_answer_error(request, 404, "not_found", "there is nothing at this path");
}

static void decorate(void *arg, struct http_request *request)
{
    http_header_add(request, "Cache-Control", "no-store");
    http_header_add(request, "X-Content-Type-Options", "nosniff");
    http_header_add(request, "X-Frame-Options", "DENY");
    http_header_add(request, "Content-Security-Policy",
                    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
                    "connect-src 'self'; base-uri 'none'; form-action 'none'");
}

/* ---- life ---- */

struct admin *admin_start(const struct admin_sources *sources, struct err *err)
{
    struct admin *admin = mem_zero(1, sizeof *admin);
    struct http_config config = {
        .listen = sources->settings->admin_listen,
        .max_body = MAX_BODY,
        .oversize_status = 413,
        .max_connections = MAX_CONNECTIONS,
        .health_path = HEALTH_PATH,
        .idle_timeout_ms = 60000,
        .request_timeout_ms = 10000,
        .handler = handle,
        .decorator = decorate,
        .arg = admin,
    };

    if (admin == NULL) {
        err_memory(err);
        return NULL;
    }
    pthread_mutex_init(&admin->settings_lock, NULL);
    admin->sources = *sources;
    admin->sources.settings = settings_ref(sources->settings);
    admin->started_ms = clock_steady();
    admin->loopback = admin_is_loopback(sources->settings);
    admin->server = http_start(&config, err);
    if (admin->server == NULL) {
        err_wrap(err, "admin_listen");
        admin_stop(admin);
        return NULL;
    }
    return admin;
}

void admin_reload(struct admin *admin, struct settings *settings)
{
    struct settings *before;

    pthread_mutex_lock(&admin->settings_lock);
    before = admin->sources.settings;
    admin->sources.settings = settings_ref(settings);
    pthread_mutex_unlock(&admin->settings_lock);
    settings_unref(before);
}

bool admin_is_loopback(const struct settings *settings)
{
    return strncmp(settings->admin_listen, "127.", 4) == 0 ||
           strncmp(settings->admin_listen, "[::1]:", 6) == 0;
}

const char *admin_address(const struct admin *admin)
{
    return http_address(admin->server);
}

void admin_stop(struct admin *admin)
{
    if (admin == NULL)
        return;
    http_stop(admin->server);
    pthread_mutex_destroy(&admin->settings_lock);
    settings_unref(admin->sources.settings);
    mem_free(admin);
}
