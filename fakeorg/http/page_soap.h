/*
 * page_soap: the request and answer of a call, indented, without passwords and sessions.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_HTTP_PAGE_SOAP_H
#define FAKEORG_HTTP_PAGE_SOAP_H

#include "base/buf.h"
#include "fakeorg/org/service.h"

/* Appends request and answer of a logged call to out, or a note that they are no longer kept. */
void page_soap(struct buf *out, const struct service *service, const struct logged_call *call);

#endif
