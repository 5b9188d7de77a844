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

struct field;
struct object;
struct orgclock;
struct record;

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

/* The record is complete as it was made: from now on its changes are kept.  A made.at_ms
   of 0 says that nobody knows who made it. */
void history_begin(struct history *history, struct record *record);

/* The object's records that stand there without history, as those of --data do, begin
   to have one; which call made them is not known. */
void history_adopt(struct object *object);

/* The field's value was old, or NULL for null; takes old over (a boolean's is a constant). */
void history_change(struct history *history, struct record *record, const struct field *field,
                    char *old);

/* A record's history as people read it. */
struct told_change {
    const struct change *change;
    const char *now; /* NULL: null */
};

struct record_history {
    struct told_change *changes; /* newest first */
    size_t count;
    const char **first; /* by the field's position: what the record began with */
    bool forgotten;     /* changes before these are let go; first is what is known */
};

/* Loans until the org changes; 0, or -1 without memory. */
MUST_USE int history_tell(const struct history *history, const struct record *record,
                          struct record_history *ret);
void record_history_done(struct record_history *told);

#endif
