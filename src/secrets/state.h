/*
 * state: an opened file of secrets, as secrets.c and rekey.c see it; no others do.
 *
 * Threads, errors: as in secrets.h.
 */
#ifndef SECRETS_STATE_H
#define SECRETS_STATE_H

#include "secrets/entries.h"

struct secrets {
    char *path;    /* of the file */
    int folder_fd; /* holds the lock of writers; -1: opened to read */
    struct entries entries;
    struct key *key; /* NULL: there is none, and no_key says why */
    char *key_file;  /* the key's file; NULL: not in a file */
    struct err no_key;
};

/* Where the next key is until it replaces the one in key_file; mem_free it. */
MUST_USE char *secrets_next_key_file(const char *key_file);

/* True when every value is sealed with the key of that id. */
bool secrets_all_under(const struct entries *entries, const unsigned char id[KEY_ID_BYTES]);

/* Opens a value of an entry; the error says what to do. */
MUST_USE char *secrets_unseal(const struct secrets *secrets, const struct entry *entry,
                              const struct entry_value *value, size_t *ret_len, struct err *err);

/* Writes changed to disk in place of what is there, and into secrets.  Takes ownership of changed,
   also when it fails; then secrets is unchanged. */
MUST_USE int secrets_commit(struct secrets *secrets, struct entries *changed, struct err *err);

#endif
