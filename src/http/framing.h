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

enum framing_encoding { ENCODING_IDENTITY, ENCODING_GZIP, ENCODING_UNKNOWN };

struct framing {
    const char *problem; /* NULL: beyond doubt.  Else a static sentence */
    bool announced;      /* there is a Content-Length */
    uint64_t length;     /* its value */
    enum framing_encoding encoding;
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
