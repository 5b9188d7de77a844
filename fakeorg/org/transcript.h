/*
 * transcript: requests and answers of the latest calls, for the page of a call.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  copies, TRANSCRIPT_TEXT bytes of each side at most, of TRANSCRIPT_CALLS calls.
 *          When out of memory a copy is missing; nothing else is affected.
 */
#ifndef FAKEORG_ORG_TRANSCRIPT_H
#define FAKEORG_ORG_TRANSCRIPT_H

#include <stddef.h>
#include <stdint.h>

#define TRANSCRIPT_CALLS 256
#define TRANSCRIPT_TEXT  ((size_t)32 * 1024)

struct transcript {
    struct said {
        uint64_t number; /* of the call; 0: an empty slot */
        char *request, *answer;
    } ring[TRANSCRIPT_CALLS];
};

/* The bytes are cut at TRANSCRIPT_TEXT. */
void transcript_keep(struct transcript *transcript, uint64_t number, const char *request,
                     size_t request_len, const char *answer, size_t answer_len);

/* NULL when the call has been dropped.  Its texts may be NULL. */
const struct said *transcript_find(const struct transcript *transcript, uint64_t number);

/* Drops all. */
void transcript_clear(struct transcript *transcript);

#endif
