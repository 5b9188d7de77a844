/* Starting and stopping a server. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "http/listener.h"
#include "http/loop.h"
#include "http/traffic.h"

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

    /* Signals go to the main thread, SIGPIPE to none. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&server->thread, NULL, loop_run, server);
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
    /* The handler has to see to timeouts. */
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
            traffic_close(server, server->connections.queues[state]);
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
