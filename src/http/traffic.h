/*
 * traffic: what goes over one connection: bytes in, up to a whole request; bytes of the answer out.
 * Inside http only.
 *
 * Threads: only the loop thread.
 * Memory:  a closed connection is not freed before connections_sweep_closed.
 * Errors:  an error closes the connection.
 */
#ifndef HTTP_TRAFFIC_H
#define HTTP_TRAFFIC_H

#include "http/request.h"

/* Handles an epoll event of the connection. */
void traffic_on_event(struct http_server *server, struct connection *connection);

/* Reads what has arrived on a connection that is idle, receiving or draining. */
void traffic_receive(struct http_server *server, struct connection *connection);

/* Sends as much of the answer as the kernel accepts. */
void traffic_send(struct http_server *server, struct connection *connection);

void traffic_close(struct http_server *server, struct connection *connection);

/* Closes others until one is within the limits, or none may be closed. */
void traffic_keep_limits(struct http_server *server, const struct connection *one);

/* Logs, at most once in a while, that the connections are at a limit. */
void traffic_warn(struct http_server *server, const char *event, const char *advice);

#endif
