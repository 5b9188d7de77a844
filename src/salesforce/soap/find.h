/*
 * find: query() and queryMore() (SOAP guide), rows out of their pages.
 *
 * Threads: any, each with its own connection.  Ownership: rows are freed by org_rows_done.
 */
#ifndef SALESFORCE_SOAP_FIND_H
#define SALESFORCE_SOAP_FIND_H

#include "base/buf.h"
#include "salesforce/org_state.h"
#include "salesforce/soap/read.h"
#include "salesforce/soql.h"

/* what is the statement, for queryMore the locator: a const char *. */
void find_write_query(struct buf *out, const struct org_connection *connection, const void *what);
void find_write_more(struct buf *out, const struct org_connection *connection, const void *what);

/* A look-up whose pages are being read. */
struct find {
    const struct org_find *what;
    struct soql_columns columns;
    struct org_rows rows; /* so far */
    int64_t size;         /* how many rows all pages have, by what they say; -1 before the first */
};
void find_begin(struct find *find, const struct org_find *what);

/* Appends a page's rows (queryResponse or queryMoreResponse).  *ret_locator is borrowed from the
   page, NULL after the last one.  ERR_INVALID: the page cannot be true. */
MUST_USE int find_read_page(const struct soap_node *response, struct find *find,
                            const char **ret_locator, struct err *err);

/* After the last page: ERR_INVALID when the rows are not as many as they said. */
MUST_USE int find_end(const struct find *find, struct err *err);

int soap_find(struct org_connection *connection, const struct org_find *what, struct org_rows *ret,
              struct org_fault *fault); /* of the back end */

#endif
