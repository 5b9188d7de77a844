/*
 * config: reads the configuration file for commands, and prints everything wrong with it at once.
 *
 * Threads: any.
 */
#ifndef PROGRAMS_LEADLINE_CONFIG_H
#define PROGRAMS_LEADLINE_CONFIG_H

#include "settings/settings.h"

/* Reads it; every error is printed on standard error, one on a line, prefixed with command.  With
   warn, warnings too.  NULL when it is not valid. */
MUST_USE struct settings *config_read(const char *command, const char *path, bool warn);

#endif
