/*
 * framing: is it unambiguous where this request ends and how its body is encoded?
 *
 * What two servers in a row may read differently (request smuggling) is refused, from the headers
 * only (RFC 9112, sections 3.2 and 6).
 *
 * Threads: any.
 */
#ifndef HTTP_FRAMING_H
#define HTTP_FRAMING_H

#include <stdbool.h>
#include <stdint.h>

enum framing_encoding { ENCODING_IDENTITY, ENCODING_GZIP, ENCODING_UNKNOWN };

struct framing {
    const char *problem; /* NULL: unambiguous.  Else a static sentence */
    bool announced;      /* there is a Content-Length */
    bool chunked;        /* there is a Transfer-Encoding */
    uint64_t length;     /* its value */
    enum framing_encoding encoding;
};

/* The rules themselves, one header after the other. */
struct framing_state {
    int lengths, encodings, hosts, contents; /* how many of each */
    struct framing framing;
};
void framing_header(struct framing_state *state, const char *name, const char *value,
                    uint64_t value_len);
struct framing framing_result(const struct framing_state *state);

#endif
