/*
 * results: what the calls that write have in common: how many records they take,
 * and the results they answer with.
 *
 * Threads: whoever holds the service's lock.  Memory: the call's arena.
 * Sources: SOAP API guide, create(), update(), upsert(), delete() and their results.
 */
#ifndef FAKEORG_SOAP_RESULTS_H
#define FAKEORG_SOAP_RESULTS_H

#include "fakeorg/soap/soap_call.h"

/* Counts first and what follows it.  More than CALL_MAX_RECORDS is the fault
   EXCEEDED_ID_LIMIT. */
MUST_USE int results_count(struct soap_call *call, const struct xml_node *first, size_t *ret_count);

/* The errors elements of a result; none when all is well. */
void results_write_errors(struct soap_call *call, const struct save *save);

/* errors, id and success, as SaveResult, UpsertResult and DeleteResult have them. */
void results_write_outcome(struct soap_call *call, const struct save *save);

#endif
