/*
 * soql: the text of a look-up (SOQL reference: quoted string escapes, SELECT limits).
 *
 * A statement holds 100,000 characters, a string 4,000, counted in UTF-16 units after
 * escaping.  A value that no field can hold (longer than that; no number or date though
 * it should be) matches nothing: its key is used and asks for nothing.  Threads: any.
 */
#ifndef SALESFORCE_SOAP_SOQL_H
#define SALESFORCE_SOAP_SOQL_H

#include "base/buf.h"
#include "salesforce/org.h"

#define SOQL_MAX_CHARACTERS 100000
#define SOQL_MAX_STRING     4000

/* text in single quotes, escaped. */
void soql_string(struct buf *out, const char *text);

/* Writes the statement for as many keys as fit from the first on; *ret_keys_used is how
   many were dealt with.  False when none of these needs asking: out then stays empty.
   Names must have passed soap_api_name.  Ask buf_check afterwards. */
bool soql_find(struct buf *out, const struct org_find *what, size_t *ret_keys_used);

#endif
