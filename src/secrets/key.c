/* key: making, reading and printing the key that secrets are sealed under. */
#include "secrets/key.h"

#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/locked.h"
#include "base/mem.h"
#include "secrets/private_file.h"

#define ADVICE "make one with \"leadline secrets key FILE\""

void key_id_text(const unsigned char id[KEY_ID_BYTES], char ret[KEY_ID_TEXT_MAX])
{
    sodium_bin2hex(ret, KEY_ID_TEXT_MAX, id, KEY_ID_BYTES);
}

/* A keyed hash of a constant: it reveals nothing of the key, and no other use yields the same. */
static void name_key(struct key *key)
{
    static const unsigned char text[] = "leadline: id of a key";
    unsigned char hash[crypto_generichash_BYTES];

    crypto_generichash(hash, sizeof hash, text, sizeof text - 1, key->bytes, KEY_BYTES);
    memcpy(key->id, hash, KEY_ID_BYTES);
}

static struct key *key_new(struct err *err)
{
    struct key *key = mem_zero(1, sizeof *key);

    if (key != NULL)
        key->bytes = locked_alloc(KEY_BYTES);
    if (key != NULL && key->bytes != NULL)
        return key;
    mem_free(key);
    err_memory(err);
    return NULL;
}

void key_free(struct key *key)
{
    if (key == NULL)
        return;
    locked_free(key->bytes);
    mem_free(key->file);
    mem_free(key);
}

struct key *key_make(struct err *err)
{
    struct key *key = key_new(err);

    if (key == NULL)
        return NULL;
    randombytes_buf(key->bytes, KEY_BYTES);
    name_key(key);
    return key;
}

struct key *key_parse(const char *text, size_t len, const char *what, struct err *err)
{
    struct key *key = key_new(err);
    size_t got = 0;

    if (key == NULL)
        return NULL;
    while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
        len--;
    if (sodium_base642bin(key->bytes, KEY_BYTES, text, len, NULL, &got, NULL,
                          sodium_base64_VARIANT_ORIGINAL) == 0 &&
        got == KEY_BYTES) {
        name_key(key);
        return key;
    }
    key_free(key);
    err_set(err, ERR_INVALID, "%.200s is not 32 bytes in base64: " ADVICE, what);
    return NULL;
}

static struct key *read_open(int fd, const char *path, size_t len, struct err *err)
{
    char *text = locked_alloc(len);
    struct key *key = NULL;

    if (text == NULL)
        err_memory(err);
    else if (private_read(fd, path, text, len, err) == 0)
        key = key_parse(text, len, path, err);
    locked_free(text);
    if (key != NULL && (key->file = mem_text(path)) == NULL) {
        key_free(key);
        key = NULL;
        err_memory(err);
    }
    return key;
}

struct key *key_read(const char *path, struct err *err)
{
    size_t len;
    int fd = private_open(path, PRIVATE_KEY, KEY_TEXT_MAX, &len, err);
    struct key *key;

    if (fd < 0 && err->kind == ERR_NOT_FOUND)
        err_set(err, ERR_NOT_FOUND, "there is no key in %.300s: put it there, or " ADVICE, path);
    if (fd < 0)
        return NULL;
    key = read_open(fd, path, len, err);
    close(fd);
    return key;
}

void key_print(const struct key *key, char ret[KEY_TEXT_MAX])
{
    sodium_bin2base64(ret, KEY_TEXT_MAX - 1, key->bytes, KEY_BYTES, sodium_base64_VARIANT_ORIGINAL);
    memcpy(ret + strlen(ret), "\n", 2);
}
