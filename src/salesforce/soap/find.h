/*
 * find: query() and queryMore() (SOAP guide), rows out of their pages.
 */
#ifndef SALESFORCE_SOAP_FIND_H
#define SALESFORCE_SOAP_FIND_H

#include "base/buf.h"
#include "salesforce/org_state.h"
#include "salesforce/soap/read.h"

/* what is the statement, for queryMore the locator: a const char *. */
void find_write_query(struct buf *out, const struct org_connection *connection, const void *what);
void find_write_more(struct buf *out, const struct org_connection *connection, const void *what);

/* Appends a page's rows (queryResponse or queryMoreResponse) to rows, whose value_count is
   that of what.  *size: how many rows all pages have, -1 before the first.  *ret_locator is a
   loan from the page, NULL after the last one.  ERR_INVALID: the page cannot be true. */
MUST_USE int find_read_page(const struct soap_node *response, const struct org_find *what,
                            struct org_rows *rows, int64_t *size, const char **ret_locator,
                            struct err *err);

/* After the last page: ERR_INVALID when the rows are not as many as they said, or one of them
   stands there twice. */
MUST_USE int find_check(const struct org_rows *rows, int64_t size, struct err *err);

#endif
