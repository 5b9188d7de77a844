/*
 * call_query: query, queryAll and queryMore.
 *
 * Threads: with the service's lock held.
 */
#ifndef FAKEORG_SOAP_CALL_QUERY_H
#define FAKEORG_SOAP_CALL_QUERY_H

#include "fakeorg/soap/soap_call.h"

int call_query(struct soap_call *call);
int call_query_all(struct soap_call *call);
int call_query_more(struct soap_call *call);

#endif
