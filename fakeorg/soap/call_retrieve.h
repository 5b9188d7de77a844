/*
 * call_retrieve: retrieve.
 *
 * Threads: with the service's lock held.
 */
#ifndef FAKEORG_SOAP_CALL_RETRIEVE_H
#define FAKEORG_SOAP_CALL_RETRIEVE_H

#include "fakeorg/soap/soap_call.h"

int call_retrieve(struct soap_call *call);

#endif
