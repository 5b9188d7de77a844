/*
 * record_history: what was written to a record, for people to read.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  record_history_done frees the lists; the texts are loans until the org changes.
 */
#ifndef FAKEORG_DATA_RECORD_HISTORY_H
#define FAKEORG_DATA_RECORD_HISTORY_H

#include "fakeorg/data/record.h"

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
MUST_USE int record_history_read(const struct record *record, struct record_history *ret);
/* Whether that call made the record or changed a value of it, as far back as is known. */
bool record_written_by(const struct record *record, uint64_t call);

void record_history_done(struct record_history *told);

#endif
