/*
 * http_rig: a server that tells what it understood, and how to ask it.
 *
 * /echo answers with the body, /large with much, /later waits in a queue for its answer,
 * /stand holds up the loop; everything else is told method, path, peer, one header and the query.
 */
#ifndef TESTS_HTTP_RIG_H
#define TESTS_HTTP_RIG_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "raw_http.h"

#include "base/buf.h"
#include "base/queue.h"
#include "http/http.h"

#define MAX_BODY 100000

/* ---- what it says of refusals ---- */

#define MAX_TOLD 1000

/* Of those that check_refused has not asked for yet. */
static struct {
    pthread_mutex_t mutex;
    int count;
    struct {
        int status;
        const char *code;
    } list[MAX_TOLD];
} told = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static inline void tell(void *arg, int status, const char *code)
{
    (void)arg;
    pthread_mutex_lock(&told.mutex);
    if (told.count < MAX_TOLD) {
        told.list[told.count].status = status;
        told.list[told.count++].code = code;
    }
    pthread_mutex_unlock(&told.mutex);
}

/* True when it was told; once, as it is then taken out. */
static inline bool was_told(int status, const char *code)
{
    int i = 0;
    bool found;

    pthread_mutex_lock(&told.mutex);
    while (i < told.count &&
           (told.list[i].status != status || strcmp(told.list[i].code, code) != 0))
        i++;
    found = i < told.count;
    if (found)
        told.list[i] = told.list[--told.count];
    pthread_mutex_unlock(&told.mutex);
    return found;
}

/* ---- a server that echoes ---- */

static atomic_int calls;
static struct queue *later; /* requests under /later wait here */
static sem_t standing;      /* a request under /stand holds the loop until this is posted */

static inline void add_query(void *arg, const char *name, const char *value)
{
    buf_format(arg, "%s=%s;", name, value);
}

static inline void handle(void *arg, struct http_request *request)
{
    struct buf out;
    size_t len;
    const char *body = http_body(request, &len);

    (void)arg;
    atomic_fetch_add(&calls, 1);
    if (strcmp(http_path(request), "/later") == 0) {
        CHECK(queue_put(later, request));
        return;
    }
    if (strcmp(http_path(request), "/stand") == 0)
        sem_wait(&standing);
    buf_init(&out, MAX_BODY + 1000);
    if (strcmp(http_path(request), "/echo") == 0) {
        buf_put(&out, body, len);
    } else if (strcmp(http_path(request), "/large") == 0) {
        buf_format(&out, "%*s", MAX_BODY, "");
    } else {
        const char *header = http_header(request, "X-Test");
        buf_format(&out, "%s %s from %s header %s query ", http_method(request), http_path(request),
                   http_peer(request), header == NULL ? "none" : header);
        http_query_each(request, add_query, &out);
        http_header_add(request, "X-Good", "no");
        http_header_add(request, "x-good", "yes"); /* the last one stands, once */
        http_header_add(request, "X-Bad", "a\r\nX-Injected: b");
    }
    if (buf_failed(&out))
        http_answer_error(request, 503, "out_of_memory", "no memory for the answer");
    else
        http_answer(request, 200, "text/plain", buf_peek(&out), out.len);
    buf_done(&out);
}

static inline void decorate(void *arg, struct http_request *request)
{
    const char *origin = http_header(request, "Origin");

    (void)arg;
    if (origin != NULL)
        http_header_add(request, "Access-Control-Allow-Origin", origin);
}

static inline struct http_config usual(void)
{
    return (struct http_config){
        .listen = "127.0.0.1:0",
        .max_body = MAX_BODY,
        .oversize_status = 413,
        .max_connections = 200,
        .health_path = "/health",
        .idle_timeout_ms = 20000,
        .request_timeout_ms = 20000,
        .handler = handle,
        .decorator = decorate,
        .refused = tell,
    };
}

static inline struct http_server *start(struct http_config config)
{
    struct err err = {0};
    struct http_server *server = http_start(&config, &err);

    if (server == NULL)
        fail_msg("%s", err.text);
    atomic_store(&calls, 0);
    told.count = 0;
    return server;
}

/* ---- asking it ---- */

static inline struct answer post(const struct http_server *server, const char *headers,
                                 const void *body, size_t len)
{
    char head[500];
    int fd = dial(http_address(server));
    struct answer answer;

    snprintf(head, sizeof head, "POST /echo HTTP/1.1\r\nHost: x\r\n%sContent-Length: %zu\r\n\r\n",
             headers, len);
    say(fd, head);
    say_n(fd, body, len);
    answer = hear(fd);
    close(fd);
    return answer;
}

/* The answer says so, and whoever counts has been told. */
static inline void check_refused(struct answer *answer, int status, const char *code)
{
    char member[80];

    snprintf(member, sizeof member, "\"code\":\"%s\"", code);
    CHECK_INT(answer->status, status);
    CHECK(strstr(answer->head, "Content-Type: application/json") != NULL);
    CHECK(strncmp(answer->body, "{\"success\":false,\"code\":\"", 25) == 0);
    CHECK(strstr(answer->body, member) != NULL);
    CHECK(strstr(answer->body, "\"message\":\"") != NULL);
    CHECK(was_told(status, code));
    forget(answer);
}

/* Fails when a header stands twice. */
static inline void check_headers_once(const char *head)
{
    for (const char *line = strstr(head, "\r\n"); line != NULL && line[2] != '\r';
         line = strstr(line + 2, "\r\n")) {
        char name[100];
        snprintf(name, sizeof name, "\r\n%.*s:", (int)strcspn(line + 2, ":"), line + 2);
        if (strcasestr(line + 2, name) != NULL)
            fail_msg("twice: %s", name + 2);
    }
}

#endif
