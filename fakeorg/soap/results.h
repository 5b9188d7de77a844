/*
 * results: common to the calls that write: the limit on the number of records,
 * and the results.
 *
 * Threads: whoever holds the service's lock.  Memory: the call's arena.
 * Sources: SOAP API guide, create(), update(), upsert(), delete() and their results.
 */
#ifndef FAKEORG_SOAP_RESULTS_H
#define FAKEORG_SOAP_RESULTS_H

#include "fakeorg/soap/soap_call.h"

/* Counts first and its later siblings.  More than CALL_MAX_RECORDS is the fault
   EXCEEDED_ID_LIMIT. */
MUST_USE int results_count(struct soap_call *call, const struct xml_node *first, size_t *ret_count);

/* Writes the errors elements of a result, if any. */
void results_write_errors(struct soap_call *call, const struct save *save);

/* Writes errors, id and success, as in SaveResult, UpsertResult and DeleteResult. */
void results_write_outcome(struct soap_call *call, const struct save *save);

#endif
