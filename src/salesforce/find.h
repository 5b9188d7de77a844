/*
 * find: query() and queryMore() (SOAP guide), rows out of their pages.
 */
#ifndef SALESFORCE_FIND_H
#define SALESFORCE_FIND_H

#include "base/buf.h"
#include "salesforce/org_state.h"
#include "salesforce/soap_read.h"

/* what is the statement, for queryMore the locator: a const char *. */
void find_write_query(struct buf *out, const struct org_line *line, const void *what);
void find_write_more(struct buf *out, const struct org_line *line, const void *what);

/* Appends a page's rows (queryResponse or queryMoreResponse) to rows, whose value_count is
   that of what.  *ret_locator is a loan from the page, NULL after the last one. */
MUST_USE int find_read_page(const struct soap_node *response, const struct org_find *what,
                            struct org_rows *rows, const char **ret_locator, struct err *err);

#endif
