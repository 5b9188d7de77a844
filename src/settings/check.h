/*
 * check: rules between the keys of a configuration file, after each has been read by itself.
 *
 * Threads: none of its own.  Errors: mistakes are added to the reader's findings; -1 only when out
 * of memory.
 */
#ifndef SETTINGS_CHECK_H
#define SETTINGS_CHECK_H

#include "settings/reader.h"

#define LOGIN_PRODUCTION "https://login.salesforce.com"

/* Checks s, which was read from root, and fills in what follows from other keys or comes from the
   environment. */
MUST_USE int check_settings(struct reader *r, struct settings *s, const struct tree_node *root);

/* Gives a text member that is NULL this value. */
MUST_USE int never_null(struct reader *r, char **member, const char *text);

/* Gives a secret that is NULL the empty text. */
MUST_USE int no_secret(struct reader *r, char **member);

#endif
