/* A queue for each state, oldest first, and a count for each address. */
#include "http/connections.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <utlist.h>

#include "base/clock.h"

/* ---- addresses ---- */

static struct in6_addr address_of(const struct sockaddr_storage *from)
{
    struct in6_addr address = {0};

    if (from->ss_family == AF_INET6)
        return ((const struct sockaddr_in6 *)from)->sin6_addr;
    address.s6_addr[10] = address.s6_addr[11] = 0xff;
    memcpy(address.s6_addr + 12, &((const struct sockaddr_in *)from)->sin_addr, 4);
    return address;
}

static void name_address(const struct in6_addr *address, char *ret, size_t capacity)
{
    bool mapped = IN6_IS_ADDR_V4MAPPED(address);

    if (inet_ntop(mapped ? AF_INET : AF_INET6, address->s6_addr + (mapped ? 12 : 0), ret,
                  (socklen_t)capacity) == NULL)
        snprintf(ret, capacity, "unknown");
}

static struct peer *find_peer(struct connections *connections, const struct sockaddr_storage *from)
{
    struct in6_addr address = address_of(from);
    struct peer *peer;

    HASH_FIND(hh, connections->peers, &address, sizeof address, peer);
    if (peer != NULL)
        return peer;
    peer = mem_zero(1, sizeof *peer);
    if (peer == NULL)
        return NULL;
    peer->address = address;
    name_address(&address, peer->name, sizeof peer->name);
    HASH_ADD(hh, connections->peers, address, sizeof address, peer);
    if (hash_entered(&peer->hh))
        return peer;
    mem_free(peer);
    return NULL;
}

static void leave_peer(struct connections *connections, struct peer *peer)
{
    if (--peer->count > 0)
        return;
    HASH_DEL(connections->peers, peer);
    mem_free(peer);
}

/* ---- life ---- */

struct connection *connections_open(struct connections *connections, int fd,
                                    const struct sockaddr_storage *from)
{
    struct connection *connection = mem_zero(1, sizeof *connection);
    struct peer *peer = connection == NULL ? NULL : find_peer(connections, from);

    if (peer == NULL) {
        mem_free(connection);
        close(fd);
        return NULL;
    }
    peer->count++;
    connection->peer = peer;
    connection->fd = fd;
    connection->since_ms = clock_mono();
    buf_init(&connection->in, CONNECTION_MAX_INPUT);
    DL_APPEND(connections->queues[CONNECTION_IDLE], connection);
    connections->count++;
    return connection;
}

void connections_move(struct connections *connections, struct connection *connection,
                      enum connection_state state)
{
    DL_DELETE(connections->queues[connection->state], connection);
    connection->state = state;
    connection->since_ms = clock_mono();
    DL_APPEND(connections->queues[state], connection);
}

void connections_close(struct connections *connections, struct connection *connection)
{
    connections_move(connections, connection, CONNECTION_CLOSED);
    connections->count--;
    close(connection->fd);
    buf_done(&connection->in);
    leave_peer(connections, connection->peer);
    connection->peer = NULL;
}

void connections_sweep_closed(struct connections *connections)
{
    struct connection *connection, *next;

    DL_FOREACH_SAFE(connections->queues[CONNECTION_CLOSED], connection, next)
        mem_free(connection);
    connections->queues[CONNECTION_CLOSED] = NULL;
}

/* ---- limits ---- */

static bool peer_beyond(const struct connections *connections, const struct peer *peer, int spare)
{
    return connections->max_per_peer > 0 && peer->count > connections->max_per_peer + spare;
}

bool connections_beyond(const struct connections *connections, const struct connection *one)
{
    return connections->count > connections->max || peer_beyond(connections, one->peer, 0);
}

bool connections_beyond_spare(const struct connections *connections, const struct connection *one)
{
    return peer_beyond(connections, one->peer, CONNECTIONS_SPARE);
}

bool connections_full(const struct connections *connections)
{
    return connections->count >= connections->max + CONNECTIONS_SPARE;
}

/* Which states are closed first.  Not in the table: a request in hand. */
static const struct {
    enum connection_state state;
    int64_t after_ms, unless_faster;
} expendable[] = {
    {CONNECTION_IDLE, 0, INT64_MAX},
    {CONNECTION_DRAINING, CONNECTIONS_GRACE_MS, INT64_MAX},
    {CONNECTION_ANSWERING, CONNECTIONS_GRACE_MS, INT64_MAX},
    {CONNECTION_RECEIVING, CONNECTIONS_GRACE_MS, CONNECTIONS_MIN_RATE},
};

struct connection *connections_expendable(const struct connections *connections,
                                          const struct connection *one)
{
    const struct peer *peer =
        one != NULL && peer_beyond(connections, one->peer, 0) ? one->peer : NULL;
    int64_t now = clock_mono();

    for (size_t i = 0; i < sizeof expendable / sizeof expendable[0]; i++) {
        struct connection *first;
        DL_FOREACH(connections->queues[expendable[i].state], first) {
            int64_t age = now - first->since_ms;
            if (age < expendable[i].after_ms)
                break; /* the rest is even younger */
            if (first != one && (peer == NULL || first->peer == peer) &&
                first->received / (age + 1) < expendable[i].unless_faster)
                return first;
        }
    }
    return NULL;
}

/* ---- deadlines ---- */

static int64_t deadline(const struct connections *connections, int state)
{
    const struct connection *first = connections->queues[state];
    int64_t allowed = connections->allowed_ms[state];

    return first == NULL || allowed == INT64_MAX ? INT64_MAX : first->since_ms + allowed;
}

struct connection *connections_late(const struct connections *connections, int64_t now_ms)
{
    for (int state = 0; state < CONNECTION_CLOSED; state++)
        if (deadline(connections, state) <= now_ms)
            return connections->queues[state];
    return NULL;
}

int64_t connections_next_deadline(const struct connections *connections)
{
    int64_t next = INT64_MAX;

    for (int state = 0; state < CONNECTION_CLOSED; state++)
        if (deadline(connections, state) < next)
            next = deadline(connections, state);
    return next;
}
