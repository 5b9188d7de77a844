/*
 * sealed: the secrets that a configuration names instead of containing them: {secret: NAME}.
 *
 * Threads: as key_find.  Errors: mistakes are added to the reader's findings; -1 only when out
 * of memory.
 */
#ifndef SETTINGS_SEALED_H
#define SETTINGS_SEALED_H

#include "settings/reader.h"

/* Fills the secrets of all destinations of s, which was read from root; those of destinations that
   are switched off may be missing. */
MUST_USE int sealed_fill_in(struct reader *r, struct settings *s, const struct tree_node *root);

#endif
