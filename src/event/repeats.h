/*
 * repeats: members of one object that have the same name.
 *
 * As in every SDK's parser (ECMA-262, JSON.parse) the last one counts, in the place where
 * the name came first.
 *
 * Threads: none of its own.  Cost: n log n comparisons of names.
 */
#ifndef EVENT_REPEATS_H
#define EVENT_REPEATS_H

#include "event/doc.h"

/* Links the members of the object that count, from those that are written.  -1 when out of
   memory. */
MUST_USE int repeats_link(struct doc *doc, uint32_t object, struct err *err);

#endif
