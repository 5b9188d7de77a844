/*
 * listener: the listening socket.
 * Threads: any.  Errors: ERR_INVALID (not an address), ERR_SYSTEM (it cannot be used).
 */
#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

#include <stddef.h>
#include <sys/socket.h>

#include "base/err.h"

/* Binds and listens at "host:port" or "[host]:port"; returns the file descriptor, and in
   ret_address the actual address (port 0: a free one).  -1: error. */
MUST_USE int listener_open(const char *listen, char *ret_address, size_t capacity, struct err *err);

enum accept_result {
    ACCEPT_GOOD,
    ACCEPT_NONE,    /* no connection is waiting */
    ACCEPT_GONE,    /* the client has already left */
    ACCEPT_NO_FILES /* the process or the machine has no file left for it */
};

/* Accepts one connection. */
enum accept_result listener_accept(int fd, int *ret_fd, struct sockaddr_storage *ret_from);

#endif
