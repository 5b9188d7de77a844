/*
 * listener: the socket that newcomers come to.
 * Threads: any.  Errors: ERR_INVALID (no address), ERR_SYSTEM (it cannot be had).
 */
#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

#include <stddef.h>
#include <sys/socket.h>

#include "base/err.h"

/* Binds and listens at "host:port" or "[host]:port"; the file, and in ret_address where that
   is (port 0: a free one).  -1: error. */
MUST_USE int listener_open(const char *listen, char *ret_address, size_t capacity, struct err *err);

enum accept_result {
    ACCEPT_GOOD,
    ACCEPT_NONE,    /* nobody waits */
    ACCEPT_GONE,    /* that one left again */
    ACCEPT_NO_FILES /* the process or the machine has no file left for it */
};

/* Takes one newcomer in. */
enum accept_result listener_accept(int fd, int *ret_fd, struct sockaddr_storage *ret_from);

#endif
