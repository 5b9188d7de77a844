#include "http/request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utlist.h>

#include "base/clock.h"
#include "base/mem.h"

#define CONNECTION_MEMORY ((size_t)16 * 1024) /* the library's default is twice that */
#define BACKLOG           1024
#define SWEEP_MIN_MS      10
#define SWEEP_MAX_MS      1000
#define STOP_FLUSH_MS     2000

/* ---- connections and their deadlines ---- */

void server_move(struct http_server *server, struct connection *connection,
                 enum connection_state state)
{
    const int64_t allowed[] = {
        [CONNECTION_IDLE] = server->config.idle_timeout_ms,
        [CONNECTION_RECEIVING] = server->config.request_timeout_ms,
        [CONNECTION_DRAINING] = server->config.request_timeout_ms,
        [CONNECTION_IN_HAND] = INT64_MAX, /* the handler's owner keeps the time */
        [CONNECTION_ANSWERING] = server->config.request_timeout_ms,
        [CONNECTION_CUT] = INT64_MAX,
    };

    connection->state = state;
    connection->deadline_ms =
        allowed[state] == INT64_MAX ? INT64_MAX : clock_mono() + allowed[state];
}

/* The library counts inactivity only and has no call that ends a connection, so a slow one
   is shut down under it; it sees the end and cleans up. */
static void cut(struct http_server *server, struct connection *connection)
{
    if (connection->state == CONNECTION_RECEIVING)
        request_send_too_slow(connection->request);
    shutdown(connection->fd, SHUT_RDWR);
    server_move(server, connection, CONNECTION_CUT);
}

static int64_t sweep_every(const struct http_server *server)
{
    int64_t least = server->config.idle_timeout_ms < server->config.request_timeout_ms
                        ? server->config.idle_timeout_ms
                        : server->config.request_timeout_ms;
    int64_t every = least / 8;

    return every < SWEEP_MIN_MS ? SWEEP_MIN_MS : every > SWEEP_MAX_MS ? SWEEP_MAX_MS : every;
}

static void sweep(struct http_server *server)
{
    int64_t now = clock_mono();
    struct connection *connection;

    if (now < server->next_sweep_ms)
        return;
    server->next_sweep_ms = now + sweep_every(server);
    DL_FOREACH(server->connections, connection)
    if (connection->deadline_ms <= now)
        cut(server, connection);
}

static void name_peer(struct MHD_Connection *mhd, char *ret, size_t room)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    if (info == NULL || info->client_addr == NULL ||
        getnameinfo(info->client_addr,
                    info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                             : sizeof(struct sockaddr_in),
                    ret, (socklen_t)room, NULL, 0, NI_NUMERICHOST) != 0)
        snprintf(ret, room, "unknown");
}

static void open_connection(struct http_server *server, struct MHD_Connection *mhd,
                            void **ret_connection)
{
    struct connection *connection = mem_zero(1, sizeof *connection);
    int fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;

    *ret_connection = connection;
    if (connection == NULL) {
        shutdown(fd, SHUT_RDWR); /* nobody would watch its deadline */
        return;
    }
    connection->fd = fd;
    name_peer(mhd, connection->peer, sizeof connection->peer);
    server_move(server, connection, CONNECTION_IDLE);
    DL_APPEND(server->connections, connection);
}

/* ---- the library's callbacks, all on the loop thread ---- */

static void on_connection(void *arg, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct http_server *server = arg;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        open_connection(server, mhd, context);
    } else if (*context != NULL) {
        struct connection *connection = *context;
        DL_DELETE(server->connections, connection);
        mem_free(connection);
        *context = NULL;
    }
}

static void *on_request_line(void *arg, const char *uri, struct MHD_Connection *mhd)
{
    struct http_server *server = arg;
    struct connection *connection =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

    if (connection == NULL || connection->state == CONNECTION_CUT)
        return NULL;
    connection->request = request_new(server, connection);
    if (connection->request != NULL)
        server_move(server, connection, CONNECTION_RECEIVING);
    return connection->request;
}

static void on_completed(void *arg, struct MHD_Connection *mhd, void **context,
                         enum MHD_RequestTerminationCode why)
{
    struct http_request *request = *context;

    if (request == NULL)
        return;
    if (request->connection->state != CONNECTION_CUT)
        server_move(arg, request->connection, CONNECTION_IDLE);
    request->connection->request = NULL;
    request_free(request);
    *context = NULL;
}

/* ---- the loop ---- */

static void resume_answered(struct http_server *server)
{
    struct http_request *request;
    int listen_fd = -1;

    pthread_mutex_lock(&server->mutex);
    request = server->answered;
    server->answered = NULL;
    if (server->quiescing && server->listen_fd >= 0) {
        listen_fd = MHD_quiesce_daemon(server->daemon);
        server->listen_fd = -1;
    }
    pthread_mutex_unlock(&server->mutex);
    if (listen_fd >= 0)
        close(listen_fd);
    while (request != NULL) {
        struct http_request *next = request->next;
        MHD_resume_connection(request->mhd);
        request = next;
    }
}

static bool answers_on_their_way(const struct http_server *server)
{
    const struct connection *connection;

    DL_FOREACH(server->connections, connection)
    if (connection->state == CONNECTION_IN_HAND || connection->state == CONNECTION_ANSWERING)
        return true;
    return false;
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
    return !answers_on_their_way(server) || clock_mono() >= *flush_until;
}

