/*
 * arguments: the query string of a GET, as handlers get it: name=value, one per line.
 *
 * Threads: any.
 */
#ifndef FAKEORG_HTTP_ARGUMENTS_H
#define FAKEORG_HTTP_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

/* The value of an argument, cut to size bytes; false (and "") when it is missing. */
bool argument_text(const char *arguments, const char *name, char *ret, size_t size);

/* The number in an argument, from 1 to most; else fallback. */
size_t argument_number(const char *arguments, const char *name, size_t fallback, size_t most);

#endif
