/*
 * log: one line per event, on stderr: time, level, event name, key=value.
 *
 *   2026-11-23T10:05:00.123Z info delivery.saved destination=Salesforce records=200
 *
 * Never a payload, a trait, a secret or a session id.  Text from outside is
 * logged as a value with LOG_TEXT (quoted, control characters made
 * visible, cut at 200 bytes).  Threads: any; lines never mix.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdint.h>

#include "base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Lines below level are dropped.  LOG_INFO at the start. */
void log_set_level(enum log_level level);

/* log_line(LOG_WARN, "ingest.refused", "source=%s status=%d", ...).  format may
   be "" for an event without values. */
void log_line(enum log_level level, const char *event, const char *format, ...) PRINTF_LIKE(3, 4);

/* For lines that could come thousands of times a second.  Zeroed at the start; the caller
   guards it. */
struct log_pace {
    int64_t unlogged, next_ms; /* mono */
};

/* Counts more occurrences.  Returns how many the line to write now reports, including earlier
   ones without a line; 0: write no line, the last was less than every_ms ago. */
int64_t log_pace_take(struct log_pace *pace, int64_t more, int64_t every_ms);

/* text made safe for a log line, quoted; the block is on the stack of the
   caller: LOG_TEXT(text) lives until the end of the enclosing block. */
struct log_quoted {
    char text[208];
};
struct log_quoted log_quote(const char *text);
#define LOG_TEXT(value) (log_quote(value).text)

#endif
