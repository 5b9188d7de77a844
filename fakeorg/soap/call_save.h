/*
 * call_save: create, update and upsert.
 *
 * Threads: with the service's lock held.
 */
#ifndef FAKEORG_SOAP_CALL_SAVE_H
#define FAKEORG_SOAP_CALL_SAVE_H

#include "fakeorg/soap/soap_call.h"

int call_create(struct soap_call *call);
int call_update(struct soap_call *call);
int call_upsert(struct soap_call *call);

#endif
