/*
 * arrange: normalizes requests of real clients to the form of the WSDL.
 *
 * The real service matches the elements of a request by local name and accepts them in
 * any order; jsforce, Beatbox and others rely on that.  With the quirk requests=lax the
 * tree is converted to the WSDL's namespaces and order before anything reads it, so that
 * readers handle only one form.
 *
 * Threads: any.  Memory: nodes added to the tree come from the arena.
 */
#ifndef FAKEORG_SOAP_ARRANGE_H
#define FAKEORG_SOAP_ARRANGE_H

#include <stddef.h>

#include "fakeorg/soap/xml_read.h"

/* Puts the children that are among names (as in sequence.h; NULL ends fewer than count)
   into their order and the partner namespace.  Others stay, after them. */
void arrange_children(struct xml_node *node, const char *const *names, size_t count);

/* Adds a nil element for each required one of names that is missing.  ERR_MEMORY. */
MUST_USE int arrange_missing(struct xml_node *node, const char *const *names, size_t count,
                             struct arena *arena);

/* Moves everything in the sObjects of a request to the sObject namespace. */
void arrange_records(struct xml_node *request);

#endif
