/*
 * http: the HTTP/1.1 server that the tracking API and the admin share.
 *
 * A server calls one handler with each whole request: body read, chunked or not,
 * inflated when it was gzip, all within the limits.  The handler answers at once or
 * later, from any thread, exactly once with http_answer.  It sees a HEAD as GET; the answer is then
 * sent without the body.
 *
 * Invalid requests never reach the handler; they are answered here, as JSON
 * {"success":false,"code","message","error"}: a malformed or ambiguous head (400, 505: head.h), one
 * over 16 KiB (431; 414 when the first line alone is), a body over the limit (see oversize_status;
 * one announced as too large is refused at once, and dropped as it arrives), bad gzip (400), an
 * unknown Content-Encoding (415), too slow (408, and the connection is cut), as many requests in
 * hand as there may be connections (429), a server that stops (503).
 *
 * Threads:  one loop thread a server.  The handler runs on it and must not block.
 * Memory:   a request and all text read from it live until http_answer.  An idle connection
 *           holds nothing but its entry; a receiving one, its head and body.
 * Limits:   16 KiB of head; 4 KiB of added headers.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct http_server;
struct http_request;

typedef void http_handler(void *arg, struct http_request *request);

/* Adds the headers that every answer of this server has in addition (CORS), with http_header_add.
   Also for answers made here.  On the loop thread, before the handler. */
typedef void http_decorator(void *arg, struct http_request *request);

/* Called for each request that is refused here, to count it; code is a static text.  On the loop
   thread. */
typedef void http_refusal(void *arg, int status, const char *code);

struct http_config {
    const char *listen;         /* "127.0.0.1:8080", "[::1]:0"; port 0 = a free one */
    size_t max_body;            /* bytes, before and after decompression */
    int oversize_status;        /* 413, or 400 where clients drop on 400 only */
    int max_connections;        /* plus a few spare ones: connections.h */
    int max_connections_per_ip; /* 0 = no such limit */
    const char *health_path;    /* answered on those as well; NULL: none */
    int64_t idle_timeout_ms;    /* to the end of the next request line */
    int64_t request_timeout_ms; /* from there to the last byte of the request; and for the client to
                                   read the answer */
    http_handler *handler;
    http_decorator *decorator; /* NULL: none */
    http_refusal *refused;     /* NULL: not counted */
    void *arg;
};

/* Binds, listens and starts the loop thread. */
MUST_USE struct http_server *http_start(const struct http_config *config, struct err *err);

/* "127.0.0.1:43211": where it listens.  Owned by the server. */
const char *http_address(const struct http_server *server);

/* No new connections, and 503 for new requests on the old ones; requests in hand are still
   answered. */
void http_quiesce(struct http_server *server);

/* Quiesces, waits until every request in hand is answered and (2 s at most) the answers are sent,
   ends the thread, frees.  NULL is allowed. */
void http_stop(struct http_server *server);

const char *http_method(const struct http_request *request); /* GET for HEAD too */
const char *http_path(const struct http_request *request);   /* decoded, without the query */
/* NULL when absent; "" when present without a value.  Host is the target's, if it names one. */
const char *http_header(const struct http_request *request, const char *name);
const char *http_query(const struct http_request *request, const char *name); /* decoded */
void http_query_each(const struct http_request *request,
                     void (*each)(void *arg, const char *name, const char *value), void *arg);
const char *http_body(const struct http_request *request, size_t *ret_len); /* ends in a NUL */
const char *http_peer(const struct http_request *request);                  /* "127.0.0.1" */

/* Before http_answer; both are copied.  Not for Content-Type and Content-Length.  A value with
   control characters in it is left out; of one name the last value counts. */
void http_header_add(struct http_request *request, const char *name, const char *value);

/* Answers, and ends the caller's use of the request; body is copied.  content_type NULL:
   application/json. */
void http_answer(struct http_request *request, int status, const char *content_type,
                 const void *body, size_t len);

/* {"success":false,"code":code,"message":message,"error":message} with that status. */
void http_answer_error(struct http_request *request, int status, const char *code,
                       const char *message);

#endif
