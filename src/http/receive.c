/* From the bytes of a connection to a whole request in the hands of its handler, or a refusal. */
#include "http/receive.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "http/body.h"

#define BUSY_RETRY_S "1"

/* ---- from receiving to in hand ---- */

static void take_in_hand(struct http_request *request)
{
    struct http_server *server = request->server;

    connections_move(&server->connections, request->connection, CONNECTION_IN_HAND);
    pthread_mutex_lock(&server->mutex);
    server->in_hand++;
    pthread_mutex_unlock(&server->mutex);
}

static void refuse(struct http_request *request, int status, const char *code, const char *message)
{
    const struct http_config *config = &request->server->config;

    if (config->refused != NULL)
        config->refused(config->arg, status, code);
    take_in_hand(request);
    http_answer_error(request, status, code, message);
}

static void refuse_oversize(struct http_request *request)
{
    const struct http_config *config = &request->server->config;
    char message[96];

    snprintf(message, sizeof message, "the body is larger than %zu bytes, decompressed",
             config->max_body);
    refuse(request, config->oversize_status, "body_too_large", message);
}

static void refuse_busy(struct http_request *request)
{
    http_header_add(request, "Retry-After", BUSY_RETRY_S);
    refuse(request, 429, "too_busy", "too many requests are in hand; send it again later");
}

static bool quiescing(struct http_server *server)
{
    bool answer;

    pthread_mutex_lock(&server->mutex);
    answer = server->quiescing;
    pthread_mutex_unlock(&server->mutex);
    return answer;
}

/* ---- the head ---- */

static const char *pending(const struct connection *connection, size_t *ret_len)
{
    *ret_len = connection->in.len - connection->in_at;
    return buf_peek(&connection->in) + connection->in_at;
}

static void use(struct connection *connection, size_t len)
{
    connection->in_at += len;
    connection->scanned = 0;
}

/* Empty lines before a request mean nothing (RFC 9112, section 2.2). */
static bool has_request_line(struct connection *connection)
{
    size_t len;
    const char *text = pending(connection, &len);
    size_t empty = strspn(text, "\r\n");

    use(connection, empty);
    len -= empty;
    return len >= REQUEST_MAX_HEAD || memchr(text + empty, '\n', len) != NULL;
}

/* Reads the first len bytes received as the head, complete or not. */
static int take_head(struct http_request *request, size_t len)
{
    struct connection *connection = request->connection;
    struct head *head = &request->head;
    size_t all;
    const char *text = pending(connection, &all);

    if (len > REQUEST_MAX_HEAD && memchr(text, '\n', REQUEST_MAX_HEAD) == NULL)
        head_refuse(head, 414, "uri_too_long", "the request line is longer than 16 KiB");
    else if (len > REQUEST_MAX_HEAD)
        head_refuse(head, 431, "headers_too_large", "the headers are larger than 16 KiB");
    buf_put(&request->text, text, len);
    buf_char(&request->text, '\0'); /* so that there are bytes */
    if (buf_failed(&request->text))
        return -1;
    use(connection, len);
    head_read(head, request->text.data, len);
    head_arguments(head->query, &request->arguments);
    if (buf_failed(&request->arguments))
        return -1;
    request->head_read = true;
    request->left = head->framing.length;
    if (request->server->config.decorator != NULL)
        request->server->config.decorator(request->server->config.arg, request);
    return 0;
}

/* As many requests wait for their answer as there may be connections. */
static bool busy(struct http_server *server)
{
    bool answer;

    pthread_mutex_lock(&server->mutex);
    answer = server->in_hand >= (size_t)server->config.max_connections;
    pthread_mutex_unlock(&server->mutex);
    return answer;
}

static bool is_health_check(const struct http_request *request)
{
    const char *path = request->server->config.health_path;

    return path != NULL && strcmp(request->head.path, path) == 0;
}

