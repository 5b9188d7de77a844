/*
 * soql: a look-up in Salesforce's query language, for every back end that asks in it (SOQL
 * reference: quoted string escapes, SELECT limits).
 *
 * A statement holds 100,000 characters, a string 4,000, counted in UTF-16 units after
 * escaping.  A value that no field can hold (longer than that; no number or date though
 * it should be) matches nothing: its key is used and asks for nothing.  Threads: any.
 */
#ifndef SALESFORCE_SOQL_H
#define SALESFORCE_SOQL_H

#include "base/buf.h"
#include "salesforce/org_values.h"

#define SOQL_MAX_CHARACTERS 100000
#define SOQL_MAX_STRING     4000

/* text in single quotes, escaped. */
void soql_string(struct buf *out, const char *text);

/* What a row says besides its Id and look-up values. */
enum soql_column { SOQL_CONVERTED, SOQL_SUCCESSOR, SOQL_MODIFIED, SOQL_CREATED, SOQL_COLUMNS };

struct soql_columns {
    char names[SOQL_COLUMNS][120]; /* "": the object has no such field, or it is not wanted */
};
void soql_columns(const struct org_find *what, struct soql_columns *ret);

/* Puts a column's text (NULL: null) where it belongs in the row.  -1: no memory. */
MUST_USE int soql_read_column(struct org_row *row, enum soql_column column, const char *text);

/* Writes the statement for as many keys as fit from the first on; *ret_keys_used is how
   many were dealt with.  False when none of these needs asking: out then stays empty.
   Names must have passed names_valid.  Ask buf_check afterwards. */
bool soql_find(struct buf *out, const struct org_find *what, const struct soql_columns *columns,
               size_t *ret_keys_used);

#endif
