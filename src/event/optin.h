/*
 * optin: does the message ask to be sent to Salesforce?
 *
 * Segment's rule for a destination that is off by default (Facade "enabled"), made
 * stricter: null, 0, "" and "false" mean no, and context.integrations is read when
 * the top level has none.
 */
#ifndef EVENT_OPTIN_H
#define EVENT_OPTIN_H

#include "event/event.h"

struct optin {
    bool in;
    const char *reason; /* static code when not in: "not_opted_in", "opted_out", "wrong_case" */
    const char *note;   /* static sentence for a person, or NULL */
};

/* name is the integration's name, "Salesforce". */
struct optin optin_read(const struct event *event, const char *name);

#endif
