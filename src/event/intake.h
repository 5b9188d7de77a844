/*
 * intake: what a request body holds, as messages ready to be stored.
 *
 * A body is one message, or {"batch": [...]}.  Batch-level context, integrations
 * (the message's own members win) and sentAt are merged into each message; type
 * comes from the path where the path names one; a missing messageId is made; one
 * of over 100 characters is replaced by its hash; receivedAt is set.  The text of
 * each message is otherwise kept as it came, numbers to the digit.
 *
 * One bad message never fails its batch: it has a problem instead of a text.
 *
 * Threads: none of its own.  Memory: intake_done frees everything.
 */
#ifndef EVENT_INTAKE_H
#define EVENT_INTAKE_H

#include "event/event.h"

#define INTAKE_MAX_BODY     (1024 * 1024) /* bytes, decompressed */
#define INTAKE_MAX_MESSAGE  (64 * 1024)   /* bytes of one message as sent */
#define INTAKE_MAX_MESSAGES 5000          /* of one batch */
#define INTAKE_MAX_ID       100           /* characters of a messageId */

struct intake_message {
    char *text; /* complete JSON for event_read; NULL when there is a problem */
    size_t len;
    const char *problem; /* static code: "not_an_object", "unknown_type", "no_ids", "too_large",
                            "no_group_id" ...; NULL when fine */
};

struct intake {
    char *write_key; /* from the body, or NULL; a batch's wins over its messages' */
    struct intake_message *messages;
    size_t count;
};

/*
 * path_type: what the path says (/v1/identify), EVENT_NONE for batch paths and for
 * those that say nothing.  is_batch_path: the body must have "batch".
 * -1 with ERR_INVALID (no JSON, no object, no batch where one must be; the text is
 * fit to be shown to the sender), ERR_FULL (too many messages) or ERR_MEMORY.
 */
MUST_USE int intake_read(struct intake *intake, const char *body, size_t len,
                         enum event_type path_type, bool is_batch_path, int64_t received_ms,
                         struct err *err);
void intake_done(struct intake *intake);

#endif
