/*
 * names: what people look an event up by: its userId, anonymousId and groupId, and the e-mail
 * of its traits.  Each is folded (utf8_fold), so that case and white space around it do not
 * matter.
 *
 * Threads: any.  Memory: event_names_done frees the texts.  Limits: EVENT_NAMES_MAX names,
 * EVENT_NAME_MAX bytes each; a longer one is ignored.
 */
#ifndef EVENT_NAMES_H
#define EVENT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct event;

#define EVENT_NAMES_MAX 5
#define EVENT_NAME_MAX  1024

struct event_names {
    char *list[EVENT_NAMES_MAX];
    size_t count;
};

/* No name occurs twice.  -1: out of memory, and nothing to free. */
MUST_USE int event_names(const struct event *event, struct event_names *ret, struct err *err);
/* The same for the text of a stored message; a text that is not a message has no names. */
MUST_USE int event_names_of_text(const char *text, size_t len, struct event_names *ret,
                                 struct err *err);
bool event_names_have(const struct event_names *names, const char *folded);
void event_names_done(struct event_names *names);

#endif
