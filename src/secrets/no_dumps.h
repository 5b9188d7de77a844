/*
 * no_dumps: keeps the memory of this process out of core files, and from debuggers and /proc of the
 * same user.  root can still look.
 *
 * Threads: main, at the start; all threads are meant.
 */
#ifndef SECRETS_NO_DUMPS_H
#define SECRETS_NO_DUMPS_H

#include "base/err.h"

/* In the environment of a developer who wants to debug or profile: nothing is kept. */
#define NO_DUMPS_VARIABLE "LEADLINE_ALLOW_DUMPS"

/* -1 with ERR_SYSTEM when the system does not let us; the process can go on. */
MUST_USE int no_dumps(struct err *err);

#endif
