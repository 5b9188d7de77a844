/* The loop: accepts connections, handles timeouts, and passes each event to its connection. */
#include "http/loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "http/listener.h"
#include "http/receive.h"
#include "http/traffic.h"

#define EVENTS_A_TURN  256
#define ACCEPTS_A_TURN 64
#define MAX_WAIT_MS    60000
#define CLOSED_WAIT_MS 20 /* while nothing is accepted: check again for a free connection */
#define STOP_WAIT_MS   10
#define STOP_FLUSH_MS  2000

/* ---- accepting ---- */

/* Most have sent their request by now, and are then not the one idle longest. */
static void let_in(struct http_server *server, int fd, const struct sockaddr_storage *from)
{
    struct connection *connection = connections_open(&server->connections, fd, from);

    if (connection == NULL)
        return;
    if (connections_beyond_spare(&server->connections, connection))
        traffic_keep_limits(server, connection);
    if (connections_beyond_spare(&server->connections, connection))
        traffic_close(server, connection);
    else
        traffic_receive(server, connection);
}

/* True when one was closed, or there is capacity anyway. */
static bool make_way(struct http_server *server)
{
    struct connection *first;

    if (!connections_full(&server->connections))
        return true;
    first = connections_expendable(&server->connections, NULL);
    if (first == NULL)
        return false;
    traffic_close(server, first);
    return true;
}

static void out_of_files(struct http_server *server)
{
    struct connection *first = connections_expendable(&server->connections, NULL);

    traffic_warn(
        server, "http.no_files",
        "no more files may be open: raise LimitNOFILE (ulimit -n) or lower max_connections");
    if (first != NULL)
        traffic_close(server, first);
    else
        server->accept_again_ms = clock_mono() + CLOSED_WAIT_MS;
}

static void accept_newcomers(struct http_server *server)
{
    struct sockaddr_storage from;
    int fd;

    if (!make_way(server))
        return;
    for (int i = 0; i < ACCEPTS_A_TURN && !connections_full(&server->connections); i++) {
        switch (listener_accept(server->listen_fd, &fd, &from)) {
        case ACCEPT_GOOD:
            let_in(server, fd, &from);
            break;
        case ACCEPT_GONE:
            break;
        case ACCEPT_NONE:
            return;
        case ACCEPT_NO_FILES:
            out_of_files(server);
            return;
        }
    }
}

/* While even the spare connections have requests in hand, new ones wait in the kernel's queue. */
static void watch_listener(struct http_server *server)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &server->listen_fd};
    struct connections *connections = &server->connections;
    bool wanted =
        server->listen_fd >= 0 && clock_mono() >= server->accept_again_ms &&
        (!connections_full(connections) || connections_expendable(connections, NULL) != NULL);

    if (wanted == server->listening)
        return;
    if (epoll_ctl(server->epoll_fd, wanted ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, server->listen_fd,
                  &event) == 0)
        server->listening = wanted;
}

/* ---- the loop ---- */

static void close_listener(struct http_server *server)
{
    bool quiescing;

    pthread_mutex_lock(&server->mutex);
    quiescing = server->quiescing;
    pthread_mutex_unlock(&server->mutex);
    if (!quiescing || server->listen_fd < 0)
        return;
    close(server->listen_fd);
    server->listen_fd = -1;
    server->listening = false;
}

static void send_answers(struct http_server *server)
{
    struct http_request *request;

    pthread_mutex_lock(&server->mutex);
    request = server->answered;
    server->answered = NULL;
    pthread_mutex_unlock(&server->mutex);
    while (request != NULL) {
        struct http_request *next = request->next;
        connections_move(&server->connections, request->connection, CONNECTION_ANSWERING);
        traffic_send(server, request->connection);
        request = next;
    }
}

static void cut_late(struct http_server *server)
{
    int64_t now = clock_mono();
    struct connection *connection;

    while ((connection = connections_late(&server->connections, now)) != NULL) {
        if (connection->state == CONNECTION_RECEIVING)
            receive_too_slow(connection->request);
        else
            traffic_close(server, connection);
    }
}

/* True when the loop may end.  *flush_until is set when the last answer is given. */
static bool may_end(struct http_server *server, int64_t *flush_until)
{
    bool all_answered;

    pthread_mutex_lock(&server->mutex);
    all_answered = server->stopping && server->in_hand == 0 && server->answered == NULL;
    pthread_mutex_unlock(&server->mutex);
    if (!all_answered)
        return false;
    if (*flush_until == 0)
        *flush_until = clock_mono() + STOP_FLUSH_MS;
    return server->connections.queues[CONNECTION_ANSWERING] == NULL || clock_mono() >= *flush_until;
}

static int wait_ms(const struct http_server *server, bool flushing)
{
    int64_t next = connections_next_deadline(&server->connections), ms = MAX_WAIT_MS;

    if (next != INT64_MAX && next - clock_mono() < ms)
        ms = next - clock_mono();
    if (server->listen_fd >= 0 && !server->listening && ms > CLOSED_WAIT_MS)
        ms = CLOSED_WAIT_MS;
    if (flushing && ms > STOP_WAIT_MS)
        ms = STOP_WAIT_MS;
    return ms < 0 ? 0 : (int)ms;
}

static void take_turn(struct http_server *server, int timeout_ms)
{
    struct epoll_event events[EVENTS_A_TURN];
    int count = epoll_wait(server->epoll_fd, events, EVENTS_A_TURN, timeout_ms);
    eventfd_t wakes;

    for (int i = 0; i < count; i++) {
        void *what = events[i].data.ptr;
        if (what == &server->wake_fd)
            eventfd_read(server->wake_fd, &wakes);
        else if (what == &server->listen_fd)
            accept_newcomers(server);
        else
            traffic_on_event(server, what);
    }
    /* There is more to do than fits into one turn: new connections do not wait for all of it. */
    if (count == EVENTS_A_TURN && server->listening)
        accept_newcomers(server);
}

void *loop_run(void *arg)
{
    struct http_server *server = arg;
    int64_t flush_until = 0;

    for (;;) {
        close_listener(server);
        send_answers(server);
        cut_late(server);
        connections_sweep_closed(&server->connections);
        if (may_end(server, &flush_until))
            return NULL;
        watch_listener(server);
        take_turn(server, wait_ms(server, flush_until != 0));
    }
}
