/* same_event: whether two events say the same, wherever they were read from. */
#ifndef TESTS_SAME_EVENT_H
#define TESTS_SAME_EVENT_H

#include <string.h>

#include "event/event.h"

static inline bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static inline bool same_value(const struct event *a, const struct doc_node *of_a,
                              const struct event *b, const struct doc_node *of_b)
{
    const char *raw_a, *raw_b;
    size_t len_a, len_b;

    if (of_a == NULL || of_b == NULL)
        return of_a == of_b;
    raw_a = doc_raw(&a->doc, of_a, &len_a);
    raw_b = doc_raw(&b->doc, of_b, &len_b);
    return len_a == len_b && memcmp(raw_a, raw_b, len_a) == 0 && of_a->count == of_b->count;
}

static inline bool same_event(const struct event *a, const struct event *b)
{
    return a->type == b->type && same_text(a->message_id, b->message_id) &&
           same_text(a->user_id, b->user_id) && same_text(a->anonymous_id, b->anonymous_id) &&
           same_text(a->group_id, b->group_id) && a->received_ms == b->received_ms &&
           a->timestamp_ms == b->timestamp_ms && same_value(a, a->traits, b, b->traits) &&
           same_value(a, a->context, b, b->context) &&
           same_value(a, a->integrations, b, b->integrations);
}

#endif
