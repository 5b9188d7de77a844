/*
 * names: what can be the name of an object or a field.  Threads: any.
 */
#ifndef SALESFORCE_NAMES_H
#define SALESFORCE_NAMES_H

#include <stdbool.h>

/* A letter, then letters, digits and underscores, 80 bytes at most: nothing else may become a part
   of a request, where it could end the text around it. */
bool names_valid(const char *name);

#endif
