/*
 * rewrite: an answer written again in another style, as the quirks want it.
 *
 * The answers of fakeorg have one style: namespaces declared at the root, prefixes
 * as recorded.  What differs from that is made here, from the finished text, so that
 * no operation needs to know of it.
 *
 * Threads: any.  Memory: none is kept.
 */
#ifndef FAKEORG_SOAP_REWRITE_H
#define FAKEORG_SOAP_REWRITE_H

#include "base/buf.h"
#include "fakeorg/api/quirks.h"

/* Leaves out as it is when every quirk of style is at its default. */
void rewrite(const struct quirks *quirks, struct buf *out);

#endif
