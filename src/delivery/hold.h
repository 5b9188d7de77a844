/*
 * hold: whether a destination sends, waits for a problem to pass, or has stopped until a person
 * acts.  Independently of that, a person may have paused it.
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
    bool connected;            /* a call has succeeded since the start or a person's retry */
    int failures;              /* calls failed in a row */
    int parallel;              /* calls at once, as many as the org accepts */
    int64_t until_ms;          /* mono; while holding */
    struct org_fault why;
};

void hold_init(struct hold *hold, int max_parallel);

/* A call failed: the fault's class decides how long to wait, if at all. */
void hold_after_fault(struct hold *hold, const struct org_fault *fault,
                      const struct destination_settings *settings);

/* A call succeeded: ends the hold, and allows one more call in parallel. */
void hold_after_success(struct hold *hold, int max_parallel);

/* Waits ms for a local reason. */
void hold_for(struct hold *hold, int64_t ms, const char *code, const char *message,
              const char *advice);

/* A person retries: as at the start. */
void hold_end(struct hold *hold);

/* The state to show: DELIVERY_PAUSED while it is paused. */
enum delivery_state hold_state(const struct hold *hold);

/* True when calls may go out now; ends a hold whose time is over (its failures count until a call
   succeeds). */
bool hold_open(struct hold *hold);

#endif
