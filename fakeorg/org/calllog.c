/* A ring buffer of calls. */
#include "fakeorg/org/calllog.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

int calllog_init(struct calllog *log)
{
    *log = (struct calllog){.ring = mem_zero(CALLLOG_CALLS, sizeof *log->ring)};
    return log->ring == NULL ? -1 : 0;
}

void calllog_clear(struct calllog *log)
{
    log->forgotten = log->newest;
}

void calllog_done(struct calllog *log)
{
    mem_free(log->ring);
    log->ring = NULL;
}

uint64_t calllog_begin(struct calllog *log, int64_t at_ms)
{
    struct logged_call *call = &log->ring[++log->newest % CALLLOG_CALLS];

    *call = (struct logged_call){
        .number = log->newest, .at_ms = at_ms, .began_ms = clock_mono(), .took_ms = -1};
    return log->newest;
}

struct logged_call *calllog_find(const struct calllog *log, uint64_t number)
{
    struct logged_call *call = &log->ring[number % CALLLOG_CALLS];

    return call->number == number && number > log->forgotten ? call : NULL;
}

void calllog_text(char *place, size_t capacity, const char *text)
{
    size_t len = text == NULL ? 0 : strlen(text);

    if (len >= capacity) {
        len = capacity - 1;
        while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
            len--;
    }
    if (len > 0)
        memcpy(place, text, len);
    place[len] = '\0';
}

uint64_t calllog_since(const struct calllog *log, int64_t since_ms)
{
    uint64_t first = log->newest >= CALLLOG_CALLS ? log->newest - CALLLOG_CALLS + 1 : 1;

    if (first <= log->forgotten)
        first = log->forgotten + 1;
    /* The org's clock may have been changed, so calls are not in its order. */
    while (first <= log->newest && calllog_find(log, first)->at_ms < since_ms)
        first++;
    return first;
}