static int poll_timeout(struct http_server *server)
{
    MHD_UNSIGNED_LONG_LONG library_ms;
    int64_t ms = server->connections == NULL ? -1 : sweep_every(server);

    if (MHD_get_timeout(server->daemon, &library_ms) == MHD_YES &&
        (ms < 0 || library_ms < (MHD_UNSIGNED_LONG_LONG)ms))
        ms = (int64_t)library_ms;
    return (int)ms;
}

static void *loop(void *arg)
{
    struct http_server *server = arg;
    struct pollfd fds[] = {{.fd = server->epoll_fd, .events = POLLIN},
                           {.fd = server->wake_fd, .events = POLLIN}};
    int64_t flush_until = 0;

    for (;;) {
        eventfd_t wakes;
        resume_answered(server);
        MHD_run(server->daemon);
        sweep(server);
        if (may_end(server, &flush_until))
            return NULL;
        if (poll(fds, 2, poll_timeout(server)) > 0 && fds[1].revents != 0)
            eventfd_read(server->wake_fd, &wakes);
    }
}

/* ---- starting and stopping ---- */

/* "host:port" or "[host]:port" in two pieces. */
static int split_address(const char *listen, char *host, size_t room, const char **ret_port,
                         struct err *err)
{
    const char *colon = strrchr(listen, ':'), *begin = listen, *end = colon;

    if (colon != NULL && *listen == '[' && colon > listen && colon[-1] == ']') {
        begin++;
        end--;
    }
    if (colon == NULL || end <= begin || colon[1] == '\0' || (size_t)(end - begin) >= room)
        return err_set(err, ERR_INVALID, "expected an address like 127.0.0.1:8080");
    memcpy(host, begin, (size_t)(end - begin));
    host[end - begin] = '\0';
    *ret_port = colon + 1;
    return 0;
}

static int bind_address(struct http_server *server, const struct addrinfo *to, struct err *err)
{
    struct sockaddr_storage bound;
    socklen_t len = sizeof bound;
    char host[INET6_ADDRSTRLEN], port[8];
    int one = 1;

    server->listen_fd =
        socket(to->ai_family, to->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to->ai_protocol);
    if (server->listen_fd < 0 ||
        setsockopt(server->listen_fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0 ||
        bind(server->listen_fd, to->ai_addr, to->ai_addrlen) < 0 ||
        listen(server->listen_fd, BACKLOG) < 0 ||
        getsockname(server->listen_fd, (struct sockaddr *)&bound, &len) < 0)
        return err_set(err, ERR_SYSTEM, "%s", strerror(errno));
    if (getnameinfo((struct sockaddr *)&bound, len, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return err_set(err, ERR_SYSTEM, "the bound address cannot be read");
    snprintf(server->address, sizeof server->address,
             to->ai_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
    return 0;
}

static int open_listener(struct http_server *server, struct err *err)
{
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    char host[256];
    const char *port = NULL;
    int rc = split_address(server->config.listen, host, sizeof host, &port, err);

    if (rc == 0) {
        int why = getaddrinfo(host, port, &hints, &found);
        if (why != 0)
            rc = err_set(err, ERR_INVALID, "%s", gai_strerror(why));
    }
    if (rc == 0)
        rc = bind_address(server, found, err);
    if (found != NULL)
        freeaddrinfo(found);
    return rc < 0 ? err_wrap(err, "listen on %s", server->config.listen) : 0;
}

static int start_daemon(struct http_server *server, struct err *err)
{
    const struct http_config *config = &server->config;
    const union MHD_DaemonInfo *info;

    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, request_access, server,
        MHD_OPTION_LISTEN_SOCKET, server->listen_fd, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)config->max_connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)config->max_connections_per_ip,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_URI_LOG_CALLBACK,
        on_request_line, server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_END);
    if (server->daemon == NULL)
        return err_set(err, ERR_SYSTEM, "libmicrohttpd does not start: %s", strerror(errno));
    info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL || info->epoll_fd < 0)
        return err_set(err, ERR_SYSTEM, "libmicrohttpd has no epoll");
    server->epoll_fd = info->epoll_fd;
    return 0;
}

static int start_loop(struct http_server *server, struct err *err)
{
    sigset_t all, before;
    int rc;

    server->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (server->wake_fd < 0)
        return err_set(err, ERR_SYSTEM, "eventfd: %s", strerror(errno));
    /* Signals are the program's main thread's, SIGPIPE nobody's. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&server->thread, NULL, loop, server);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc == 0 ? 0 : err_set(err, ERR_SYSTEM, "no thread: %s", strerror(rc));
}

static void free_server(struct http_server *server)
{
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon); /* closes the connections, and listen_fd if it has it */
    else if (server->listen_fd >= 0)
        close(server->listen_fd);
    if (server->wake_fd >= 0)
        close(server->wake_fd);
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
    server->listen_fd = server->wake_fd = -1;
    pthread_mutex_init(&server->mutex, NULL);
    if (open_listener(server, err) < 0 || start_daemon(server, err) < 0 ||
        start_loop(server, err) < 0) {
        free_server(server);
        return NULL;
    }
    return server;
}

const char *http_address(const struct http_server *server)
{
    return server->address;
}

static void tell_loop(struct http_server *server, bool stopping)
{
    pthread_mutex_lock(&server->mutex);
    server->quiescing = true;
    server->stopping |= stopping;
    pthread_mutex_unlock(&server->mutex);
    eventfd_write(server->wake_fd, 1);
}

void http_quiesce(struct http_server *server)
{
    tell_loop(server, false);
}

void http_stop(struct http_server *server)
{
    if (server == NULL)
        return;
    tell_loop(server, true);
    pthread_join(server->thread, NULL);
    free_server(server);
}
