/* Creates and frees a request, and answers its handler's queries. */
#include "http/request.h"

#include <string.h>

#include "base/mem.h"

#define MAX_ADDED_HEADERS 4096

struct http_request *request_new(struct http_server *server, struct connection *connection)
{
    struct http_request *request = mem_zero(1, sizeof *request);

    if (request == NULL)
        return NULL;
    request->server = server;
    request->connection = connection;
    buf_init(&request->text, REQUEST_MAX_HEAD_READ + sizeof server->scratch);
    buf_init(&request->arguments, 4 * REQUEST_MAX_HEAD_READ);
    buf_init(&request->body, server->config.max_body);
    buf_init(&request->headers, MAX_ADDED_HEADERS);
    return request;
}

void request_free(struct http_request *request)
{
    if (request == NULL)
        return;
    buf_done(&request->text);
    buf_done(&request->arguments);
    buf_done(&request->body);
    buf_done(&request->headers);
    buf_done(&request->answer);
    mem_free(request);
}

/* ---- asking ---- */

const char *http_method(const struct http_request *request)
{
    return request->head.method;
}

const char *http_path(const struct http_request *request)
{
    return request->head.path;
}

const char *http_header(const struct http_request *request, const char *name)
{
    return head_field(&request->head, name);
}

const char *http_query(const struct http_request *request, const char *name)
{
    const char *at = buf_peek(&request->arguments), *end = at + request->arguments.len;

    while (at != end) {
        const char *value = at + strlen(at) + 1;
        if (strcmp(at, name) == 0)
            return value;
        at = value + strlen(value) + 1;
    }
    return NULL;
}

void http_query_each(const struct http_request *request,
                     void (*each)(void *arg, const char *name, const char *value), void *arg)
{
    const char *at = buf_peek(&request->arguments), *end = at + request->arguments.len;

    while (at != end) {
        const char *value = at + strlen(at) + 1;
        each(arg, at, value);
        at = value + strlen(value) + 1;
    }
}

const char *http_body(const struct http_request *request, size_t *ret_len)
{
    *ret_len = request->body.len;
    return buf_peek(&request->body);
}

const char *http_peer(const struct http_request *request)
{
    return request->connection->peer->name;
}
