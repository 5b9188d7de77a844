/*
 * loop: the thread of a server.  Inside http only.
 *
 * Threads: loop_run is one; it ends once the server is stopping and every request is answered.
 * Memory: none; the server outlives it.
 */
#ifndef HTTP_LOOP_H
#define HTTP_LOOP_H

/* arg: a struct http_server, listening and with its epoll.  For pthread_create; returns NULL. */
void *loop_run(void *arg);

#endif
