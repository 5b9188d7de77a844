/*
 * receipt_text: what a receipt holds besides its outcome: the fields that were sent, and notes.
 *
 * Threads: any.  Memory: texts are the caller's; mem_free them.
 * Errors:  out of memory sets *failed, which is never cleared, so that no note is lost silently.
 */
#ifndef DELIVERY_RECEIPT_TEXT_H
#define DELIVERY_RECEIPT_TEXT_H

#include "delivery/group.h"

/* The fields that were sent, as a JSON object: those that fit; *ret_left_out: how many do not.  A
   cleared one is null. */
char *receipt_text_sent(const struct merged *merged, size_t *ret_left_out, bool *failed);

/* The mapping's notes and what happened to the group, as JSON: those that fit, and how many do not
   fit.  NULL when there is none. */
char *receipt_text_notes(const struct group *group, const struct item *item,
                         const struct store_outcome *outcome, size_t left_out, bool *failed);

/* The first of these notes, at most RECEIPT_TEXT_SHORT bytes, and how many more there were. NULL:
   out of memory. */
#define RECEIPT_TEXT_SHORT 300
MUST_USE char *receipt_text_shorten(const char *notes);

#endif
