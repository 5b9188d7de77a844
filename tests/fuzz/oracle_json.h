/*
 * oracle_json: what jansson makes of a text, to compare ours with.
 *
 * Both sides write the value they read in one form: strings as their length and bytes,
 * numbers as oracle_number does, of members with one key the last value at the place of the
 * first.
 */
#ifndef FUZZ_ORACLE_JSON_H
#define FUZZ_ORACLE_JSON_H

#include <stdbool.h>

#include "base/buf.h"

enum oracle_verdict {
    ORACLE_ACCEPTS,
    ORACLE_REFUSES,
    ORACLE_CANNOT /* a number too large for it, or a NUL in a key */
};

enum oracle_verdict oracle_read(const char *text, size_t len, struct buf *out);

void oracle_string(struct buf *out, const char *bytes, size_t len);

/* digits with a NUL: whole numbers as they are, others as the nearest double. */
void oracle_number(struct buf *out, const char *digits);

#endif
