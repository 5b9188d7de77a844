/*
 * wire: how an answer goes on the wire, whole or not.
 *
 * Threads: that of the connection.
 * Memory:  the bytes of body are taken, also on failure.
 */
#ifndef FAKEORG_HTTP_WIRE_H
#define FAKEORG_HTTP_WIRE_H

#include <stdbool.h>

#include <microhttpd.h>

#include "base/buf.h"

enum wire {
    WIRE_WHOLE,
    WIRE_CUT,       /* the connection ends without an answer */
    WIRE_HALF,      /* it ends in the middle of one */
    WIRE_TRUNCATED, /* whole to HTTP, but half a document */
    WIRE_EMPTY,     /* no body at all */
    WIRE_GARBAGE,   /* text/xml that is no XML */
    WIRE_PAGE,      /* HTML for people, with the manner's status */
    WIRE_NO_HTTP    /* something else than HTTP */
};

enum packing { PACK_IF_ASKED, PACK_ALWAYS, PACK_NEVER };

struct manner {
    enum wire wire;
    unsigned status; /* of WIRE_PAGE */
    enum packing packing;
    bool chunked;
};

/* The answer's own status and type, unless the manner wants something else. */
enum MHD_Result wire_send(struct MHD_Connection *connection, unsigned status, const char *type,
                          struct buf *body, const struct manner *manner);

/* The socket of a connection; 0 when there is none. */
int wire_socket(struct MHD_Connection *connection);

#endif
