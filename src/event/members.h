/*
 * members: the members of a message that Leadline itself reads, found in one pass.
 *
 * intake and event_read both look through this table, so that what one checks or
 * replaces is what the other later sees.  When a name occurs twice, the last counts.
 *
 * Threads: any.  Memory: nodes belong to the document.
 */
#ifndef EVENT_MEMBERS_H
#define EVENT_MEMBERS_H

#include "event/doc.h"

enum member {
    MEMBER_TYPE,
    MEMBER_MESSAGE_ID,
    MEMBER_USER_ID,
    MEMBER_ANONYMOUS_ID,
    MEMBER_GROUP_ID,
    MEMBER_TIMESTAMP,
    MEMBER_ORIGINAL_TIMESTAMP,
    MEMBER_SENT_AT,
    MEMBER_RECEIVED_AT,
    MEMBER_TRAITS,
    MEMBER_PROPERTIES,
    MEMBER_CONTEXT,
    MEMBER_OPTIONS,
    MEMBER_INTEGRATIONS,
    MEMBER_WRITE_KEY,
    MEMBERS,              /* how many there are */
    MEMBER_NONE = MEMBERS /* not one of them */
};

struct members {
    const struct doc_node *of[MEMBERS]; /* NULL when absent */
};

/* Which of them an object's member is, by its exact name. */
enum member members_which(const struct doc *doc, const struct doc_node *node);

/* "type", "messageId", ... */
const char *members_name(enum member member);

struct members members_read(const struct doc *doc, const struct doc_node *object);

/* The member if it is an object, else NULL. */
const struct doc_node *members_object(const struct members *members, enum member member);

/* MEMBER_OPTIONS, the name that context had before 2014, if that is an object; else
   MEMBER_CONTEXT. Segment's libraries do the same. */
enum member members_context(const struct members *members);

/* True for an id: text or number, neither "" nor 0. */
bool members_is_id(const struct doc *doc, const struct doc_node *node);

#endif
