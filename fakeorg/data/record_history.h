/*
 * record_history: what was written to a record, for display.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  record_history_done frees the lists; the texts are valid until the org changes.
 */
#ifndef FAKEORG_DATA_RECORD_HISTORY_H
#define FAKEORG_DATA_RECORD_HISTORY_H

#include "fakeorg/data/record.h"

struct history_entry {
    const struct change *change;
    const char *now; /* NULL: null */
};

struct record_history {
    struct history_entry *changes; /* newest first */
    size_t count;
    const char **first; /* by the field's position: the record's initial values */
    bool forgotten;     /* earlier changes have been dropped; first is what is left */
};

/* Valid until the org changes; 0, or -1 when out of memory. */
MUST_USE int record_history_read(const struct record *record, struct record_history *ret);
/* Whether that call created or changed the record, as far back as the history goes. */
bool record_written_by(const struct record *record, uint64_t call);

void record_history_done(struct record_history *history);

#endif
