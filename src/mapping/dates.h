/*
 * dates: dates and times as clients write them, converted to what Salesforce takes.
 *
 * A text is ISO 8601 (base/isotime.h), or ten or thirteen digits; a number, and such
 * digits, count seconds since 1970 below 31,557,600,000 and milliseconds from there on,
 * as Segment's own libraries do.  Years 1700 to 4000, which is what Salesforce takes.
 *
 * Threads: any.
 */
#ifndef MAPPING_DATES_H
#define MAPPING_DATES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/isotime.h"

/* "2026-11-23": the day as written, without a shift by its time zone; of a number the
   day in UTC.  False when text is not a date; the others in the same way. */
bool dates_day(const char *text, size_t len, bool is_number, char ret[ISOTIME_MAX]);

/* "2026-11-23T10:05:00.000Z"; a day alone means its midnight; without a zone UTC is meant. */
bool dates_instant(const char *text, size_t len, bool is_number, char ret[ISOTIME_MAX]);

/* "10:05:00.000Z" from "10:05", "10:05:00", "10:05:00.5Z", and with an offset. */
bool dates_time(const char *text, size_t len, char ret[ISOTIME_MAX]);

#endif
