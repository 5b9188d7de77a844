/*
 * status: what a destination shows to others, and the states it can be in.
 *
 * Threads: any: plain values.  Memory: `destination` belongs to whoever fills it in, `advice` is
 * static.  Units: ms.
 */
#ifndef DELIVERY_STATUS_H
#define DELIVERY_STATUS_H

#include <stddef.h>
#include <stdint.h>

#include "salesforce/org.h"

enum delivery_state {
    DELIVERY_STARTING, /* no call has succeeded yet: signing in */
    DELIVERY_RUNNING,
    DELIVERY_HOLDING, /* until a time */
    DELIVERY_STOPPED, /* until a person acts or the settings change */
    DELIVERY_PAUSED   /* by a person, until a person resumes it */
};

struct delivery_status {
    char *destination;
    enum delivery_state state;
    char code[80]; /* why it holds or stopped */
    char message[512];
    const char *advice;
    int64_t until_ms; /* holding: wall clock of the next attempt */
    int64_t described_ms;
    size_t in_hand; /* deliveries read whose outcome is not in the store yet */
    int calls_in_flight;
    struct org_counts org;
};

#endif
