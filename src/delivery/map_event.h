/*
 * map_event: the first step.  Maps a new event with the current schema, and again when the schema
 * has changed since.
 *
 * Threads: the scheduler's.  Memory: map_refusal_done, also when nothing is refused.
 * Errors:  -1: ERR_MEMORY; a stored event that cannot be read is a refusal.
 */
#ifndef DELIVERY_MAP_EVENT_H
#define DELIVERY_MAP_EVENT_H

#include "delivery/destination.h"

/* Why an event can never be written. */
struct map_refusal {
    bool refused;
    struct reason why;
    char *text; /* owned text that why points into, or NULL */
};
void map_refusal_done(struct map_refusal *refusal);

/* Maps item for the first time. */
MUST_USE int map_event(const struct destination *d, struct item *item, struct map_refusal *ret,
                       struct err *err);

/* Maps it with the current schema, if it was mapped with an older one. */
MUST_USE int map_event_again(const struct destination *d, struct item *item,
                             struct map_refusal *ret, struct err *err);

/* True when some of a group's items were mapped with an older schema. */
bool map_event_outdated(const struct destination *d, const struct group *group);

#endif
