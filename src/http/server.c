/* The loop: moves bytes, keeps the time, lets in and closes.  Each connection is armed for
   one event at a time (EPOLLONESHOT), so one that is in hand makes no noise. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "http/listener.h"
#include "http/receive.h"

#define EVENTS_A_TURN  256
#define ACCEPTS_A_TURN 64
#define MAX_WAIT_MS    60000
#define CLOSED_WAIT_MS 20 /* while nobody is let in: there may be room again */
#define STOP_WAIT_MS   10
#define STOP_FLUSH_MS  2000
#define WARN_EVERY_MS  10000

/* ---- one connection ---- */

static void close_connection(struct http_server *server, struct connection *connection)
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
        close_connection(server, connection);
    else
        connection->registered = true;
}

static void warn_full(struct http_server *server, const char *event, const char *advice)
{
    int64_t now = clock_mono();

    if (now < server->next_warning_ms)
        return;
    server->next_warning_ms = now + WARN_EVERY_MS;
    log_line(LOG_WARN, event, "listen=%s connections=%d advice=\"%s\"", server->address,
             server->connections.count, advice);
}

static void make_room(struct http_server *server, const struct connection *one)
{
    struct connections *connections = &server->connections;
    struct connection *other;

    while (connections_beyond(connections, one) &&
           (other = connections_expendable(connections, one)) != NULL) {
        warn_full(server, "http.full", "the connections idle longest are closed to make room");
        close_connection(server, other);
    }
}

/* Uses what has come, and waits for more where more is needed. */
static void advance(struct http_server *server, struct connection *connection)
{
    if (connections_beyond(&server->connections, connection))
        make_room(server, connection);
    if (receive_advance(server, connection) < 0)
        close_connection(server, connection);
    else if (connection->state == CONNECTION_IN_HAND)
        return;
    else if (connection->ended)
        close_connection(server, connection); /* in the middle of a request, or before one */
    else
        arm(server, connection, EPOLLIN);
}

/* What is used goes; what is not moves to the front. */
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

static void receive(struct http_server *server, struct connection *connection)
{
    ssize_t len = recv(connection->fd, server->scratch, sizeof server->scratch, 0);

    if (len < 0 && errno != EAGAIN && errno != EINTR) {
        close_connection(server, connection);
        return;
    }
    connection->ended |= len == 0;
    if (connection->state == CONNECTION_DRAINING) {
        if (connection->ended)
            close_connection(server, connection);
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
        close_connection(server, connection);
    else
        advance(server, connection);
}

/* The client reads on to the end of the answer, then sees that no more will come.  Closing at
   once while it still sends would make it lose the answer. */
static void drain(struct http_server *server, struct connection *connection)
{
    buf_done(&connection->in);
    connection->in_at = 0;
    if (connection->ended || shutdown(connection->fd, SHUT_WR) < 0) {
        close_connection(server, connection);
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

static void send_answer(struct http_server *server, struct connection *connection)
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
        close_connection(server, connection); /* the client left, or there was no memory */
    else if (connection->in_at < connection->in.len && !request->close)
        /* Who sends request after request takes turns with the others: there is room to send,
           so that is an event at once. */
        arm(server, connection, EPOLLOUT);
    else
        end_answer(server, connection);
}

static void on_event(struct http_server *server, struct connection *connection)
{
    switch (connection->state) {
    case CONNECTION_IDLE:
    case CONNECTION_RECEIVING:
    case CONNECTION_DRAINING:
        receive(server, connection);
        break;
    case CONNECTION_ANSWERING:
        send_answer(server, connection);
        break;
    case CONNECTION_IN_HAND: /* not armed */
    case CONNECTION_CLOSED:  /* earlier in this turn */
        break;
    }
}

/* ---- newcomers ---- */

/* Most have sent their request by now: who asks for something is not the one idle longest. */
static void let_in(struct http_server *server, int fd, const struct sockaddr_storage *from)
{
    struct connection *connection = connections_open(&server->connections, fd, from);

    if (connection == NULL)
        return;
    if (connections_beyond_spare(&server->connections, connection))
        make_room(server, connection);
    if (connections_beyond_spare(&server->connections, connection))
        close_connection(server, connection);
    else
        receive(server, connection);
}

/* True when one is closed, or there is room without that. */
static bool room_for_one(struct http_server *server)
{
    struct connection *first;

    if (!connections_full(&server->connections))
        return true;
    first = connections_expendable(&server->connections, NULL);
    if (first == NULL)
        return false;
    close_connection(server, first);
    return true;
}

static void out_of_files(struct http_server *server)
{
    struct connection *first = connections_expendable(&server->connections, NULL);

    warn_full(server, "http.no_files",
              "no more files may be open: raise LimitNOFILE (ulimit -n) or lower max_connections");
    if (first != NULL)
        close_connection(server, first);
    else
        server->accept_again_ms = clock_mono() + CLOSED_WAIT_MS;
}

static void accept_newcomers(struct http_server *server)
{
    struct sockaddr_storage from;
    int fd;

    if (!room_for_one(server))
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

/* While even the spare connections are taken by requests in hand, newcomers wait in the
   kernel's queue. */
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
        send_answer(server, request->connection);
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
            close_connection(server, connection);
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
            on_event(server, what);
    }
    /* There is more to do than in one turn: newcomers do not wait for all of it. */
    if (count == EVENTS_A_TURN && server->listening)
        accept_newcomers(server);
}

static void *loop(void *arg)
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

/* ---- starting and stopping ---- */

static int open_epoll(struct http_server *server, struct err *err)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &server->wake_fd};

    server->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (server->wake_fd < 0 || server->epoll_fd < 0 ||
        epoll_ctl(server->epoll_fd, EPOLL_CTL_ADD, server->wake_fd, &event) < 0)
        return err_set(err, ERR_SYSTEM, "epoll: %s", strerror(errno));
    return 0;
}

