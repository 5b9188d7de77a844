/*
 * arrange: a request as clients in use send it, brought into the form of the WSDL.
 *
 * The real service knows the elements of a request by their local names and takes them in
 * any order; jsforce, Beatbox and others rest on that.  With the quirk requests=lax the
 * tree is brought into the WSDL's namespaces and order before anything reads it, so that
 * no reader knows of more than one form.
 *
 * Threads: any.  Memory: what is added to the tree is taken from the arena.
 */
#ifndef FAKEORG_SOAP_ARRANGE_H
#define FAKEORG_SOAP_ARRANGE_H

#include <stddef.h>

#include "fakeorg/soap/xml_read.h"

/* Puts the children that are among names (as in sequence.h; NULL ends fewer than count)
   into their order and the partner's namespace.  Others stay, behind them. */
void arrange_children(struct xml_node *node, const char *const *names, size_t count);

/* Adds a nil element for each required one of names that is not there.  ERR_MEMORY. */
MUST_USE int arrange_missing(struct xml_node *node, const char *const *names, size_t count,
                             struct arena *arena);

/* All that stands in the sObjects of a request goes into the namespace of records. */
void arrange_records(struct xml_node *request);

#endif
