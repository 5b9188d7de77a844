/*
 * hold: whether a destination sends, waits for something to heal, or has stopped until
 * a person acts.  Beside that a person may have it paused.
 *
 * Threads: the scheduler's.  Memory: none.  Errors: none.  Time: mono.
 */
#ifndef DELIVERY_HOLD_H
#define DELIVERY_HOLD_H

#include "delivery/status.h"
#include "settings/settings.h"

struct hold {
    enum delivery_state state; /* never DELIVERY_PAUSED */
    bool paused;               /* by a person, whatever the state */
    bool connected;            /* a call has come through since the start or a person's retry */
    int failures;              /* calls failed in a row */
    int parallel;              /* calls at once, as many as the org takes */
    int64_t until_ms;          /* mono; while holding */
    struct org_fault why;
};

void hold_init(struct hold *hold, int max_parallel);

/* A call failed: decides by the fault's class how long to wait, if at all. */
void hold_after_fault(struct hold *hold, const struct org_fault *fault,
                      const struct destination_settings *settings);

/* A call came through: all is well again, and one more may run at once. */
void hold_after_success(struct hold *hold, int max_parallel);

/* Waits ms for a reason of our own. */
void hold_for(struct hold *hold, int64_t ms, const char *code, const char *message,
              const char *advice);

/* A person says try again: as at the start. */
void hold_end(struct hold *hold);

/* The state as it shows: DELIVERY_PAUSED while it is paused. */
enum delivery_state hold_state(const struct hold *hold);

/* True when calls may go out now; ends a hold whose time has come (its failures stay until a
   call comes through). */
bool hold_open(struct hold *hold);

#endif
