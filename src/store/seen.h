/*
 * seen: how much time the store has itself seen pass, so that nothing is purged early because the
 * calendar was changed between two runs.
 *
 * Within a run the steady clock cannot be changed.  Between two runs it may jump, and a machine
 * that was off for a month looks the same as one whose clock is a month ahead.  So each step
 * forward is kept as a gap: time that does not count towards the age of what is older than it.
 * After a long downtime, things are purged that much later; after a step back, what was written in
 * the future is purged when that time comes.  Both only delay a purge.
 *
 * Threads: the caller's.  Times: the steady clock's, in ms.
 */
#ifndef STORE_SEEN_H
#define STORE_SEEN_H

#include <stddef.h>
#include <stdint.h>

#define SEEN_GAPS_MAX 512

struct seen_gap {
    int64_t end_ms;    /* when the run after it began */
    int64_t length_ms; /* of the time that was not seen to pass */
};

struct seen {
    int64_t last_ms;                     /* up to here time was seen to pass */
    struct seen_gap gaps[SEEN_GAPS_MAX]; /* oldest first */
    size_t count;
};

/* A run begins at now_ms.  When there are too many gaps, the two with the least seen time between
   them are merged at the place of the later one, which also only delays a purge. */
void seen_begin(struct seen *seen, int64_t now_ms);

/* The same run continues. */
void seen_pass(struct seen *seen, int64_t now_ms);

/* Given the limit before which rows are old if all time counts, returns the limit if only seen time
   counts. */
int64_t seen_limit(const struct seen *seen, int64_t limit_ms);

#endif
