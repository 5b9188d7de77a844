/*
 * parent: a reference set by a key of its target record, instead of by Id:
 *   <Account><type>Account</type><Ext__c>1</Ext__c></Account>
 *
 * Threads: whoever holds the service's lock.  Memory: the call's arena.
 * Sources: SOAP API guide, create(), "Using External IDs"; published error texts.
 */
#ifndef FAKEORG_SOAP_PARENT_H
#define FAKEORG_SOAP_PARENT_H

#include "fakeorg/soap/soap_call.h"

/* Reads such an element of a record: sets the reference, or adds the error. */
MUST_USE int parent_read(struct soap_call *call, const struct save_context *ctx, struct save *save,
                         const struct xml_node *node);

#endif
