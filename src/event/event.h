/*
 * event: one Segment message, read from its stored JSON text.
 *
 * Rules: segment.com/docs, "Spec: Common Fields"; messages of the SDKs of all ages.
 *
 * When a member occurs twice, the last counts.  An id is text or a number, kept as its
 * digits; "", 0, null and other types count as missing; NUL characters in it are removed.
 *
 * Times: ISO 8601 (without a zone: UTC), or seconds or milliseconds since 1970.  The
 * original is timestamp, or originalTimestamp when that is missing or not a time; sentAt
 * is by the same clock.  received comes from receivedAt, which intake.h sets.
 *
 * Threads: an event is read-only once read.  Memory: the text, and the document that
 * event_read_part is given, are borrowed and must outlive the event; event_done frees the rest.
 */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include "event/doc.h"

enum event_type {
    EVENT_IDENTIFY,
    EVENT_GROUP,
    EVENT_TRACK,
    EVENT_PAGE,
    EVENT_SCREEN,
    EVENT_ALIAS,
    EVENT_TYPES,             /* how many there are */
    EVENT_NONE = EVENT_TYPES /* none, or not known */
};

struct event {
    struct doc doc;    /* contains the event, and more when it is borrowed */
    bool doc_borrowed; /* the document belongs to the caller */
    enum event_type type;
    char *message_id;     /* never NULL */
    char *user_id;        /* NULL when absent, null or "": a number's text otherwise */
    char *anonymous_id;   /* the same */
    char *group_id;       /* the same */
    int64_t received_ms;  /* when the server received it; without receivedAt, the original */
    int64_t timestamp_ms; /* corrected: received - (sent - original); the original itself
                             without sentAt, received without an original; never later than
                             received, since a client's clock may be anywhere; 0 without any */
    /* NULL when absent or not an object.  traits: top level; for identify, context.traits
       when the top level has none or an empty one; for group, properties in the same way. */
    const struct doc_node *traits;
    const struct doc_node *context; /* "options", its old name, wins when present */
    const struct doc_node *integrations;
};

/* Reads a message.  -1 with ERR_INVALID when it is not an object, or lacks a known type
   or a messageId. */
MUST_USE int event_read(struct event *event, const char *text, size_t len, struct err *err);

/* A message inside a document that has been parsed already, as event_read would read it if it
   were written with these values. */
struct event_part {
    const struct doc *doc;
    const struct doc_node *message; /* an object */
    enum event_type type;
    const char *message_id;
    int64_t received_ms;
    const struct doc_node *sent_at; /* instead of the message's own; NULL: its own */
};
MUST_USE int event_read_part(struct event *event, const struct event_part *part, struct err *err);
void event_done(struct event *event);

/* "identify", ...; "none" for EVENT_NONE. */
const char *event_type_name(enum event_type type);

/* The type that a message's "type" names, by name only; node may be NULL. */
enum event_type event_type_of(const struct doc *doc, const struct doc_node *node);

#endif
