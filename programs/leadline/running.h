/*
 * running: how the commands reach the server that runs with the same configuration.
 *
 * With port 0 in admin_listen the kernel chooses the port, so the server notes its address
 * in the data directory, and takes the note away when it ends.
 *
 * Threads: the main thread alone.  Limits: an answer of 64 MiB, 60 s for it.
 */
#ifndef PROGRAMS_LEADLINE_RUNNING_H
#define PROGRAMS_LEADLINE_RUNNING_H

#include <jansson.h>

#include "programs/leadline/options.h"
#include "settings/settings.h"

MUST_USE int running_note(const struct settings *settings, const char *address, struct err *err);
void running_forget(const struct settings *settings);

/* What the server says to GET path; the caller's reference.  It is asked at options->admin,
   else at the address in the configuration file, of which nothing else is read: no secret
   has to be there.  ERR_NOT_FOUND: it said 404; ERR_RETRY: it does not run, or said
   something else; ERR_INVALID: there is no address to ask. */
MUST_USE json_t *running_ask(const struct options *options, const char *path, struct err *err);

/* The same for POST: something is done. */
MUST_USE json_t *running_tell(const struct options *options, const char *path, struct err *err);

/* path with one more query parameter, its value escaped; mem_free it. */
MUST_USE char *running_path(const char *path, const char *name, const char *value, struct err *err);

#endif
