/*
 * soql: a look-up in Salesforce's query language, for every back end that uses it (SOQL
 * reference: quoted string escapes, SELECT limits).
 *
 * A statement may have 100,000 characters, a string 4,000, counted in UTF-16 units after
 * escaping.  A value that no field can contain (longer than that; not a number or date
 * where one is needed) matches nothing: its key is used without a condition.  Threads: any.
 */
#ifndef SALESFORCE_SOQL_H
#define SALESFORCE_SOQL_H

#include "base/buf.h"
#include "salesforce/org_values.h"

#define SOQL_MAX_CHARACTERS 100000
#define SOQL_MAX_STRING     4000

/* text in single quotes, escaped. */
void soql_string(struct buf *out, const char *text);

/* The columns of a row besides its Id and look-up values. */
enum soql_column { SOQL_CONVERTED, SOQL_SUCCESSOR, SOQL_MODIFIED, SOQL_CREATED, SOQL_COLUMNS };

struct soql_columns {
    char names[SOQL_COLUMNS][120]; /* "": the object has no such field, or it is not wanted */
};
void soql_columns(const struct org_find *what, struct soql_columns *ret);

/* Puts a column's text (NULL: null) where it belongs in the row.  -1: no memory. */
MUST_USE int soql_read_column(struct org_row *row, enum soql_column column, const char *text);

/* Writes the statement for as many keys as fit from the first on; *ret_keys_used is how
   many were used.  False when none of these needs a query: out then stays empty.  Names
   must have passed names_valid.  Call buf_check afterwards. */
bool soql_find(struct buf *out, const struct org_find *what, const struct soql_columns *columns,
               size_t *ret_keys_used);

#endif
