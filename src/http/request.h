/*
 * request: one request on its way through the server.  Inside http only.
 *
 * A connection is idle, then receiving (from the request line on), then in hand (its
 * handler has it), then answering, then idle again.  Or it is draining (refused, what still
 * comes is dropped), or cut.  server.c moves it and keeps its deadline; request.c takes the bytes
 * in and the answer out.
 *
 * Threads: everything belongs to the loop thread, but what a request says of its answer
 *          (suspended, answered, response, status, next), which the server's mutex guards.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <netinet/in.h>
#include <pthread.h>

#include <microhttpd.h>

#include "base/buf.h"
#include "http/framing.h"
#include "http/http.h"

enum connection_state {
    CONNECTION_IDLE,
    CONNECTION_RECEIVING,
    CONNECTION_DRAINING,
    CONNECTION_IN_HAND,
    CONNECTION_ANSWERING,
    CONNECTION_CUT
};

struct connection {
    enum connection_state state;
    int64_t deadline_ms; /* of this state, INT64_MAX: none */
    int fd;
    struct http_request *request; /* NULL while idle */
    char peer[INET6_ADDRSTRLEN];
    struct connection *prev, *next;
};

struct http_request {
    struct http_server *server;
    struct connection *connection;
    struct MHD_Connection *mhd; /* NULL until the headers are read */
    const char *method;
    const char *path;
    struct buf body;
    struct buf headers; /* added ones: name NUL value NUL ... */
    enum framing_encoding encoding;
    bool close; /* say Connection: close */
    bool suspended;
    bool answered;
    struct MHD_Response *response; /* NULL after answered: out of memory, hang up */
    int status;
    struct http_request *next; /* in the server's list of answered ones */
};

struct http_server {
    struct http_config config;
    char address[INET6_ADDRSTRLEN + 16];
    int listen_fd; /* -1 once quiesced */
    int epoll_fd;  /* the library's */
    int wake_fd;
    struct MHD_Daemon *daemon;
    struct connection *connections;
    int64_t next_sweep_ms;
    pthread_t thread;
    pthread_mutex_t mutex;         /* guards what follows */
    struct http_request *answered; /* suspended ones to resume */
    size_t in_hand;
    bool quiescing;
    bool stopping;
};

/* Makes the request of a connection whose request line has come; NULL without memory. */
struct http_request *request_new(struct http_server *server, struct connection *connection);
void request_free(struct http_request *request); /* NULL is allowed */

/* The library's callback, for each part of a request. */
enum MHD_Result request_access(void *arg, struct MHD_Connection *mhd, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *data_len, void **context);

/* 408 straight to the socket of a request that is being received. */
void request_send_too_slow(const struct http_request *request);

/* server.c: the connection is now in that state, with its deadline. */
void server_move(struct http_server *server, struct connection *connection,
                 enum connection_state state);

#endif
