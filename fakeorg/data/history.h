/*
 * history: what was written to which field of a record, when, and by which call.
 *
 * Of a record's creation the call is kept with the record.  Every later change of a
 * value is one entry in a ring, which keeps the old value; the new one is what the
 * next change found, or what stands in the record.  The entries of a record are
 * linked from the newest backwards by their numbers, so that letting go of the oldest
 * one of the ring unlinks nothing: its number is merely not found any more.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  the history owns the old values.
 * Limits:  HISTORY_CHANGES entries, HISTORY_BYTES of old values; the oldest go first.
 */
#ifndef FAKEORG_DATA_HISTORY_H
#define FAKEORG_DATA_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define HISTORY_CHANGES ((uint64_t)1 << 17)
#define HISTORY_BYTES   ((size_t)64 * 1024 * 1024)

struct field; /* field.h */
struct orgclock;

/* Which call writes; number 0 is no call but somebody's hand (/_fakeorg/...). */
struct writer {
    uint64_t call;
    const char *operation; /* a constant */
};

/* When and by what a record or a value came to be. */
struct written {
    struct writer by;
    int64_t at_ms; /* of the org's clock */
};

/* Of each record: who made it, and the newest of its changes. */
struct trail {
    bool complete;        /* changes are history; before, the record is being made */
    struct written made;  /* at_ms of 0: nobody knows */
    uint64_t last_change; /* number in the history; 0 for none */
};

struct change {
    struct written written;
    uint64_t earlier; /* number of the record's change before; 0 for none */
    const struct field *field;
    char *old; /* NULL: null */
    size_t bytes;
};

struct history {
    const struct orgclock *clock;
    struct change *ring;     /* made with the first change */
    uint64_t newest, oldest; /* numbers in the ring, from 1; oldest > newest: empty */
    size_t bytes;            /* of old values */
    struct writer writer;    /* of whatever is written now */
    bool paused;             /* stamps are no changes */
};

void history_init(struct history *history, const struct orgclock *clock);
void history_clear(struct history *history);
void history_done(struct history *history);

/* The record is complete as it was made: from now on its changes are kept. */
void history_begin(struct history *history, struct trail *trail);

/* The field's value was old, or NULL for null; takes old over (a boolean's is a constant). */
void history_change(struct history *history, struct trail *trail, const struct field *field,
                    char *old);

/* The change of that number; NULL when it was let go, or for 0. */
const struct change *history_find(const struct history *history, uint64_t number);

#endif
