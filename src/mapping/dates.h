/*
 * dates: dates and times as clients write them, as Salesforce wants them.
 *
 * A text is ISO 8601 (base/isotime.h), or ten or thirteen digits; a number, and such
 * digits, count seconds since 1970 below 31,557,600,000 and milliseconds from there on,
 * as Segment's own libraries have it.  Years 1700 to 4000, which is what Salesforce takes.
 *
 * Threads: any.
 */
#ifndef MAPPING_DATES_H
#define MAPPING_DATES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/isotime.h"

/* "2026-11-23": the day as written, without a shift by its time zone; of a number the
   day in UTC.  False when text is no such thing; the same below. */
bool dates_day(const char *text, size_t len, bool is_number, char ret[ISOTIME_MAX]);

/* "2026-11-23T10:05:00.000Z"; a day alone is its midnight, and a time without zone is, in UTC. */
bool dates_instant(const char *text, size_t len, bool is_number, char ret[ISOTIME_MAX]);

/* "10:05:00.000Z" from "10:05", "10:05:00", "10:05:00.5Z", and with an offset. */
bool dates_time(const char *text, size_t len, char ret[ISOTIME_MAX]);

#endif
