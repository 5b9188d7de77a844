/*
 * seen: how much time the store has itself seen pass, so that nothing is purged early because
 * somebody turned the calendar between two runs.
 *
 * Within a run the steady clock cannot be turned.  Between two runs it may make any step, and
 * nobody can tell a machine that was off for a month from one whose clock is a month ahead.  So
 * each step forward is kept as a gap: time that does not count towards the age of what is older
 * than it.  After a long time off, things are purged later by as much; after a step back, what
 * was written in the future is purged when that time comes.  Both only delay a purge.
 *
 * Threads: the caller's.  Times: the steady clock's, in ms.
 */
#ifndef STORE_SEEN_H
#define STORE_SEEN_H

#include <stddef.h>
#include <stdint.h>

#define SEEN_GAPS_MAX 512

struct seen_gap {
    int64_t end_ms;    /* when the run behind it began */
    int64_t length_ms; /* of the time that nobody saw pass */
};

struct seen {
    int64_t last_ms;                     /* up to here time was seen to pass */
    struct seen_gap gaps[SEEN_GAPS_MAX]; /* oldest first */
    size_t count;
};

/* A run begins at now_ms.  When there are too many gaps, the two with the least time seen between
   them become one, at the later one's place: that delays a purge, too. */
void seen_begin(struct seen *seen, int64_t now_ms);

/* The same run goes on. */
void seen_pass(struct seen *seen, int64_t now_ms);

/* What was written before limit_ms would be old enough if all time up to the last one counted;
   returns the limit when only seen time does. */
int64_t seen_limit(const struct seen *seen, int64_t limit_ms);

#endif
