/*
 * soap_view: a SOAP request as faults on demand see it.
 *
 * Threads: any.  Memory: the view refers to the request's tree.
 */
#ifndef FAKEORG_SOAP_SOAP_VIEW_H
#define FAKEORG_SOAP_SOAP_VIEW_H

#include "fakeorg/faults/request_view.h"
#include "fakeorg/soap/xml_read.h"

/* request is the element in the Body. */
struct request_view soap_view(const struct xml_node *request, enum operation operation);

#endif
