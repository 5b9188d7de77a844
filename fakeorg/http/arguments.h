/*
 * arguments: what is behind the ? of a GET, as handlers get it: name=value, one a line.
 *
 * Threads: any.
 */
#ifndef FAKEORG_HTTP_ARGUMENTS_H
#define FAKEORG_HTTP_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

/* The value of an argument, cut to size bytes; false (and "") when it is not there. */
bool argument_text(const char *arguments, const char *name, char *ret, size_t size);

/* The number that an argument says, from 1 to most; else fallback. */
size_t argument_number(const char *arguments, const char *name, size_t fallback, size_t most);

#endif
