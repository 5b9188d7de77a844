/*
 * poison: what a key may cost whose record the org refuses.
 *
 * A person (or company) whose record is refused is written again and again: in parts, to find
 * the event at fault, and with every further event.  Each refused write of a key is counted
 * here, and each write of a part of its events.  A key has POISON_WRITES of them in
 * a window of time; when they are used up its events wait until the window is over, then they
 * are written together.  So what a person's events cost is bounded however many there are.
 *
 * A key that made a whole call fail goes alone from then on, or every call that it joins
 * would have to be searched for it again.
 *
 * Threads: the scheduler's.  Time: mono.  Memory: poison_done frees it; without memory a key is
 * not counted, which only means more calls.  Limits: POISON_MAX keys; past them the one
 * counted longest ago is forgotten.
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

/* Counts a write of key.  code: why it was refused; NULL: it was not. */
void poison_count(struct poisons *poisons, const char *key, const char *code);

/* Counts it and lets the key go alone from now on. */
void poison_count_alone(struct poisons *poisons, const char *key, const char *code);

/* What is known of key in its present window; NULL: nothing. */
const struct poison *poison_of(const struct poisons *poisons, const char *key);

/* For how long its events must wait; 0 or less: they need not.  poison may be NULL. */
int64_t poison_wait_ms(const struct poisons *poisons, const struct poison *poison);

/* Forgets all of them. */
void poison_done(struct poisons *poisons);

#endif
