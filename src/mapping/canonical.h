/*
 * canonical: one form for each value of each type, so that values which Salesforce
 * treats as equal are equal bytes.  7, 7.0 and "07" are one number, 10:00Z and 11:00+01:00
 * one instant, "A" and "a" one text unless the field is case-sensitive.
 *
 * The key of an event and the match of a row are both made here: they cannot disagree.
 *
 * Text that is not a value of its type is treated as text.  Each function returns
 * its own output unchanged.
 *
 * Threads: any.  Memory: mem_free the result; NULL only when out of memory.
 */
#ifndef MAPPING_CANONICAL_H
#define MAPPING_CANONICAL_H

#include "schema/schema.h"

/* As it is written to a look-up field and queried: as Salesforce stores it.  A number has
   the field's decimal places, a date-time no fraction of a second, several choices are
   sorted. */
MUST_USE char *canonical_value(const struct schema_field *field, const char *text);

/* As used in a key. */
MUST_USE char *canonical_key(enum field_type type, bool case_sensitive, const char *text);

/* Less exact than the key, for a row that the org treats as equal by rules not
   implemented here: without accents and width, a number with the precision of xsd:double.
   Distinguishes fewer values than the key does, never more. */
MUST_USE char *canonical_loose(enum field_type type, const char *text);

#endif
