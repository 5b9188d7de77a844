/*
 * framing: is it beyond doubt where this request ends and how its body is coded?
 *
 * libmicrohttpd lets through what two readers in a row may read differently (request
 * smuggling), so it is checked here, on the headers alone (RFC 9112, sections 3.2 and 6).
 *
 * Threads: any.
 */
#ifndef HTTP_FRAMING_H
#define HTTP_FRAMING_H

#include <stdbool.h>
#include <stdint.h>

struct MHD_Connection;

struct framing {
    bool announced;      /* there is a Content-Length */
    uint64_t length;     /* its value */
    bool gzip;           /* the body is gzip */
    int status;          /* 0: fine.  Else refuse with it, */
    const char *code;    /* this code, */
    const char *message; /* and this sentence; both static */
};

struct framing framing_read(struct MHD_Connection *connection);

/* The rules themselves, one header after the other. */
struct framing_state {
    int lengths, encodings, hosts, contents; /* how many of each */
    struct framing framing;
};
void framing_header(struct framing_state *state, const char *name, const char *value,
                    uint64_t value_len);
struct framing framing_result(const struct framing_state *state);

#endif
