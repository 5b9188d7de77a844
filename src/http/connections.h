/*
 * connections: the open connections, their states and deadlines, and which one to close when full.
 *
 * Each state is a queue in the order of entering it, so the first of a queue is the one that
 * has been in that state longest: its deadline is the next, and it is the first to be closed.  One
 * function moves a connection between them.
 *
 * Limits:  max connections, of which max_per_peer from one address, and for both a few spare
 *          ones, so that health checks are answered and others are refused while max requests are
 *          in hand.  The connection idle longest is closed; if none is idle, one that has kept us
 *          waiting for CONNECTIONS_GRACE_MS: draining, not reading its answer, or sending slower
 *          than CONNECTIONS_MIN_RATE, as no honest client does.  A request in hand is never
 *          dropped.
 * Threads: all belong to the loop thread.
 * Memory:  a closed connection stays until connections_sweep_closed, as events of the same turn may
 *          still refer to it.
 */
#ifndef HTTP_CONNECTIONS_H
#define HTTP_CONNECTIONS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/hash.h"

#define CONNECTIONS_SPARE    16
#define CONNECTIONS_GRACE_MS 100
#define CONNECTIONS_MIN_RATE 10                   /* bytes a millisecond */
#define CONNECTION_MAX_INPUT ((size_t)128 * 1024) /* received and not used yet */

struct http_request;

enum connection_state {
    CONNECTION_IDLE,      /* up to the end of the next request line */
    CONNECTION_RECEIVING, /* from there to the last byte of the request */
    CONNECTION_IN_HAND,   /* until there is an answer */
    CONNECTION_ANSWERING, /* until the client has read it */
    CONNECTION_DRAINING,  /* answered before its end: what still arrives is dropped */
    CONNECTION_CLOSED
};
#define CONNECTION_STATES (CONNECTION_CLOSED + 1)

/* An address and how many connections it has. */
struct peer {
    struct in6_addr address; /* version 4 mapped */
    char name[INET6_ADDRSTRLEN];
    int count;
    UT_hash_handle hh;
};

struct connection {
    enum connection_state state; /* names the queue it is in */
    int64_t since_ms;
    int fd;
    bool registered; /* with the epoll */
    bool ended;      /* the client will send no more */
    struct peer *peer;
    struct buf in;                /* received and not used yet, */
    size_t in_at;                 /* from here on */
    size_t scanned;               /* for head_length */
    int64_t received;             /* bytes of this request, while receiving */
    struct http_request *request; /* NULL while idle, draining, closed */
    struct connection *prev, *next;
};

struct connections {
    struct connection *queues[CONNECTION_STATES];
    struct peer *peers;
    int count; /* of those that are not closed */
    int max, max_per_peer;
    int64_t allowed_ms[CONNECTION_STATES]; /* INT64_MAX: no deadline */
};

/* A new idle connection, which owns fd; NULL without memory, and fd is closed. */
struct connection *connections_open(struct connections *connections, int fd,
                                    const struct sockaddr_storage *from);

/* Into that state, from now on. */
void connections_move(struct connections *connections, struct connection *connection,
                      enum connection_state state);

/* Closes it; its request is freed before, by the caller.  Not one in hand. */
void connections_close(struct connections *connections, struct connection *connection);

/* True when it exceeds a limit, the total or that of its address; or the spare ones of its address
   too. */
bool connections_beyond(const struct connections *connections, const struct connection *one);
bool connections_beyond_spare(const struct connections *connections, const struct connection *one);

/* True when not even a spare connection is left. */
bool connections_full(const struct connections *connections);

/* The one to close next: so that one is within its limits, or (NULL) the first of all.  NULL: none
   may be closed now. */
struct connection *connections_expendable(const struct connections *connections,
                                          const struct connection *one);

/* The first one that is past its deadline at now_ms; NULL: none. */
struct connection *connections_late(const struct connections *connections, int64_t now_ms);

/* When the next will be late; INT64_MAX: never. */
int64_t connections_next_deadline(const struct connections *connections);

/* Frees the closed ones. */
void connections_sweep_closed(struct connections *connections);

#endif