static int start_loop(struct http_server *server, struct err *err)
{
    sigset_t all, before;
    int rc;

    /* Signals are the program's main thread's, SIGPIPE nobody's. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&server->thread, NULL, loop, server);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc == 0 ? 0 : err_set(err, ERR_SYSTEM, "no thread: %s", strerror(rc));
}

static void set_limits(struct http_server *server)
{
    const struct http_config *config = &server->config;

    server->connections.max = config->max_connections;
    server->connections.max_per_peer = config->max_connections_per_ip;
    for (int state = 0; state < CONNECTION_STATES; state++)
        server->connections.allowed_ms[state] = config->request_timeout_ms;
    server->connections.allowed_ms[CONNECTION_IDLE] = config->idle_timeout_ms;
    /* The handler's owner keeps the time. */
    server->connections.allowed_ms[CONNECTION_IN_HAND] = INT64_MAX;
}

static void close_file(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void free_server(struct http_server *server)
{
    for (int state = 0; state < CONNECTION_CLOSED; state++)
        while (server->connections.queues[state] != NULL)
            close_connection(server, server->connections.queues[state]);
    connections_sweep_closed(&server->connections);
    close_file(server->listen_fd);
    close_file(server->epoll_fd);
    close_file(server->wake_fd);
    pthread_mutex_destroy(&server->mutex);
    mem_free(server);
}

struct http_server *http_start(const struct http_config *config, struct err *err)
{
    struct http_server *server = mem_zero(1, sizeof *server);

    if (server == NULL) {
        err_memory(err);
        return NULL;
    }
    server->config = *config;
    server->listen_fd = server->wake_fd = server->epoll_fd = -1;
    pthread_mutex_init(&server->mutex, NULL);
    set_limits(server);
    server->listen_fd = listener_open(config->listen, server->address, sizeof server->address, err);
    if (server->listen_fd < 0 || open_epoll(server, err) < 0 || start_loop(server, err) < 0) {
        free_server(server);
        return NULL;
    }
    return server;
}

const char *http_address(const struct http_server *server)
{
    return server->address;
}

void http_quiesce(struct http_server *server)
{
    pthread_mutex_lock(&server->mutex);
    server->quiescing = true;
    pthread_mutex_unlock(&server->mutex);
    eventfd_write(server->wake_fd, 1);
}

void http_stop(struct http_server *server)
{
    if (server == NULL)
        return;
    http_quiesce(server);
    pthread_mutex_lock(&server->mutex);
    server->stopping = true;
    pthread_mutex_unlock(&server->mutex);
    eventfd_write(server->wake_fd, 1);
    pthread_join(server->thread, NULL);
    free_server(server);
}
