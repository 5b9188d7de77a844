/*
 * traffic: what goes over one connection: bytes in, to a whole request; the bytes of its answer
 * out.  Inside http only.
 *
 * Threads: the loop thread alone.
 * Memory:  a closed connection is not freed before connections_sweep_closed.
 * Errors:  what goes wrong with a connection closes it.
 */
#ifndef HTTP_TRAFFIC_H
#define HTTP_TRAFFIC_H

#include "http/request.h"

/* What the kernel has told of it. */
void traffic_on_event(struct http_server *server, struct connection *connection);

/* Takes in what has come on a connection that is idle, receiving or draining. */
void traffic_receive(struct http_server *server, struct connection *connection);

/* Sends as much of the answer as the kernel takes. */
void traffic_send(struct http_server *server, struct connection *connection);

void traffic_close(struct http_server *server, struct connection *connection);

/* Closes others until one is within the limits, or none may go. */
void traffic_keep_limits(struct http_server *server, const struct connection *one);

/* Says in the log, at times, that the connections are at a limit. */
void traffic_warn(struct http_server *server, const char *event, const char *advice);

#endif
