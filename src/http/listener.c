/* Resolves the address, binds, listens and accepts. */
#include "http/listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG 4096

/* "host:port" or "[host]:port" in two pieces. */
static int split_address(const char *listen, char *host, size_t capacity, const char **ret_port,
                         struct err *err)
{
    const char *colon = strrchr(listen, ':'), *begin = listen, *end = colon;

    if (colon != NULL && *listen == '[' && colon > listen && colon[-1] == ']') {
        begin++;
        end--;
    }
    if (colon == NULL || end <= begin || colon[1] == '\0' || (size_t)(end - begin) >= capacity)
        return err_set(err, ERR_INVALID, "expected an address like 127.0.0.1:8080");
    memcpy(host, begin, (size_t)(end - begin));
    host[end - begin] = '\0';
    *ret_port = colon + 1;
    return 0;
}

static int bind_to(int fd, const struct addrinfo *to, char *ret_address, size_t capacity,
                   struct err *err)
{
    struct sockaddr_storage bound;
    socklen_t len = sizeof bound;
    char host[INET6_ADDRSTRLEN], port[8];
    int one = 1;

    /* Connections inherit NODELAY: an answer is one piece and has nothing to wait for. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) < 0 ||
        bind(fd, to->ai_addr, to->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0 ||
        getsockname(fd, (struct sockaddr *)&bound, &len) < 0)
        return err_set(err, ERR_SYSTEM, "%s", strerror(errno));
    if (getnameinfo((struct sockaddr *)&bound, len, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return err_set(err, ERR_SYSTEM, "the bound address cannot be read");
    snprintf(ret_address, capacity, to->ai_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
    return 0;
}

int listener_open(const char *listen, char *ret_address, size_t capacity, struct err *err)
{
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    char host[256];
    const char *port = NULL;
    int fd = -1, why;

    if (split_address(listen, host, sizeof host, &port, err) < 0)
        goto fail;
    why = getaddrinfo(host, port, &hints, &found);
    if (why != 0) {
        err_set(err, ERR_INVALID, "%s", gai_strerror(why));
        goto fail;
    }
    fd = socket(found->ai_family, found->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                found->ai_protocol);
    if (fd < 0) {
        err_set(err, ERR_SYSTEM, "%s", strerror(errno));
        goto fail;
    }
    if (bind_to(fd, found, ret_address, capacity, err) < 0)
        goto fail;
    freeaddrinfo(found);
    return fd;
fail:
    if (fd >= 0)
        close(fd);
    if (found != NULL)
        freeaddrinfo(found);
    return err_wrap(err, "listen on %s", listen);
}

enum accept_result listener_accept(int fd, int *ret_fd, struct sockaddr_storage *ret_from)
{
    socklen_t len = sizeof *ret_from;

    *ret_fd = accept4(fd, (struct sockaddr *)ret_from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (*ret_fd >= 0)
        return ACCEPT_GOOD;
    switch (errno) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        return ACCEPT_NO_FILES;
    case EAGAIN:
        return ACCEPT_NONE;
    default:
        return ACCEPT_GONE; /* the client left before it was accepted; there may be another */
    }
}
