/* Receiving, answering and closing, one event of a connection at a time.  Each connection is armed
   for one event (EPOLLONESHOT), so one that is in hand causes no events. */
#include "http/traffic.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/receive.h"

#define WARN_EVERY_MS 10000

void traffic_close(struct http_server *server, struct connection *connection)
{
    request_free(connection->request);
    connection->request = NULL;
    connections_close(&server->connections, connection);
}

/* Its next event, which comes once. */
static void arm(struct http_server *server, struct connection *connection, uint32_t events)
{
    struct epoll_event event = {.events = events | EPOLLONESHOT, .data.ptr = connection};

    if (epoll_ctl(server->epoll_fd, connection->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD,
                  connection->fd, &event) < 0)
        traffic_close(server, connection);
    else
        connection->registered = true;
}

void traffic_warn(struct http_server *server, const char *event, const char *advice)
{
    int64_t now = clock_mono();

    if (now < server->next_warning_ms)
        return;
    server->next_warning_ms = now + WARN_EVERY_MS;
    log_line(LOG_WARN, event, "listen=%s connections=%d advice=\"%s\"", server->address,
             server->connections.count, advice);
}

void traffic_keep_limits(struct http_server *server, const struct connection *one)
{
    struct connections *connections = &server->connections;
    struct connection *other;

    while (connections_beyond(connections, one) &&
           (other = connections_expendable(connections, one)) != NULL) {
        traffic_warn(server, "http.full", "the connections idle longest are closed to make room");
        traffic_close(server, other);
    }
}

/* Processes what has arrived, and waits for more where needed. */
static void advance(struct http_server *server, struct connection *connection)
{
    if (connections_beyond(&server->connections, connection))
        traffic_keep_limits(server, connection);
    if (receive_advance(server, connection) < 0)
        traffic_close(server, connection);
    else if (connection->state == CONNECTION_IN_HAND)
        return;
    else if (connection->ended)
        traffic_close(server, connection); /* in the middle of a request, or before one */
    else
        arm(server, connection, EPOLLIN);
}

/* Drops what has been used and moves the rest to the front. */
static void compact(struct connection *connection)
{
    struct buf *in = &connection->in;
    size_t left = in->len - connection->in_at;

    if (left == 0 && connection->state == CONNECTION_IDLE) {
        buf_done(in); /* an idle connection holds no memory */
    } else if (connection->in_at > 0) {
        memmove(in->data, in->data + connection->in_at, left + 1);
        in->len = left;
    }
    connection->in_at = 0;
}

void traffic_receive(struct http_server *server, struct connection *connection)
{
    ssize_t len = recv(connection->fd, server->scratch, sizeof server->scratch, 0);

    if (len < 0 && errno != EAGAIN && errno != EINTR) {
        traffic_close(server, connection);
        return;
    }
    connection->ended |= len == 0;
    if (connection->state == CONNECTION_DRAINING) {
        if (connection->ended)
            traffic_close(server, connection);
        else
            arm(server, connection, EPOLLIN);
        return;
    }
    compact(connection);
    if (len > 0) {
        buf_put(&connection->in, server->scratch, (size_t)len);
        connection->received += len;
    }
    if (buf_failed(&connection->in))
        traffic_close(server, connection);
    else
        advance(server, connection);
}

/* The client reads the answer to its end, then sees that no more will come.  Closing at once while
   it is still sending would lose the answer. */
static void drain(struct http_server *server, struct connection *connection)
{
    buf_done(&connection->in);
    connection->in_at = 0;
    if (connection->ended || shutdown(connection->fd, SHUT_WR) < 0) {
        traffic_close(server, connection);
        return;
    }
    connections_move(&server->connections, connection, CONNECTION_DRAINING);
    arm(server, connection, EPOLLIN);
}

static void end_answer(struct http_server *server, struct connection *connection)
{
    bool keep = !connection->request->close;

    request_free(connection->request);
    connection->request = NULL;
    if (!keep) {
        drain(server, connection);
        return;
    }
    connections_move(&server->connections, connection, CONNECTION_IDLE);
    compact(connection);
    advance(server, connection);
}

void traffic_send(struct http_server *server, struct connection *connection)
{
    struct http_request *request = connection->request;
    const struct buf *answer = &request->answer;

    if (answer->len > 0 && request->sent == answer->len) {
        end_answer(server, connection); /* its turn has come */
        return;
    }
    while (request->sent < answer->len) {
        ssize_t sent = send(connection->fd, answer->data + request->sent,
                            answer->len - request->sent, MSG_NOSIGNAL);
        if (sent >= 0) {
            request->sent += (size_t)sent;
        } else if (errno == EAGAIN) {
            arm(server, connection, EPOLLOUT);
            return;
        } else if (errno != EINTR) {
            break;
        }
    }
    if (answer->len == 0 || request->sent < answer->len)
        traffic_close(server, connection); /* the client left, or out of memory */
    else if (connection->in_at < connection->in.len && !request->close)
        /* A client that sends request after request takes turns with the others: there is room to
           send, so that is an event at once. */
        arm(server, connection, EPOLLOUT);
    else
        end_answer(server, connection);
}

void traffic_on_event(struct http_server *server, struct connection *connection)
{
    switch (connection->state) {
    case CONNECTION_IDLE:
    case CONNECTION_RECEIVING:
    case CONNECTION_DRAINING:
        traffic_receive(server, connection);
        break;
    case CONNECTION_ANSWERING:
        traffic_send(server, connection);
        break;
    case CONNECTION_IN_HAND: /* not armed */
    case CONNECTION_CLOSED:  /* earlier in this turn */
        break;
    }
}
