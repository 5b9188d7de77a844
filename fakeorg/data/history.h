/*
 * history: what was written to which field of a record, when, and by which call.
 *
 * The call that created a record is kept with the record.  Every later change of a
 * value is one entry in a ring, which keeps the old value; the new one is the
 * old value of the next change, or the record's current value.  The entries of a record are
 * linked from the newest backwards by number, so that dropping the oldest
 * entry unlinks nothing: its number is just not found any more.
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

/* Which call writes; number 0 is a change made through /_fakeorg/... instead. */
struct writer {
    uint64_t call;
    const char *operation; /* a constant */
};

/* When and by which call a record or value was written. */
struct written {
    struct writer by;
    int64_t at_ms; /* of the org's clock */
};

/* Of each record: which call created it, and its latest change. */
struct trail {
    bool complete;        /* changes are recorded; false while it is being created */
    struct written made;  /* at_ms is 0: unknown */
    uint64_t last_change; /* number in the history; 0: none */
};

struct change {
    struct written written;
    uint64_t earlier; /* number of the record's previous change; 0: none */
    const struct field *field;
    char *old; /* NULL: null */
    size_t bytes;
};

struct history {
    const struct orgclock *clock;
    struct change *ring;     /* allocated at the first change */
    uint64_t newest, oldest; /* numbers in the ring, from 1; oldest > newest: empty */
    size_t bytes;            /* of old values */
    struct writer writer;    /* of what is being written */
    bool paused;             /* while system fields are set */
};

void history_init(struct history *history, const struct orgclock *clock);
void history_clear(struct history *history);
void history_done(struct history *history);

/* The record has been created: from now on its changes are recorded. */
void history_begin(struct history *history, struct trail *trail);

/* The field's value was old, or NULL for null; takes ownership of old (except a boolean's, a
 * constant). */
void history_change(struct history *history, struct trail *trail, const struct field *field,
                    char *old);

/* The change with that number; NULL when it has been dropped, or for 0. */
const struct change *history_find(const struct history *history, uint64_t number);

#endif
