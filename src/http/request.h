/*
 * request: one request on its way through the server.  Inside http only.
 *
 * loop.c handles timeouts and traffic.c moves bytes; receive.c parses them until the handler has
 * the whole request, which request.c holds; answer.c formats the answer.
 *
 * Threads: everything belongs to the loop thread.  A request in hand belongs to its handler's
 *          owner until http_answer puts it into the server's list of answered ones, which the
 *          mutex guards.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <netinet/in.h>
#include <pthread.h>

#include "base/buf.h"
#include "http/chunked.h"
#include "http/connections.h"
#include "http/head.h"
#include "http/http.h"

#define REQUEST_MAX_HEAD ((size_t)16 * 1024)
/* A head that is too large is still read up to here, for its Origin, before it is refused. */
#define REQUEST_MAX_HEAD_READ ((size_t)64 * 1024)

struct http_request {
    struct http_server *server;
    struct connection *connection;
    struct buf text; /* of the head */
    struct head head;
    bool head_read;
    bool whole; /* its last byte has arrived */
    uint64_t left;
    struct chunked chunked;
    struct buf arguments; /* of the query: name NUL value NUL ... */
    struct buf body;
    struct buf headers; /* added ones: name NUL value NUL ... */
    bool close;         /* end the connection after the answer */
    struct buf answer;  /* its bytes; failed: out of memory, close the connection */
    size_t sent;
    struct http_request *next; /* in the server's list of answered ones */
};

struct http_server {
    struct http_config config;
    char address[INET6_ADDRSTRLEN + 16];
    int listen_fd; /* -1 once quiesced */
    int epoll_fd;
    int wake_fd;
    bool listening; /* listen_fd is in the epoll */
    int64_t accept_again_ms;
    int64_t next_warning_ms;
    struct connections connections;
    char scratch[64 * 1024]; /* for recv */
    pthread_t thread;
    pthread_mutex_t mutex;         /* guards what follows */
    struct http_request *answered; /* to be sent */
    size_t in_hand;
    bool quiescing;
    bool stopping;
};

/* NULL: out of memory. */
MUST_USE struct http_request *request_new(struct http_server *server,
                                          struct connection *connection);
void request_free(struct http_request *request); /* NULL is allowed */

#endif
