/*
 * wire: how an answer goes on the wire, whole or not.
 *
 * Threads: that of the connection.
 * Memory:  the bytes of body are taken, also on failure.
 */
#ifndef FAKEORG_HTTP_WIRE_H
#define FAKEORG_HTTP_WIRE_H

#include <microhttpd.h>

#include "base/buf.h"
#include "fakeorg/faults/response_mode.h"

/* The answer's own status and type, unless the mode wants something else. */
enum MHD_Result wire_send(struct MHD_Connection *connection, unsigned status, const char *type,
                          struct buf *body, const struct response_mode *mode);

/* The socket of a connection; 0 when there is none. */
int wire_socket(struct MHD_Connection *connection);

#endif
