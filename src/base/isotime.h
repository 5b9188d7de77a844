/*
 * isotime: ISO 8601 dates and times, as clients write them, to milliseconds.
 *
 * Read: YYYY-MM-DD, optionally T, t or one space, HH:MM[:SS[.fraction]], and Z, z or
 * +HH:MM, +HHMM, +HH (or -).  Fractions of any length are cut to milliseconds.
 * The whole text must match; years 0001 to 9999; real calendar days only; second
 * 60 is read as 59.  Threads: any.
 */
#ifndef BASE_ISOTIME_H
#define BASE_ISOTIME_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define ISOTIME_MAX 32 /* bytes that isotime_format and _date need */

enum isotime_kind {
    ISOTIME_DATE,   /* only a day: midnight UTC */
    ISOTIME_LOCAL,  /* a time without zone, read as UTC */
    ISOTIME_INSTANT /* a time with zone */
};

/* 0, or -1 when the text is not such a date. */
MUST_USE int isotime_parse(const char *text, size_t len, int64_t *ret_ms,
                           enum isotime_kind *ret_kind);

/* "2026-11-23T10:05:00.000Z"; years outside 0001-9999 are clamped. */
void isotime_format(int64_t ms, char ret[ISOTIME_MAX]);

/* "2026-11-23", the day in UTC. */
void isotime_date(int64_t ms, char ret[ISOTIME_MAX]);

#endif
