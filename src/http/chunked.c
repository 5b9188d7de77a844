/* The state machine of a chunked body. */
#include "http/chunked.h"

#include <string.h>

#define MAX_SIZE ((uint64_t)1 << 60)

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum chunked_state expect(char c, char wanted, enum chunked_state next)
{
    return c == wanted ? next : CHUNKED_BAD;
}

/* Text that is skipped: any byte but a control character, up to its CR. */
static enum chunked_state skip(struct chunked *chunked, char c, enum chunked_state same,
                               enum chunked_state after_cr)
{
    if (c == '\r')
        return after_cr;
    if (((unsigned char)c < ' ' && c != '\t') || c == 0x7f || ++chunked->extra > CHUNKED_MAX_EXTRA)
        return CHUNKED_BAD;
    return same;
}

static enum chunked_state read_digit(struct chunked *chunked, char c)
{
    int digit = hex(c);

    if (digit >= 0) {
        chunked->left = chunked->left << 4 | (uint64_t)digit;
        return chunked->left < MAX_SIZE ? CHUNKED_DIGITS : CHUNKED_BAD;
    }
    if (chunked->state == CHUNKED_SIZE)
        return CHUNKED_BAD;
    if (c == '\r')
        return CHUNKED_SIZE_LF;
    return c == ';' || c == ' ' || c == '\t' ? skip(chunked, c, CHUNKED_EXTENSION, CHUNKED_BAD)
                                             : CHUNKED_BAD;
}

/* The state after c, which is not data. */
static enum chunked_state step(struct chunked *chunked, char c)
{
    switch (chunked->state) {
    case CHUNKED_SIZE:
        chunked->left = 0;
        return read_digit(chunked, c);
    case CHUNKED_DIGITS:
        return read_digit(chunked, c);
    case CHUNKED_EXTENSION:
        return skip(chunked, c, CHUNKED_EXTENSION, CHUNKED_SIZE_LF);
    case CHUNKED_SIZE_LF:
        return expect(c, '\n', chunked->left > 0 ? CHUNKED_DATA : CHUNKED_TRAILER);
    case CHUNKED_DATA_CR:
        return expect(c, '\r', CHUNKED_DATA_LF);
    case CHUNKED_DATA_LF:
        return expect(c, '\n', CHUNKED_SIZE);
    case CHUNKED_TRAILER:
        return skip(chunked, c, CHUNKED_TRAILER_TEXT, CHUNKED_END_LF);
    case CHUNKED_TRAILER_TEXT:
        return skip(chunked, c, CHUNKED_TRAILER_TEXT, CHUNKED_TRAILER_LF);
    case CHUNKED_TRAILER_LF:
        return expect(c, '\n', CHUNKED_TRAILER);
    case CHUNKED_END_LF:
        return expect(c, '\n', CHUNKED_DONE);
    case CHUNKED_DATA:
    case CHUNKED_DONE:
    case CHUNKED_BAD:
        break;
    }
    return CHUNKED_BAD;
}

size_t chunked_read(struct chunked *chunked, const char *bytes, size_t len, struct buf *to)
{
    size_t at = 0;

    while (at < len && chunked->state != CHUNKED_DONE && chunked->state != CHUNKED_BAD) {
        if (chunked->state == CHUNKED_DATA) {
            size_t now = chunked->left < len - at ? (size_t)chunked->left : len - at;
            buf_put(to, bytes + at, now);
            at += now;
            chunked->left -= now;
            if (chunked->left == 0)
                chunked->state = CHUNKED_DATA_CR;
        } else {
            chunked->state = step(chunked, bytes[at++]);
        }
    }
    return at;
}
