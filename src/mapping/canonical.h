/*
 * canonical: one spelling for each value of each type, so that values which Salesforce
 * calls equal are equal bytes.  7, 7.0 and "07" are one number, 10:00Z and 11:00+01:00
 * one instant, "A" and "a" one text unless the field tells cases apart.
 *
 * The key of an event and the match of a row are both made here: they cannot disagree.
 *
 * A text that is no value of its type is taken as a text.  Of its own output each
 * function makes the same again.
 *
 * Threads: any.  Memory: mem_free the result; NULL when out of memory, never else.
 */
#ifndef MAPPING_CANONICAL_H
#define MAPPING_CANONICAL_H

#include "schema/schema.h"

/* As it is written to a look-up field and asked for: as Salesforce keeps it.  A number has
   the field's digits behind the point, a date-time no fraction of a second, a choice of
   several an order. */
MUST_USE char *canonical_value(const struct schema_field *field, const char *text);

/* As it stands in a key. */
MUST_USE char *canonical_key(enum field_type type, bool case_sensitive, const char *text);

/* Less exact than the key, for a row that the org counts as equal by rules which are not
   known here: without accents and width, a number as far as xsd:double carries it.  Tells
   fewer values apart than the key does, never more. */
MUST_USE char *canonical_loose(enum field_type type, const char *text);

#endif
