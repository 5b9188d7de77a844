/*
 * page_calls: the table of calls, also shown on the home page.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_HTTP_PAGE_CALLS_H
#define FAKEORG_HTTP_PAGE_CALLS_H

#include <stddef.h>

#include "base/buf.h"
#include "fakeorg/org/service.h"

/* Appends the latest calls to out, newest first, no more than most. */
void page_calls_table(struct buf *out, const struct service *service, size_t most);

#endif
