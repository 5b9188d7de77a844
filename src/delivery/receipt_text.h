/*
 * receipt_text: what a receipt says beside its outcome: the fields that were sent, and notes.
 *
 * Threads: any.  Memory: texts are the caller's; mem_free them.
 * Errors:  out of memory sets *failed, which is never cleared: no note vanishes for that.
 */
#ifndef DELIVERY_RECEIPT_TEXT_H
#define DELIVERY_RECEIPT_TEXT_H

#include "delivery/group.h"

/* The fields that went out, as a JSON object: those that fit, *ret_left_out do not.  A cleared
   one is null. */
char *receipt_text_sent(const struct merged *merged, size_t *ret_left_out, bool *failed);

/* The mapping's notes and what happened to the group, as JSON: those that fit, and how many do
   not.  NULL when there is none. */
char *receipt_text_notes(const struct group *group, const struct item *item,
                         const struct store_outcome *outcome, size_t left_out, bool *failed);

/* The first of these notes, RECEIPT_TEXT_SHORT bytes at most, and how many there were more.
   NULL: out of memory. */
#define RECEIPT_TEXT_SHORT 300
MUST_USE char *receipt_text_shorten(const char *notes);

#endif
