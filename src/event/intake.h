/*
 * intake: what a request body contains, as messages ready to be stored.
 *
 * A body is one message, or {"batch": [...]}.  The text of each message is kept as it
 * was sent, order and digits too, with these exceptions:
 *   type        set from the path where the path names one, whatever the body says
 *   messageId   generated (UUID) when missing, null, "", 0 or neither text nor number; a number
 *               becomes its text; over 100 UTF-16 units, or with a NUL: "h-" and its hash
 *   receivedAt  set, whatever the body says
 *   writeKey    left out: the source is stored with the event
 *   context, integrations   the batch's are merged in, member by member at the first
 *               level, the message's own winning; context into options where the message
 *               has an object of that name, since event_read prefers it
 *   sentAt      the batch's, when the message has none
 *   any member in members.h that occurs twice: the last is kept
 *
 * One bad message never fails its batch: it has a problem instead of a text.
 *
 * The body is parsed once: intake_event gives its messages as events without parsing their
 * texts, unless a message was merged with what its batch adds to all.
 *
 * Threads: none of its own.  Memory: intake_done frees everything; the body is borrowed until
 *          intake_forget_body.
 * Limits:  below.  Cost grows with the body, and stays below INTAKE_MAX_TOTAL however
 *          much a batch has its messages share.
 */
#ifndef EVENT_INTAKE_H
#define EVENT_INTAKE_H

#include "event/event.h"

#define INTAKE_MAX_BODY     (1024 * 1024) /* bytes, decompressed */
#define INTAKE_MAX_MESSAGE  (64 * 1024)   /* bytes of one message as sent */
#define INTAKE_MAX_MESSAGES 5000          /* of one batch */
#define INTAKE_MAX_ID       100           /* UTF-16 units of a messageId */

/* The most members and bytes of a batch's context, and of its integrations. */

/* Bytes of one text (message, what is shared, our own members), and of all of a body. */
#define INTAKE_MAX_TEXT  (132 * 1024)
#define INTAKE_MAX_TOTAL (8 * 1024 * 1024)

struct intake_message {
    char *text; /* complete JSON for event_read; NULL when there is a problem */
    size_t len;
    const char *problem; /* static code, NULL when fine: "not_an_object", "unknown_type",
                            "no_ids", "no_group_id", "too_large" */
    /* for intake_event */
    const struct doc_node *node; /* in the body; NULL when text contains more */
    enum event_type type;
    char *message_id;
    const struct doc_node *sent_at; /* the batch's, when it counts */
};

struct intake {
    struct doc doc; /* the body */
    int64_t received_ms;
    char *write_key; /* from the body, or NULL; a batch's wins over its messages', else the
                        first that is text */
    struct intake_message *messages;
    size_t count;
};

/*
 * path_type: what the path says (/v1/identify), EVENT_NONE for batch paths and for
 * those that say nothing.  is_batch_path: the body must have "batch".  "batch" in a
 * body whose path names a type is a member like any other.
 * -1 with ERR_INVALID (not JSON, not an object, no batch where one is required; the text
 * can be shown to the sender), ERR_FULL (over a limit above; the same
 * body always will be) or ERR_MEMORY.
 */
MUST_USE int intake_read(struct intake *intake, const char *body, size_t len,
                         enum event_type path_type, bool is_batch_path, int64_t received_ms,
                         struct err *err);

/* The message, which has no problem, as event_read reads its text.  The event borrows from
   the intake and from the body. */
MUST_USE int intake_event(const struct intake *intake, const struct intake_message *message,
                          struct event *ret, struct err *err);

/* Frees what was read of the body itself; its messages' texts are kept. */
void intake_forget_body(struct intake *intake);
void intake_done(struct intake *intake);

#endif
