/*
 * decode: an sObject of create, update or upsert, read into what the org saves.
 *
 * Threads: whoever holds the service's lock.  Memory: the call's arena.
 */
#ifndef FAKEORG_SOAP_DECODE_H
#define FAKEORG_SOAP_DECODE_H

#include "fakeorg/soap/soap_call.h"

/* A value of the wrong xsi:type and a parent that is not found are errors of the record
   already; -1 with the error of the whole request, and then nothing may be saved. */
MUST_USE int save_decode(struct soap_call *call, const struct save_context *ctx,
                         const struct xml_node *node, bool create, struct save *ret_save);

#endif
