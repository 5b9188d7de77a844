/*
 * receive: reads the bytes of a connection until a request is complete, and hands it to the handler
 * or refuses it.  Inside http only.
 *
 * Threads: only the loop thread.
 * Memory:  a request that is handed over belongs to its handler until http_answer.
 */
#ifndef HTTP_RECEIVE_H
#define HTTP_RECEIVE_H

#include "http/request.h"

/* Processes what an idle or receiving connection has received, until a request is in hand or more
   bytes are needed. -1: out of memory, close the connection. */
MUST_USE int receive_advance(struct http_server *server, struct connection *connection);

/* 408 for a request that is being received. */
void receive_too_slow(struct http_request *request);

#endif
