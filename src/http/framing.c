/* The rules on Content-Length, Transfer-Encoding, Content-Encoding and Host. */
#include "http/framing.h"

#include <string.h>
#include <strings.h>

#define MAX_LENGTH_DIGITS 18

static void doubt(struct framing *framing, const char *problem)
{
    if (framing->problem == NULL) /* the first one wins */
        framing->problem = problem;
}

/* Only digits: no sign, no list, no space. */
static void read_length(struct framing *framing, const char *value)
{
    size_t digits = strspn(value, "0123456789");

    if (digits == 0 || value[digits] != '\0') {
        doubt(framing, "Content-Length is not a number");
        return;
    }
    framing->announced = true;
    framing->length = 0;
    for (size_t i = 0; i < digits; i++)
        framing->length =
            i < MAX_LENGTH_DIGITS ? framing->length * 10 + (uint64_t)(value[i] - '0') : UINT64_MAX;
}

static enum framing_encoding read_encoding(const char *value)
{
    if (strcasecmp(value, "gzip") == 0 || strcasecmp(value, "x-gzip") == 0)
        return ENCODING_GZIP;
    if (*value == '\0' || strcasecmp(value, "identity") == 0)
        return ENCODING_IDENTITY;
    return ENCODING_UNKNOWN;
}

void framing_header(struct framing_state *state, const char *name, const char *value,
                    uint64_t value_len)
{
    struct framing *framing = &state->framing;

    if (value == NULL)
        value = "";
    if (memchr(value, '\0', value_len) != NULL)
        doubt(framing, "a header has a NUL in its value");
    if (strcasecmp(name, "Content-Length") == 0) {
        state->lengths++;
        read_length(framing, value);
    } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
        state->encodings++;
        if (strcasecmp(value, "chunked") != 0)
            doubt(framing, "Transfer-Encoding must be chunked");
    } else if (strcasecmp(name, "Host") == 0) {
        state->hosts++;
    } else if (strcasecmp(name, "Content-Encoding") == 0) {
        state->contents++;
        framing->encoding = read_encoding(value);
    }
}

struct framing framing_result(const struct framing_state *state)
{
    struct framing framing = state->framing;

    if (state->lengths > 1)
        doubt(&framing, "more than one Content-Length");
    if (state->lengths > 0 && state->encodings > 0)
        doubt(&framing, "Content-Length together with Transfer-Encoding");
    if (state->encodings > 1)
        doubt(&framing, "more than one Transfer-Encoding");
    if (state->hosts > 1)
        doubt(&framing, "more than one Host");
    framing.chunked = state->encodings > 0;
    if (state->contents > 1)
        framing.encoding = ENCODING_UNKNOWN;
    return framing;
}
