/*
 * running: how the commands reach the server that runs with the same configuration.
 *
 * With port 0 in admin_listen the kernel chooses the port, so the server writes its address to a
 * file in the data directory, and removes it when it ends.
 *
 * Threads: only the main thread.  Limits: an answer of 64 MiB, 60 s for it.
 */
#ifndef PROGRAMS_LEADLINE_RUNNING_H
#define PROGRAMS_LEADLINE_RUNNING_H

#include <jansson.h>

#include "programs/leadline/options.h"
#include "settings/settings.h"

MUST_USE int running_note(const struct settings *settings, const char *address, struct err *err);
void running_forget(const struct settings *settings);

/* The server's answer to GET path; the caller owns the reference.  The request goes to
   options->admin, else to the address in the configuration file; nothing else of the file is read,
   so no secret is needed.  ERR_NOT_FOUND: status 404; ERR_RETRY: no server, or another status;
   ERR_INVALID: there is no address. */
MUST_USE json_t *running_ask(const struct options *options, const char *path, struct err *err);

/* The same for POST, which carries out an action. */
MUST_USE json_t *running_post(const struct options *options, const char *path, struct err *err);

/* path with one more query parameter, its value escaped; mem_free it. */
MUST_USE char *running_path(const char *path, const char *name, const char *value, struct err *err);

#endif
