/*
 * secrets: what Leadline keeps secret (passwords, tokens, private keys), sealed with a key, in the
 * file secrets.json of the data directory.  Without the key the folder reveals none of them.
 *
 * Every change replaces the file as a whole and is on disk when its function returns; a crash
 * leaves either the old or the new file.  Writers wait for each other; readers need no lock.
 *
 * Threads: one; but see locked.h for the values.
 * Memory:  values are in locked memory, overwritten by locked_free.
 * Errors:  ERR_NOT_FOUND: no key, or no such secret.  ERR_AUTH: sealed with another key.
 *          ERR_INVALID: damaged, or others can read it.  ERR_SYSTEM, ERR_FULL, ERR_MEMORY. Messages
 *          are sentences for people that say what to do, and contain no secret.
 */
#ifndef SECRETS_SECRETS_H
#define SECRETS_SECRETS_H

#include "secrets/entries.h"

#define SECRETS_FILE "secrets.json"

struct secrets;

/* Opens the file in folder; it may not exist yet. key_file as for key_find: a missing key is an
   error only in functions that need one.  With write the folder is created when missing, and other
   writers wait until secrets_close. */
MUST_USE struct secrets *secrets_open(const char *folder, const char *key_file, bool write,
                                      struct err *err);
void secrets_close(struct secrets *secrets); /* NULL is allowed */

/* What is kept, in the order of names.  Valid until the next change. */
const struct entries *secrets_entries(const struct secrets *secrets);

/* The key; NULL with *err when there is none. */
const struct key *secrets_key(const struct secrets *secrets, struct err *err);

/* The value and a NUL; locked_free it. */
MUST_USE char *secrets_value(const struct secrets *secrets, const char *name, size_t *ret_len,
                             struct err *err);

/* Sets a value.  keep: the old value is kept as the previous one until secrets_forget_previous;
   else both the old value and any previous one are deleted. */
MUST_USE int secrets_set(struct secrets *secrets, const char *name, enum entry_kind kind,
                         const char *value, size_t len, bool keep, struct err *err);

/* Makes the previous value current again and deletes the newer one. */
MUST_USE int secrets_take_back(struct secrets *secrets, const char *name, struct err *err);
MUST_USE int secrets_forget_previous(struct secrets *secrets, const char *name, struct err *err);

/* Needs no key. */
MUST_USE int secrets_remove(struct secrets *secrets, const char *name, struct err *err);

/* Seals everything again with another key, in one step. new_key_file: with the key in that file.
   NULL: with a new key, which then replaces the old one in the file that it was read from; FILE.new
   holds it meanwhile, and secrets_open looks there too.  Called again after a crash, it continues.
   ret_id: the key that everything is now sealed with. */
MUST_USE int secrets_rekey(struct secrets *secrets, const char *new_key_file,
                           unsigned char ret_id[KEY_ID_BYTES], struct err *err);

#endif
