/*
 * receive: takes in the bytes of a connection until a request is whole, and hands it to the
 * handler or refuses it.  Inside http only.
 *
 * Threads: the loop thread alone.
 * Memory:  a request that is handed over belongs to its handler until http_answer.
 */
#ifndef HTTP_RECEIVE_H
#define HTTP_RECEIVE_H

#include "http/request.h"

/* Uses what has come in on a connection that is idle or receiving, as far as it goes: to a
   request in hand, or to where more is needed.  -1: out of memory, hang up. */
MUST_USE int receive_advance(struct http_server *server, struct connection *connection);

/* 408 for a request that is being received. */
void receive_too_slow(struct http_request *request);

#endif
