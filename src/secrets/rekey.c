/*
 * rekey: everything sealed under a new key.
 *
 * In place of a key in a file: (1) the new key is written to FILE.new, (2) secrets.json is replaced
 * by one that is sealed under it, (3) FILE.new becomes FILE.  Each step is on disk before the next.
 * After a crash the id of the key in secrets.json shows which of the two files opens it
 * (secrets_open tries both), and rekey continues from there.
 */
#include <string.h>
#include <unistd.h>

#include "base/locked.h"
#include "base/mem.h"
#include "secrets/private_file.h"
#include "secrets/secrets.h"
#include "secrets/state.h"

static int reseal_value(const struct secrets *s, const struct key *key, const struct entry *entry,
                        struct entry_value *value, struct err *err)
{
    char label[ENTRY_LABEL_MAX];
    struct sealed sealed;
    size_t len;
    char *text = secrets_unseal(s, entry, value, &len, err);
    int rc;

    if (text == NULL)
        return -1;
    entry_label(entry, value, label);
    rc = seal(key, label, text, len, &sealed, err);
    locked_free(text);
    if (rc < 0)
        return -1;
    mem_free(value->sealed.bytes);
    value->sealed = sealed;
    return 0;
}

static int reseal(struct secrets *s, const struct key *key, struct err *err)
{
    struct entries changed;
    int rc = entries_copy(&changed, &s->entries, err);

    for (size_t i = 0; rc == 0 && i < changed.count; i++) {
        struct entry *entry = &changed.list[i];
        rc = reseal_value(s, key, entry, &entry->now, err);
        if (rc == 0 && entry->previous.sealed.bytes != NULL)
            rc = reseal_value(s, key, entry, &entry->previous, err);
    }
    if (rc == 0)
        return secrets_commit(s, &changed, err);
    entries_done(&changed);
    return rc;
}

/* A new key in a separate file, with the same readers as the old one. */
static struct key *make_next(const char *path, const char *like, struct err *err)
{
    struct key *key = key_make(err);
    char *text = locked_alloc(KEY_TEXT_MAX);
    struct stat info;
    int rc = -1;

    if (key != NULL && text == NULL) {
        err_memory(err);
    } else if (key != NULL && stat(like, &info) < 0) {
        err_set(err, ERR_SYSTEM, "cannot look at %.300s", like);
    } else if (key != NULL) {
        key_print(key, text);
        rc = private_create(path, &info, text, strlen(text), err);
    }
    locked_free(text);
    if (rc == 0)
        return key;
    key_free(key);
    return NULL;
}

/* The key in FILE.new: the one that a rekey before this one left there, or a new one. */
static struct key *next_key(const struct secrets *s, const char *path, struct err *err)
{
    struct key *key = key_read(path, err);

    if (key != NULL || (err->kind != ERR_NOT_FOUND && err->kind != ERR_INVALID))
        return key;
    /* One that was cut short sealed nothing yet. */
    if (err->kind == ERR_INVALID && !secrets_all_under(&s->entries, s->key->id))
        return NULL;
    unlink(path);
    *err = (struct err){0};
    return make_next(path, s->key_file, err);
}

/* Takes key over. */
static int seal_all(struct secrets *s, struct key *key, struct err *err)
{
    if (!secrets_all_under(&s->entries, key->id) && reseal(s, key, err) < 0) {
        key_free(key);
        return -1;
    }
    key_free(s->key);
    s->key = key;
    return 0;
}

static int rekey_in_place(struct secrets *s, struct err *err)
{
    char *path;
    struct key *key;
    int rc = -1;

    if (s->key_file == NULL)
        return err_set(err, ERR_INVALID,
                       "the key does not come from a file that could be replaced: make a new one "
                       "with \"leadline secrets key FILE\" and name it by --new-key-file");
    path = secrets_next_key_file(s->key_file);
    if (path == NULL)
        return err_memory(err);
    key = next_key(s, path, err);
    if (key != NULL && seal_all(s, key, err) == 0)
        rc = private_rename(path, s->key_file, err);
    mem_free(path);
    return rc;
}

int secrets_rekey(struct secrets *s, const char *new_key_file, unsigned char ret_id[KEY_ID_BYTES],
                  struct err *err)
{
    struct key *key;
    int rc = -1;

    if (new_key_file == NULL) {
        if (secrets_key(s, err) != NULL)
            rc = rekey_in_place(s, err);
    } else if ((key = key_read(new_key_file, err)) != NULL) {
        rc = seal_all(s, key, err);
    }
    if (rc == 0)
        memcpy(ret_id, s->key->id, KEY_ID_BYTES);
    return rc;
}
