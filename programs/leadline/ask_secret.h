/*
 * ask_secret: reads the value of a secret: from the terminal without showing it, from a file, or
 * from standard input.  Never from an argument, which others can see in the process list.
 *
 * Threads: main.  Memory: the value is in locked memory; locked_free it.
 * Errors:  ERR_INVALID: cancelled, entered differently twice, empty or too long; ERR_SYSTEM;
 *          ERR_MEMORY.
 */
#ifndef PROGRAMS_LEADLINE_ASK_SECRET_H
#define PROGRAMS_LEADLINE_ASK_SECRET_H

#include <stddef.h>

#include "base/err.h"

/* Asks on the terminal that is standard input, twice, for one line. */
MUST_USE char *ask_secret_terminal(const char *name, size_t *ret_len, struct err *err);

/* All of a file, without the newline at its end; path NULL: of standard input. */
MUST_USE char *ask_secret_read(const char *path, size_t *ret_len, struct err *err);

#endif
