/*
 * calllog: the latest calls, for people and tests.
 *
 * A call is entered when it arrives, so that one in flight can be seen, and completed
 * when its answer is ready.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  plain values in a ring buffer; long texts are cut.
 * Limits:  CALLLOG_CALLS; the oldest go first.
 */
#ifndef FAKEORG_ORG_CALLLOG_H
#define FAKEORG_ORG_CALLLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define CALLLOG_CALLS     ((uint64_t)16384)
#define CALLLOG_OPERATION 32
#define CALLLOG_CLIENT    80
#define CALLLOG_FAULT     48
#define CALLLOG_MESSAGE   200
#define CALLLOG_INJECTED  32

struct logged_call {
    uint64_t number;           /* from 1; 0: an empty slot */
    int64_t at_ms;             /* of the org's clock */
    int64_t began_ms, took_ms; /* of clock_mono; took_ms is -1 while in flight */
    int version;               /* of the address; 0 if none */
    unsigned status;           /* HTTP's */
    size_t records, failed;    /* written or read; of those, refused */
    size_t request_bytes, answer_bytes;
    char operation[CALLLOG_OPERATION]; /* as the client named it; "" if unreadable */
    char client[CALLLOG_CLIENT];       /* from CallOptions, or "" */
    char error[CALLLOG_FAULT];         /* the code of the error, or "" */
    char message[CALLLOG_MESSAGE];
    char refusal[CALLLOG_MESSAGE];   /* "CODE: message" of the first refused record; or "" */
    char injected[CALLLOG_INJECTED]; /* the kind of the fault on demand, or "" */
};

struct calllog {
    struct logged_call *ring;
    uint64_t newest;
    uint64_t forgotten; /* numbers up to this one have been dropped */
};

MUST_USE int calllog_init(struct calllog *log);
void calllog_clear(struct calllog *log);
void calllog_done(struct calllog *log);

/* Adds a call; returns its number. */
uint64_t calllog_begin(struct calllog *log, int64_t at_ms);

/* The call with that number; NULL when it has been dropped. */
struct logged_call *calllog_find(const struct calllog *log, uint64_t number);

/* Copies a text into a field of a logged call, cut at a character boundary; NULL gives "". */
void calllog_text(char *place, size_t capacity, const char *text);

/* The number of the oldest call in the log that arrived at since_ms or later; newest + 1
   when there is none. */
uint64_t calllog_since(const struct calllog *log, int64_t since_ms);

#endif
