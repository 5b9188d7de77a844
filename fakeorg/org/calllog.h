/*
 * calllog: the calls that arrived lately, for people and tests.
 *
 * A call is entered when it arrives, so that one in flight can be seen, and completed
 * when its answer is ready.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  plain values in a ring; texts are cut.
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
    uint64_t number;           /* from 1; 0: an empty place */
    int64_t at_ms;             /* of the org's clock */
    int64_t began_ms, took_ms; /* of clock_mono; took_ms is -1 while in flight */
    int version;               /* of the address; 0 where it had none */
    unsigned status;           /* HTTP's */
    size_t records, failed;    /* written or read; refused among them */
    size_t request_bytes, answer_bytes;
    char operation[CALLLOG_OPERATION]; /* as the client named it; "" where nothing could be read */
    char client[CALLLOG_CLIENT];       /* CallOptions; "" without */
    char error[CALLLOG_FAULT];         /* the code of an error; "" for none */
    char message[CALLLOG_MESSAGE];
    char refusal[CALLLOG_MESSAGE];   /* "CODE: message" of the first refused record; or "" */
    char injected[CALLLOG_INJECTED]; /* the kind of the fault on demand; "" for none */
};

struct calllog {
    struct logged_call *ring;
    uint64_t newest;
    uint64_t forgotten; /* numbers up to this one are let go */
};

MUST_USE int calllog_init(struct calllog *log);
void calllog_clear(struct calllog *log);
void calllog_done(struct calllog *log);

/* Enters a call; its number. */
uint64_t calllog_begin(struct calllog *log, int64_t at_ms);

/* The call of that number; NULL when it was let go. */
struct logged_call *calllog_find(const struct calllog *log, uint64_t number);

/* Copies a text into one of a logged call's, cut between characters; NULL gives "". */
void calllog_text(char *place, size_t room, const char *text);

/* The number of the oldest call that is kept and came at since_ms or later; newest + 1
   when there is none. */
uint64_t calllog_since(const struct calllog *log, int64_t since_ms);

#endif
