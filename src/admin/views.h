/*
 * views: what the admin shows, as JSON values.
 *
 * Threads:  any; everything is read through functions that any thread may call.
 * Memory:   a json_t is the caller's reference.
 */
#ifndef ADMIN_VIEWS_H
#define ADMIN_VIEWS_H

#include <jansson.h>

#include "admin/sources.h"
#include "base/buf.h"

/* started_ms: wall clock. */
MUST_USE json_t *view_status(const struct admin_sources *sources, int64_t started_ms,
                             struct err *err);

/* The receipts of one event, by its messageId. */
MUST_USE json_t *view_trace(const struct admin_sources *sources, const char *message_id,
                            struct err *err);

/* The receipts found by a messageId, a userId, anonymousId, groupId or e-mail, or a record Id:
   grouped by event, the newest first, at most VIEW_PAGE; "more" says whether there are others.
   Both: ERR_NOT_FOUND when nothing is known. */
MUST_USE json_t *view_search(const struct admin_sources *sources, const char *what,
                             struct err *err);

/* One receipt, as every view shows it; and the same with the state of its destination: why and
   until when it waits there, and where its record is in the org. place NULL: the destination does
   not run. */
struct delivery_status;
json_t *view_receipt(const struct store_receipt *receipt);
json_t *view_receipt_at(const struct store_receipt *receipt, const struct delivery_status *place);

/* An event that a destination did not want: as a receipt in state "skipped", with the reason as its
   code.  message_id may be NULL: not known. */
json_t *view_skipped(const struct store_skipped *one, const char *message_id);

/* The stored event; NULL when it is not an object that jansson can read. */
json_t *view_event(const char *body);

/* The person or company of an event: its userId, e-mail or anonymousId; for a group call the
   groupId; or null. */
json_t *view_user(const json_t *event);

/* At most VIEW_PAGE dead letters of a destination, newest first, below before (0: from the
   newest), each with its user, and "next" for the page after them. */
#define VIEW_PAGE 100
struct view_dead_letters_query {
    const char *destination;
    const char *code; /* only those; NULL: all */
    int64_t before;
    bool with_event; /* each with "event", as it was received */
};
MUST_USE json_t *view_dead_letters(struct store *store,
                                   const struct view_dead_letters_query *wanted, struct err *err);

/* The receipts of one event, each with user and event; ERR_NOT_FOUND when it is not known. */
MUST_USE json_t *view_dead_letter(struct store *store, const char *message_id, struct err *err);

/* Carries out a person's action (writer_redrive, writer_discard) on the dead letters of a
   destination: those of one event, or all, or all with one code; *ret_count: how many.
   ERR_NOT_FOUND when that event has none there. */
typedef int dead_letters_action(struct writer *writer, struct store_dead_letters *which,
                                struct err *err);
MUST_USE int dead_letters_act(const struct admin_sources *sources, dead_letters_action *act,
                              const char *destination, const char *message_id, const char *code,
                              int64_t *ret_count, struct err *err);

/* Events as "events", oldest first, each a receipt with its user, or one that was skipped, and the
   cursor "next" to continue from: the newest lines that match (among the newest 10,000 of either
   kind), or what came in or changed since the cursor after.  "more": ask again at once.
   ERR_INVALID: after is not a cursor. */
/* The outcome of events that have no receipt. */
#define VIEW_SKIPPED "skipped"
struct view_events {
    const char *after;                          /* only for since */
    const char *source, *destination, *outcome; /* only those; NULL: all */
    size_t lines;                               /* only for recent */
};
MUST_USE json_t *view_recent_events(struct store *store, const struct view_events *wanted,
                                    struct err *err);
MUST_USE json_t *view_events_since(struct store *store, const struct view_events *wanted,
                                   struct err *err);

/* Reads decimal digits, no sign: false without any, or when it is too large. */
bool view_number(const char *text, const char **ret_end, int64_t *ret);

/* The pages for people: the HTML files of this folder, made strings by tools/embed-pages.  path is
   NULL in the one after the last. */
struct view_page {
    const char *path, *html;
};
extern const struct view_page view_pages[];

/* "2026-11-23T10:05:00.000Z", or null for 0 and less. */
json_t *view_time(int64_t ms);

#endif
