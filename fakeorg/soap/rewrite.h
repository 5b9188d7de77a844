/*
 * rewrite: rewrites an answer in the style that the quirks choose.
 *
 * The answers of fakeorg have one style: namespaces declared at the root, prefixes
 * as recorded.  Other styles are produced here, from the finished text, so that
 * operations need not care.
 *
 * Threads: any.  Memory: keeps none.
 */
#ifndef FAKEORG_SOAP_REWRITE_H
#define FAKEORG_SOAP_REWRITE_H

#include "base/buf.h"
#include "fakeorg/api/quirks.h"

/* Leaves out unchanged when every quirk of style is at its default. */
void rewrite(const struct quirks *quirks, struct buf *out);

#endif
