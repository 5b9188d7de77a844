/* seal: the bytes that one value becomes, and back. */
#include "secrets/seal.h"

#include <string.h>

#include <sodium.h>

#include "base/locked.h"
#include "base/mem.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES   crypto_aead_xchacha20poly1305_ietf_ABYTES
#define HEAD_BYTES  (1 + KEY_ID_BYTES)
#define FRONT_BYTES (HEAD_BYTES + NONCE_BYTES)
#define BLOCK_BYTES 64

_Static_assert(SEAL_MIN_BYTES == FRONT_BYTES + BLOCK_BYTES + TAG_BYTES, "layout");
_Static_assert(KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");

/* What is authenticated besides the value: the head, and the label.  mem_free it. */
static unsigned char *extra_data(const unsigned char *head, const char *label, size_t *ret_len)
{
    size_t label_len = strlen(label);
    unsigned char *data = mem_alloc(HEAD_BYTES + label_len);

    if (data == NULL)
        return NULL;
    memcpy(data, head, HEAD_BYTES);
    memcpy(data + HEAD_BYTES, label, label_len);
    *ret_len = HEAD_BYTES + label_len;
    return data;
}

const unsigned char *sealed_key_id(const struct sealed *sealed)
{
    return sealed->bytes + 1;
}

int seal(const struct key *key, const char *label, const char *value, size_t len,
         struct sealed *ret, struct err *err)
{
    size_t padded_len = (len / BLOCK_BYTES + 1) * BLOCK_BYTES, extra_len;
    unsigned char *bytes, *padded, *extra = NULL;
    int rc = -1;

    *ret = (struct sealed){0};
    if (len > SEAL_VALUE_MAX)
        return err_set(err, ERR_INVALID, "the value is longer than %d bytes", SEAL_VALUE_MAX);
    bytes = mem_alloc(FRONT_BYTES + padded_len + TAG_BYTES);
    padded = locked_alloc(padded_len);
    if (bytes != NULL) {
        bytes[0] = SEAL_VERSION;
        memcpy(bytes + 1, key->id, KEY_ID_BYTES);
        randombytes_buf(bytes + HEAD_BYTES, NONCE_BYTES);
        extra = extra_data(bytes, label, &extra_len);
    }
    if (padded == NULL || extra == NULL) {
        mem_free(bytes);
        err_memory(err);
    } else {
        memcpy(padded, value, len);
        sodium_pad(&padded_len, padded, len, BLOCK_BYTES, padded_len);
        crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + FRONT_BYTES, NULL, padded, padded_len,
                                                   extra, extra_len, NULL, bytes + HEAD_BYTES,
                                                   key->bytes);
        *ret = (struct sealed){bytes, FRONT_BYTES + padded_len + TAG_BYTES};
        rc = 0;
    }
    mem_free(extra);
    locked_free(padded);
    return rc;
}

static int check_head(const struct key *key, const struct sealed *sealed, struct err *err)
{
    char wanted[KEY_ID_TEXT_MAX], given[KEY_ID_TEXT_MAX];

    if (sealed->len < SEAL_MIN_BYTES || sealed->len > SEAL_MAX_BYTES)
        return err_set(err, ERR_INVALID, "it is damaged");
    if (sealed->bytes[0] != SEAL_VERSION)
        return err_set(err, ERR_INVALID, "it is damaged, or sealed by a newer leadline");
    if (memcmp(sealed_key_id(sealed), key->id, KEY_ID_BYTES) == 0)
        return 0;
    key_id_text(sealed_key_id(sealed), wanted);
    key_id_text(key->id, given);
    return err_set(err, ERR_AUTH, "it is sealed under the key %s, but the key given is %s", wanted,
                   given);
}

char *unseal(const struct key *key, const char *label, const struct sealed *sealed, size_t *ret_len,
             struct err *err)
{
    size_t extra_len, len = 0;
    unsigned char *extra;
    char *value;
    bool opened;

    if (check_head(key, sealed, err) < 0)
        return NULL;
    extra = extra_data(sealed->bytes, label, &extra_len);
    value = locked_alloc(sealed->len - FRONT_BYTES - TAG_BYTES + 1);
    if (extra == NULL || value == NULL) {
        mem_free(extra);
        locked_free(value);
        err_memory(err);
        return NULL;
    }
    opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
                 (unsigned char *)value, NULL, NULL, sealed->bytes + FRONT_BYTES,
                 sealed->len - FRONT_BYTES, extra, extra_len, sealed->bytes + HEAD_BYTES,
                 key->bytes) == 0 &&
             sodium_unpad(&len, (unsigned char *)value, sealed->len - FRONT_BYTES - TAG_BYTES,
                          BLOCK_BYTES) == 0;
    mem_free(extra);
    if (!opened) {
        locked_free(value);
        err_set(err, ERR_INVALID, "it is damaged");
        return NULL;
    }
    value[len] = '\0';
    *ret_len = len;
    return value;
}
