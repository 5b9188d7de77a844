/*
 * seal: one value under a key, bound to a label: XChaCha20-Poly1305 of libsodium.
 *
 *   version (1 byte) | id of the key (8) | nonce (24) | value, padded to 64 bytes | tag (16)
 *
 * The label is authenticated with the value but not stored in it: what was sealed with one label
 * does not open with another.  The padding hides how long a value is.
 *
 * Threads: any.
 * Errors:  ERR_AUTH: sealed with another key.  ERR_INVALID: damaged, or another label.
 */
#ifndef SECRETS_SEAL_H
#define SECRETS_SEAL_H

#include "secrets/key.h"

#define SEAL_VERSION   1
#define SEAL_VALUE_MAX 16384 /* bytes of a value */
#define SEAL_MIN_BYTES (1 + KEY_ID_BYTES + 24 + 64 + 16)
#define SEAL_MAX_BYTES (SEAL_MIN_BYTES + SEAL_VALUE_MAX)

struct sealed {
    unsigned char *bytes; /* NULL: nothing */
    size_t len;
};

/* The caller frees ret->bytes with mem_free. */
MUST_USE int seal(const struct key *key, const char *label, const char *value, size_t len,
                  struct sealed *ret, struct err *err);

/* The value and a NUL, in locked memory; locked_free it. */
MUST_USE char *unseal(const struct key *key, const char *label, const struct sealed *sealed,
                      size_t *ret_len, struct err *err);

/* The id of the key that it is sealed with. */
const unsigned char *sealed_key_id(const struct sealed *sealed);

#endif
