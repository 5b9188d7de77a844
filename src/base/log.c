/* Formats a line on the stack and writes it with one call, so that threads do not mix. */
#include "base/log.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/isotime.h"

static const char *const level_names[] = {"debug", "info", "warn", "error"};
static atomic_int lowest = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&lowest, (int)level);
}

void log_line(enum log_level level, const char *event, const char *format, ...)
{
    char values[1024], stamp[ISOTIME_MAX];
    va_list args;

    if ((int)level < atomic_load(&lowest))
        return;
    va_start(args, format);
    vsnprintf(values, sizeof values, format, args);
    va_end(args);
    isotime_format(clock_wall(), stamp);
    /* One call, so that lines of two threads never mix. */
    fprintf(stderr, "%s %s %s%s%s\n", stamp, level_names[level], event,
            values[0] != '\0' ? " " : "", values);
}

int64_t log_pace_take(struct log_pace *pace, int64_t more, int64_t every_ms)
{
    int64_t now = clock_mono(), due = 0;

    pace->unlogged += more;
    if (now >= pace->next_ms) {
        pace->next_ms = now + every_ms;
        due = pace->unlogged;
        pace->unlogged = 0;
    }
    return due;
}

struct log_quoted log_quote(const char *text)
{
    struct log_quoted quoted;
    size_t n = 0;

    quoted.text[n++] = '"';
    for (const char *p = text; *p != '\0' && n < 200; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\')
            quoted.text[n++] = '\\';
        quoted.text[n++] = c < 0x20 || c == 0x7f ? '?' : *p;
    }
    quoted.text[n++] = '"';
    quoted.text[n] = '\0';
    return quoted;
}