/* Best effort: a client that does not get it sends its body a moment later. */
static void say_continue(const struct http_request *request)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";

    (void)!send(request->connection->fd, text, sizeof text - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* The head is read.  What is refused here ends the connection: its body is not wanted, and
   where a request with bad framing ends is unknown. */
static void begin(struct http_request *request)
{
    const struct head *head = &request->head;
    const struct framing *framing = &head->framing;
    bool has_body = framing->chunked || framing->length > 0;
    size_t len;

    request->close = true;
    if (head->status != 0)
        refuse(request, head->status, head->code, head->problem);
    else if (busy(request->server) && !is_health_check(request))
        refuse_busy(request);
    else if (framing->announced && framing->length > request->server->config.max_body)
        refuse_oversize(request);
    else
        request->close = !head->keep_alive;
    pending(request->connection, &len);
    if (request->connection->state == CONNECTION_RECEIVING && head->expects && !head->http_1_0 &&
        has_body && len == 0)
        say_continue(request);
}

static int read_head(struct http_request *request)
{
    struct connection *connection = request->connection;
    size_t len;
    const char *text = pending(connection, &len);
    size_t head_len = head_length(text, len, &connection->scanned);

    if (head_len == 0 && len < REQUEST_MAX_HEAD_READ)
        return 0;
    if (take_head(request, head_len > 0 ? head_len : len) < 0)
        return -1;
    begin(request);
    return 0;
}

/* ---- the body ---- */

/* 0 when the body is what the handler may read; else it is refused. */
static int decode(struct http_request *request)
{
    enum framing_encoding encoding = request->head.framing.encoding;
    struct err err = {0};

    if (encoding == ENCODING_UNKNOWN) {
        refuse(request, 415, "unsupported_encoding", "Content-Encoding must be gzip or identity");
        return -1;
    }
    if (buf_check(&request->body, "body", &err) == 0 &&
        body_decode(&request->body, encoding == ENCODING_GZIP, &err) == 0)
        return 0;
    if (err.kind == ERR_FULL)
        refuse_oversize(request);
    else if (err.kind == ERR_INVALID)
        refuse(request, 400, "bad_gzip", err.text);
    else
        refuse(request, 503, "out_of_memory", err.text);
    return -1;
}

/* The last byte has arrived.  A chunked body over the limit was read up to here and dropped. */
static void finish(struct http_request *request)
{
    struct http_server *server = request->server;

    request->whole = true;
    if (quiescing(server)) {
        http_header_add(request, "Retry-After", "5");
        refuse(request, 503, "shutting_down", "the server is shutting down; send it again later");
    } else if (decode(request) == 0) {
        take_in_hand(request);
        server->config.handler(server->config.arg, request);
    }
}

static void read_chunks(struct http_request *request)
{
    size_t len;
    const char *bytes = pending(request->connection, &len);

    use(request->connection, chunked_read(&request->chunked, bytes, len, &request->body));
    if (request->chunked.state == CHUNKED_DONE) {
        finish(request);
    } else if (request->chunked.state == CHUNKED_BAD) {
        request->close = true;
        refuse(request, 400, "bad_framing", "the chunks of the body are not well formed");
    }
}

static void read_body(struct http_request *request)
{
    size_t len;
    const char *bytes = pending(request->connection, &len);

    if (request->head.framing.chunked) {
        read_chunks(request);
        return;
    }
    if (len > request->left)
        len = (size_t)request->left;
    buf_put(&request->body, bytes, len);
    use(request->connection, len);
    request->left -= len;
    if (request->left == 0)
        finish(request);
}

int receive_advance(struct http_server *server, struct connection *connection)
{
    if (connection->state == CONNECTION_IDLE) {
        if (!has_request_line(connection))
            return 0;
        connection->request = request_new(server, connection);
        if (connection->request == NULL)
            return -1;
        connections_move(&server->connections, connection, CONNECTION_RECEIVING);
        connection->received = (int64_t)(connection->in.len - connection->in_at);
    }
    if (connection->state == CONNECTION_RECEIVING && !connection->request->head_read &&
        read_head(connection->request) < 0)
        return -1;
    if (connection->state == CONNECTION_RECEIVING && connection->request->head_read)
        read_body(connection->request);
    return 0;
}

void receive_too_slow(struct http_request *request)
{
    size_t len;

    pending(request->connection, &len);
    if (!request->head_read && take_head(request, len) < 0)
        request->head = (struct head){.method = ""}; /* without what its headers ask for */
    request->close = true;
    refuse(request, 408, "too_slow", "the request took too long to come");
}
