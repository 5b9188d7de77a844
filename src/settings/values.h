/*
 * values: one scalar of the configuration file as a checked value.
 *
 * Threads: any; nothing is kept.
 */
#ifndef SETTINGS_VALUES_H
#define SETTINGS_VALUES_H

#include "settings/keys.h"

/* Reads text as key's kind into its member of a section's struct.  -1: ERR_MEMORY, or
   ERR_INVALID with err->text "" (not what the key expects) or a sentence with details
   but no secret. base_dir: what relative paths start from. */
MUST_USE int value_read(const struct settings_key *key, const char *text, const char *base_dir,
                        void *section, struct err *err);

/* base_dir/text, or text when it is absolute; mem_free it. */
MUST_USE char *value_path(const char *base_dir, const char *text);

/* True when the file can be read by users who should not: private_file.h defines them. */
bool value_others_read(const char *path);

/* True when text is a name as KEY_NAME takes it. */
bool value_is_name(const char *text);

/* True when text is the API name of a field. */
bool value_is_field(const char *text);

#endif
