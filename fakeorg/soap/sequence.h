/*
 * sequence: checks the children of an element, and their order, against the
 * WSDL.  Threads: any.
 */
#ifndef FAKEORG_SOAP_SEQUENCE_H
#define FAKEORG_SOAP_SEQUENCE_H

#include <stddef.h>

#include "fakeorg/api/error.h"
#include "fakeorg/soap/xml_read.h"

#define SEQUENCE_MAX 4

/* children are names of the partner namespace, with "!" before a required one and "*"
   before one that may be repeated; NULL ends a shorter list.  A fault of the XML layer when
   something is missing or out of place. */
MUST_USE int sequence_check(const struct xml_node *node, const char *const children[SEQUENCE_MAX],
                            struct api_error *error);

/* Sets the fault for an element that the WSDL does not allow here.  Returns -1. */
int sequence_misplaced(const struct xml_node *node, struct api_error *error);

#endif
