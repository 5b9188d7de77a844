/*
 * wire: how an answer is sent, complete or broken.
 *
 * Threads: that of the connection.
 * Memory:  takes ownership of the bytes of body, even on failure.
 */
#ifndef FAKEORG_HTTP_WIRE_H
#define FAKEORG_HTTP_WIRE_H

#include <microhttpd.h>

#include "base/buf.h"
#include "fakeorg/faults/response_mode.h"

/* Sends the given status and type, unless the mode overrides them. */
enum MHD_Result wire_send(struct MHD_Connection *connection, unsigned status, const char *type,
                          struct buf *body, const struct response_mode *mode);

/* The socket of a connection; 0 if there is none. */
int wire_socket(struct MHD_Connection *connection);

#endif
