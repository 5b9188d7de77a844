#include "http/request.h"

#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "base/json_text.h"
#include "base/mem.h"
#include "http/body.h"
#include "http/framing.h"

#define MAX_ADDED_HEADERS 4096
#define MAX_ERROR_BODY    4096
#define OVERSIZE_CODE     "body_too_large"

struct http_request *request_new(struct http_server *server, struct connection *connection)
{
    struct http_request *request = mem_zero(1, sizeof *request);

    if (request == NULL)
        return NULL;
    request->server = server;
    request->connection = connection;
    buf_init(&request->body, server->config.max_body);
    buf_init(&request->headers, MAX_ADDED_HEADERS);
    return request;
}

void request_free(struct http_request *request)
{
    if (request == NULL)
        return;
    if (request->response != NULL)
        MHD_destroy_response(request->response);
    buf_done(&request->body);
    buf_done(&request->headers);
    mem_free(request);
}

/* ---- errors ---- */

static void put_error(struct buf *body, const char *code, const char *message)
{
    buf_text(body, "{\"success\":false");
    json_text_key(body, "code");
    json_text_string(body, code, strlen(code));
    json_text_key(body, "message");
    json_text_string(body, message, strlen(message));
    json_text_key(body, "error");
    json_text_string(body, message, strlen(message));
    buf_char(body, '}');
}

/* An error straight to the socket, past the library, which takes an answer only before the
   body and after it.  Nothing of another answer is on its way while a request comes in. */
static void send_now(const struct http_request *request, int status, const char *code,
                     const char *message)
{
    const char *name = buf_peek(&request->headers), *end = name + request->headers.len;
    struct buf text, body;

    buf_init(&body, MAX_ERROR_BODY);
    buf_init(&text, MAX_ERROR_BODY + 2 * MAX_ADDED_HEADERS);
    put_error(&body, code, message);
    buf_format(&text, "HTTP/1.1 %d %s\r\nConnection: close\r\n", status,
               MHD_get_reason_phrase_for((unsigned)status));
    while (name != end) {
        const char *value = name + strlen(name) + 1;
        buf_format(&text, "%s: %s\r\n", name, value);
        name = value + strlen(value) + 1;
    }
    buf_format(&text, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n", body.len);
    buf_put(&text, buf_peek(&body), body.len);
    (void)!send(request->connection->fd, buf_peek(&text), text.len, MSG_DONTWAIT | MSG_NOSIGNAL);
    buf_done(&text);
    buf_done(&body);
}

void request_send_too_slow(const struct http_request *request)
{
    send_now(request, MHD_HTTP_REQUEST_TIMEOUT, "too_slow", "the request took too long to come");
}

void http_answer_error(struct http_request *request, int status, const char *code,
                       const char *message)
{
    struct buf body;

    buf_init(&body, MAX_ERROR_BODY);
    put_error(&body, code, message);
    http_answer(request, status, NULL, buf_peek(&body), body.len);
    buf_done(&body);
}

/* ---- coming in ---- */

static void oversize_message(const struct http_request *request, char *ret, size_t room)
{
    snprintf(ret, room, "the body is larger than %zu bytes, decompressed",
             request->server->config.max_body);
}

static void refuse_oversize(struct http_request *request)
{
    char message[96];

    oversize_message(request, message, sizeof message);
    http_answer_error(request, request->server->config.oversize_status, OVERSIZE_CODE, message);
}

/* Told at once, and the body, which most clients send all the same, is read to its end and
   dropped: closing on them would look like a broken connection, and they would try again.
   One that waits for our word before it sends takes the usual way. */
static void refuse_announced_oversize(struct http_request *request)
{
    char message[96];

    if (http_header(request, MHD_HTTP_HEADER_EXPECT) != NULL) {
        request->close = true;
        refuse_oversize(request);
        return;
    }
    oversize_message(request, message, sizeof message);
    send_now(request, request->server->config.oversize_status, OVERSIZE_CODE, message);
    server_move(request->server, request->connection, CONNECTION_DRAINING);
}

static bool quiescing(struct http_server *server)
{
    bool answer;

    pthread_mutex_lock(&server->mutex);
    answer = server->quiescing;
    pthread_mutex_unlock(&server->mutex);
    return answer;
}

/* The headers are there.  Where a request with bad framing ends is anybody's guess, so its
   connection is closed. */
static void begin(struct http_request *request)
{
    const struct http_config *config = &request->server->config;
    struct framing framing = framing_read(request->mhd);

    if (config->decorator != NULL)
        config->decorator(config->arg, request);
    request->encoding = framing.encoding;
    if (framing.problem != NULL) {
        request->close = true;
        http_answer_error(request, MHD_HTTP_BAD_REQUEST, "bad_framing", framing.problem);
    } else if (framing.announced && framing.length > config->max_body) {
        refuse_announced_oversize(request);
    }
}

static void hand_over(struct http_request *request)
{
    struct http_server *server = request->server;

    server_move(server, request->connection, CONNECTION_IN_HAND);
    pthread_mutex_lock(&server->mutex);
    server->in_hand++;
    pthread_mutex_unlock(&server->mutex);
    server->config.handler(server->config.arg, request);
}

/* 0 when the body is what the handler may read; else it is answered. */
static int decode(struct http_request *request)
{
    struct err err = {0};

    if (request->encoding == ENCODING_UNKNOWN) {
        http_answer_error(request, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "unsupported_encoding",
                          "Content-Encoding must be gzip or identity");
        return -1;
    }
    if (buf_check(&request->body, "body", &err) == 0 &&
        body_decode(&request->body, request->encoding == ENCODING_GZIP, &err) == 0)
        return 0;
    if (err.kind == ERR_FULL)
        refuse_oversize(request);
    else if (err.kind == ERR_INVALID)
        http_answer_error(request, MHD_HTTP_BAD_REQUEST, "bad_gzip", err.text);
    else
        http_answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE, "out_of_memory", err.text);
    return -1;
}

