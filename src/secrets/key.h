/*
 * key: the key that secrets are sealed with: 32 random bytes, written as 44 characters of base64
 * (what "openssl rand -base64 32" prints).
 *
 * Threads: any; one key belongs to one thread at a time.
 * Memory:  its bytes are locked and overwritten by key_free.
 * Errors:  ERR_NOT_FOUND: there is no key.  ERR_INVALID: not a key, or others can read it.
 *          ERR_SYSTEM, ERR_MEMORY.  No error message contains any part of the key.
 */
#ifndef SECRETS_KEY_H
#define SECRETS_KEY_H

#include <stddef.h>

#include "base/err.h"

#define KEY_BYTES    32
#define KEY_ID_BYTES 8
#define KEY_TEXT_MAX 64 /* bytes that key_print needs */

struct key {
    unsigned char *bytes;           /* KEY_BYTES of locked memory */
    unsigned char id[KEY_ID_BYTES]; /* identifies the key, and reveals nothing of the bytes */
    char *file;                     /* where it was read from; NULL: not from a file */
};

/* "1f00a3...": an id for people. */
#define KEY_ID_TEXT_MAX (2 * KEY_ID_BYTES + 1)
void key_id_text(const unsigned char id[KEY_ID_BYTES], char ret[KEY_ID_TEXT_MAX]);

/* A new random one. */
MUST_USE struct key *key_make(struct err *err);

/* From its text; trailing spaces and newlines are ignored. what names it in errors. */
MUST_USE struct key *key_parse(const char *text, size_t len, const char *what, struct err *err);

/* From a file that others cannot read. */
MUST_USE struct key *key_read(const char *path, struct err *err);

/* Its text with a newline and a NUL, into locked memory. */
void key_print(const struct key *key, char ret[KEY_TEXT_MAX]);

void key_free(struct key *key); /* NULL is allowed */

/* The key that this process was given: the file; when file is NULL, the systemd credential
   leadline.key ($CREDENTIALS_DIRECTORY); else LEADLINE_SECRETS_KEY in the environment, which is
   then overwritten there and remembered.  Threads: one. */
MUST_USE struct key *key_find(const char *file, struct err *err);

#endif
