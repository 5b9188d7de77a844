/*
 * shared: what a batch adds to all of its messages: its context or its integrations, of which
 * each message receives the members that it lacks.  Inside event only.
 *
 * Threads: one value belongs to one thread at a time.
 * Memory:  a plain value, zeroed at the start; shared_done frees the keys.  The nodes are borrowed.
 * Errors:  ERR_FULL above the limits, ERR_MEMORY.
 * Limits:  SHARED_MAX members, SHARED_MAX_BYTES bytes of JSON.
 */
#ifndef EVENT_SHARED_H
#define EVENT_SHARED_H

#include "base/err.h"
#include "event/doc.h"

#define SHARED_MAX       128
#define SHARED_MAX_BYTES (32 * 1024)

struct shared_key {
    const char *text; /* decoded */
    size_t len;
};

/* Batch-level context or integrations: what each message receives of it. */
struct shared {
    const struct doc_node *object; /* NULL when there is none */
    struct shared_member {
        struct shared_key key;
        const struct doc_node *node;
        char *own_text; /* of the key */
        bool hidden;    /* by a member of the current message */
    } members[SHARED_MAX];
    struct shared_member *by_key[SHARED_MAX];
    size_t count;
};

/* Fills shared from object, which may be NULL; name is for error messages. */
MUST_USE int shared_read(struct shared *shared, const struct doc *doc,
                         const struct doc_node *object, const char *name, struct err *err);
void shared_done(struct shared *shared);

/* Marks as hidden what own, a message's object, has itself. */
MUST_USE int shared_hide(struct shared *shared, const struct doc *doc, const struct doc_node *own,
                         struct err *err);

#endif
