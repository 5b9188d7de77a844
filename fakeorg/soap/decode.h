/*
 * decode: reads an sObject of create, update or upsert into a struct save.
 *
 * Threads: whoever holds the service's lock.  Memory: the call's arena.
 */
#ifndef FAKEORG_SOAP_DECODE_H
#define FAKEORG_SOAP_DECODE_H

#include "fakeorg/soap/soap_call.h"

/* A wrong xsi:type or a parent that is not found is an error of the record; -1 with the
   error of the whole request, and then nothing may be saved. */
MUST_USE int save_decode(struct soap_call *call, const struct save_context *ctx,
                         const struct xml_node *node, bool create, struct save *ret_save);

#endif
