/*
 * config: the configuration file for commands, with everything that is wrong in it said at
 * once.
 *
 * Threads: none of its own.
 */
#ifndef PROGRAMS_LEADLINE_CONFIG_H
#define PROGRAMS_LEADLINE_CONFIG_H

#include "settings/settings.h"

/* Reads it; every error is printed on standard error, a line each, as that of command.  With
   warn, warnings too.  NULL when it is not valid. */
MUST_USE struct settings *config_read(const char *command, const char *path, bool warn);

#endif
