/*
 * no_dumps: keeps the memory of this process out of core files, and from debuggers and /proc of the
 * same user.  root can still look.
 *
 * Threads: main, at the start; applies to all threads.
 */
#ifndef SECRETS_NO_DUMPS_H
#define SECRETS_NO_DUMPS_H

#include "base/err.h"

/* Set in the environment to debug or profile: then dumps are allowed. */
#define NO_DUMPS_VARIABLE "LEADLINE_ALLOW_DUMPS"

/* -1 with ERR_SYSTEM when the system does not allow it; the process can continue. */
MUST_USE int no_dumps(struct err *err);

#endif
