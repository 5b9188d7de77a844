/*
 * help: what "leadline help" prints.
 *
 * Threads: only the main thread.
 */
#ifndef PROGRAMS_LEADLINE_HELP_H
#define PROGRAMS_LEADLINE_HELP_H

#include "programs/leadline/commands.h"

/* Of commands, which ends with a NULL name: the one called name, or NULL. */
const struct command *command_named(const struct command *commands, const char *name);

/* Runs "leadline help ..." for these commands; the exit status. */
int help(const struct command *commands, int argc, char **argv);

#endif
