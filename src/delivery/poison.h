/*
 * poison: limits what a key may cost when the org refuses its record.
 *
 * The record of a person (or company) that is refused is written again and again: in parts, to find
 * the event at fault, and with every new event.  Each refused write of a key is counted here, and
 * each write of a part of its events.  A key has POISON_WRITES of them in a window of time; when
 * they are used up its events wait until the window is over, then they are written together.  So
 * the cost of a person's events is bounded, however many there are.
 *
 * A key that made a whole call fail gets calls of its own from then on; otherwise every call that
 * it joins would have to be searched for it again.
 *
 * Threads: the scheduler's.  Time: mono.  Memory: poison_done frees it; out of memory, a key is not
 * counted, which only means more calls.  Limits: POISON_MAX keys; beyond that the one counted
 * longest ago is forgotten.
 */
#ifndef DELIVERY_POISON_H
#define DELIVERY_POISON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"

#define POISON_WRITES 48
#define POISON_MAX    10000

struct poison {
    char *key;
    char code[80]; /* of its last refusal */
    int writes;
    int64_t since_ms; /* when the window began */
    bool alone;       /* it made a whole call fail */
    UT_hash_handle hh;
};

struct poisons {
    int64_t window_ms;    /* set once */
    struct poison *known; /* uthash by key, counted longest ago first */
};

/* Counts a write of key.  code: why it was refused; NULL: it was not refused. */
void poison_count(struct poisons *poisons, const char *key, const char *code);

/* Counts it, and gives the key calls of its own from now on. */
void poison_count_alone(struct poisons *poisons, const char *key, const char *code);

/* What is known of key in its current window; NULL: nothing. */
const struct poison *poison_of(const struct poisons *poisons, const char *key);

/* How long its events must wait; 0 or less: not at all.  poison may be NULL. */
int64_t poison_wait_ms(const struct poisons *poisons, const struct poison *poison);

/* Forgets all of them. */
void poison_done(struct poisons *poisons);

#endif
