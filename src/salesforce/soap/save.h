/*
 * save: create() and update() with up to 200 records, and what became of each (SOAP guide,
 * create(), update(), SaveResult, DuplicateRuleHeader, AssignmentRuleHeader).
 */
#ifndef SALESFORCE_SOAP_SAVE_H
#define SALESFORCE_SOAP_SAVE_H

#include "base/buf.h"
#include "salesforce/org_state.h"
#include "salesforce/soap/read.h"

void save_write(struct buf *out, const struct org_connection *connection, const void *what);

/* Reads a createResponse or updateResponse into results, in the order of the records.
   -1 with every result empty: ERR_FULL when their number is not that of the records,
   ERR_INVALID when one of them says nothing that can be relied on. */
MUST_USE int save_read(const struct soap_node *response, const struct org_save *what,
                       struct org_result *results, struct err *err);

int soap_save(struct org_connection *connection, const struct org_save *saves, size_t count,
              struct org_saved *saved, struct org_fault *fault); /* of the back end */

#endif
