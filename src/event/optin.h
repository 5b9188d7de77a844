/*
 * optin: does the message ask to be sent to Salesforce?
 *
 * Segment's rule for a destination that is off by default (Facade "enabled"): the name,
 * letter for letter, must be in integrations with a value; "All" does not count.
 * Stricter here: null, 0, "" and "false" (in any case) mean no, with a note.  Other values that
 * are not false mean yes, {} and [] too.
 *
 * The top-level integrations object is read; when there is none, context.integrations,
 * else context.providers, else the context itself.  A providers object inside it wins.
 *
 * Threads: any.  Memory: all texts are static.
 */
#ifndef EVENT_OPTIN_H
#define EVENT_OPTIN_H

#include "event/event.h"

struct optin {
    bool in;
    const char *reason; /* static code when not in: "not_opted_in" (not named), "opted_out"
                           (named with a value that means no), "wrong_case" (a value that means yes
                           under a name that differs in case, blanks or signs); NULL when in */
    const char *note;   /* static sentence for a person, or NULL */
};

/* name is the integration's name, "Salesforce". */
struct optin optin_read(const struct event *event, const char *name);

#endif
