/*
 * call_describe: describeGlobal and describeSObjects.
 *
 * Threads: with the service's lock held.
 */
#ifndef FAKEORG_SOAP_CALL_DESCRIBE_H
#define FAKEORG_SOAP_CALL_DESCRIBE_H

#include "fakeorg/soap/soap_call.h"

int call_describe_global(struct soap_call *call);
int call_describe_sobjects(struct soap_call *call);

#endif
