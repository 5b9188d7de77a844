/*
 * setup: creates an org.
 *
 * Threads: the caller's, before other threads use the org.
 */
#ifndef FAKEORG_ORG_SETUP_H
#define FAKEORG_ORG_SETUP_H

#include "fakeorg/org/service.h"

/* NULL with *err: ERR_INVALID names the option or line of the org's file that is wrong.
   service_free frees it. */
MUST_USE struct service *service_new(const struct fakeorg_options *options, struct err *err);

#endif
