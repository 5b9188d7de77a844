/*
 * sequence: the children of an element, held against what the WSDL lists: which, in
 * which order.  Threads: any.
 */
#ifndef FAKEORG_SOAP_SEQUENCE_H
#define FAKEORG_SOAP_SEQUENCE_H

#include <stddef.h>

#include "fakeorg/api/error.h"
#include "fakeorg/soap/xml_read.h"

#define SEQUENCE_MAX 4

/* children are names of the partner namespace, with "!" before one that must stand and
   "*" before one that may come any number of times; NULL ends a shorter list.  A fault
   of the XML layer when something is missing, or stands where it may not. */
MUST_USE int sequence_check(const struct xml_node *node, const char *const children[SEQUENCE_MAX],
                            struct api_error *error);

/* The fault of an element where the WSDL has none of that name.  Returns -1. */
int sequence_misplaced(const struct xml_node *node, struct api_error *error);

#endif