/* The last byte is there.  A chunked body past the bound was let run to here, dropped. */
static void finish(struct http_request *request)
{
    if (quiescing(request->server)) {
        http_header_add(request, MHD_HTTP_HEADER_RETRY_AFTER, "5");
        http_answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE, "shutting_down",
                          "the server is shutting down; send it again later");
    } else if (decode(request) == 0) {
        hand_over(request);
    }
}

/* Gives the answer to the library, or suspends the connection until there is one. */
static enum MHD_Result settle(struct http_request *request)
{
    struct http_server *server = request->server;
    bool answered;

    pthread_mutex_lock(&server->mutex);
    answered = request->answered;
    if (!answered) {
        request->suspended = true;
        MHD_suspend_connection(request->mhd);
    }
    pthread_mutex_unlock(&server->mutex);
    if (!answered)
        return MHD_YES;
    if (request->response == NULL)
        return MHD_NO;
    server_move(server, request->connection, CONNECTION_ANSWERING);
    return MHD_queue_response(request->mhd, (unsigned)request->status, request->response);
}

enum MHD_Result request_access(void *arg, struct MHD_Connection *mhd, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *data_len, void **context)
{
    struct http_request *request = *context;

    if (request == NULL)
        return MHD_NO;
    if (request->mhd == NULL) {
        request->mhd = mhd;
        request->method = method;
        request->path = url;
        begin(request);
        return request->answered ? settle(request) : MHD_YES;
    }
    if (*data_len > 0) {
        if (request->connection->state == CONNECTION_RECEIVING)
            buf_put(&request->body, data, *data_len);
        *data_len = 0;
        return MHD_YES;
    }
    if (request->connection->state == CONNECTION_DRAINING)
        return MHD_NO; /* answered long ago: close */
    if (request->connection->state == CONNECTION_RECEIVING)
        finish(request);
    return settle(request);
}

/* ---- asking ---- */

const char *http_method(const struct http_request *request)
{
    return request->method;
}

const char *http_path(const struct http_request *request)
{
    return request->path;
}

static const char *look_up(const struct http_request *request, enum MHD_ValueKind kind,
                           const char *name)
{
    const char *value = NULL;

    if (MHD_lookup_connection_value_n(request->mhd, kind, name, strlen(name), &value, NULL) !=
        MHD_YES)
        return NULL;
    return value == NULL ? "" : value;
}

const char *http_header(const struct http_request *request, const char *name)
{
    return look_up(request, MHD_HEADER_KIND, name);
}

const char *http_query(const struct http_request *request, const char *name)
{
    return look_up(request, MHD_GET_ARGUMENT_KIND, name);
}

struct each_query {
    void (*each)(void *arg, const char *name, const char *value);
    void *arg;
};

static enum MHD_Result pass_on(void *arg, enum MHD_ValueKind kind, const char *name,
                               const char *value)
{
    const struct each_query *to = arg;

    to->each(to->arg, name, value == NULL ? "" : value);
    return MHD_YES;
}

void http_query_each(const struct http_request *request,
                     void (*each)(void *arg, const char *name, const char *value), void *arg)
{
    struct each_query to = {each, arg};

    MHD_get_connection_values(request->mhd, MHD_GET_ARGUMENT_KIND, pass_on, &to);
}

const char *http_body(const struct http_request *request, size_t *ret_len)
{
    *ret_len = request->body.len;
    return buf_peek(&request->body);
}

const char *http_peer(const struct http_request *request)
{
    return request->connection->peer;
}

/* ---- answering ---- */

void http_header_add(struct http_request *request, const char *name, const char *value)
{
    for (const char *c = value; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return;
    buf_put(&request->headers, name, strlen(name) + 1);
    buf_put(&request->headers, value, strlen(value) + 1);
}

/* NULL without memory: an answer with half of its headers would mislead. */
static struct MHD_Response *make_response(const struct http_request *request,
                                          const char *content_type, const void *body, size_t len)
{
    const char *name = buf_peek(&request->headers), *end = name + request->headers.len;
    struct MHD_Response *response;
    bool good;

    if (buf_failed(&request->headers))
        return NULL;
    response = MHD_create_response_from_buffer(len, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
    if (response == NULL)
        return NULL;
    good = MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type) == MHD_YES;
    if (request->close || quiescing(request->server))
        good &= MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES;
    while (name != end) {
        const char *value = name + strlen(name) + 1;
        good &= MHD_add_response_header(response, name, value) == MHD_YES;
        name = value + strlen(value) + 1;
    }
    if (!good) {
        MHD_destroy_response(response);
        return NULL;
    }
    return response;
}

void http_answer(struct http_request *request, int status, const char *content_type,
                 const void *body, size_t len)
{
    struct http_server *server = request->server;

    request->response =
        make_response(request, content_type == NULL ? "application/json" : content_type, body, len);
    pthread_mutex_lock(&server->mutex);
    request->status = status;
    request->answered = true;
    if (request->connection->state == CONNECTION_IN_HAND)
        server->in_hand--;
    if (request->suspended) {
        if (server->answered == NULL)
            eventfd_write(server->wake_fd, 1);
        request->next = server->answered;
        server->answered = request;
    }
    /* From here on the request belongs to the loop, and the server may be gone. */
    pthread_mutex_unlock(&server->mutex);
}
