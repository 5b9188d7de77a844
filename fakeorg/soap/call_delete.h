/*
 * call_delete: delete.
 *
 * Threads: with the service's lock held.
 */
#ifndef FAKEORG_SOAP_CALL_DELETE_H
#define FAKEORG_SOAP_CALL_DELETE_H

#include "fakeorg/soap/soap_call.h"

int call_delete(struct soap_call *call);

#endif
