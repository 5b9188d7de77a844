/*
 * setup: makes an org.
 *
 * Threads: that of the caller, before others know the org.
 */
#ifndef FAKEORG_ORG_SETUP_H
#define FAKEORG_ORG_SETUP_H

#include "fakeorg/org/service.h"

/* NULL with *err: ERR_INVALID says which option or line of the org's file is at fault.
   service_free ends it. */
MUST_USE struct service *service_new(const struct fakeorg_options *options, struct err *err);

#endif
