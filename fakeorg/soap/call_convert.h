/*
 * call_convert: convertLead.
 *
 * Threads: with the service's lock held.
 */
#ifndef FAKEORG_SOAP_CALL_CONVERT_H
#define FAKEORG_SOAP_CALL_CONVERT_H

#include "fakeorg/soap/soap_call.h"

int call_convert_lead(struct soap_call *call);

#endif
