/* secrets: opening the file of sealed secrets, its values, and changes of one of them. */
#include "secrets/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/folder.h"
#include "base/locked.h"
#include "base/mem.h"
#include "secrets/private_file.h"
#include "secrets/state.h"

/* ---- opening ---- */

static int lock_folder(struct secrets *s, const char *folder, struct err *err)
{
    if (folder_make(folder, err) < 0)
        return -1;
    s->folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->folder_fd < 0 || flock(s->folder_fd, LOCK_EX) < 0)
        return err_set(err, ERR_SYSTEM, "lock the folder %.300s: %s", folder, strerror(errno));
    return 0;
}

static int damaged(const struct secrets *s, struct err *err)
{
    char why[200];

    memcpy(why, err->text, sizeof why - 1);
    why[sizeof why - 1] = '\0';
    return err_set(err, ERR_INVALID,
                   "%.200s is damaged (%s): restore it from a backup, or remove it and set the "
                   "secrets again",
                   s->path, why);
}

static int read_open(struct secrets *s, int fd, size_t len, struct err *err)
{
    char *text = mem_alloc(len);
    int rc = -1;

    if (text == NULL) {
        err_memory(err);
    } else if (private_read(fd, s->path, text, len, err) == 0) {
        rc = entries_parse(&s->entries, text, len, err);
        if (rc < 0 && err->kind == ERR_INVALID)
            damaged(s, err);
    }
    mem_free(text);
    return rc;
}

static int read_entries(struct secrets *s, struct err *err)
{
    size_t len;
    int fd = private_open(s->path, PRIVATE_SEALED, ENTRIES_MAX_BYTES, &len, err);
    int rc;

    if (fd < 0 && err->kind == ERR_NOT_FOUND) { /* nothing was set yet */
        *err = (struct err){0};
        return 0;
    }
    if (fd < 0)
        return -1;
    rc = read_open(s, fd, len, err);
    close(fd);
    return rc;
}

bool secrets_all_under(const struct entries *entries, const unsigned char id[KEY_ID_BYTES])
{
    for (size_t i = 0; i < entries->count; i++) {
        const struct entry *entry = &entries->list[i];
        if (memcmp(sealed_key_id(&entry->now.sealed), id, KEY_ID_BYTES) != 0 ||
            (entry->previous.sealed.bytes != NULL &&
             memcmp(sealed_key_id(&entry->previous.sealed), id, KEY_ID_BYTES) != 0))
            return false;
    }
    return true;
}

char *secrets_next_key_file(const char *key_file)
{
    return mem_format("%s.new", key_file);
}

/* An unfinished change of keys left the key in FILE.new. */
static int try_next_key(struct secrets *s, struct err *err)
{
    char *path = secrets_next_key_file(s->key_file);
    struct err why = {0};
    struct key *next;

    if (path == NULL)
        return err_memory(err);
    next = key_read(path, &why);
    mem_free(path);
    if (next == NULL)
        return why.kind == ERR_MEMORY ? err_memory(err) : 0;
    if (secrets_all_under(&s->entries, next->id)) {
        key_free(s->key);
        s->key = next;
    } else {
        key_free(next);
    }
    return 0;
}

static int take_key(struct secrets *s, const char *key_file, struct err *err)
{
    s->key = key_find(key_file, &s->no_key);
    if (s->key == NULL)
        return s->no_key.kind == ERR_MEMORY ? err_memory(err) : 0;
    if (s->key->file == NULL)
        return 0;
    s->key_file = mem_text(s->key->file);
    if (s->key_file == NULL)
        return err_memory(err);
    return secrets_all_under(&s->entries, s->key->id) ? 0 : try_next_key(s, err);
}

struct secrets *secrets_open(const char *folder, const char *key_file, bool write, struct err *err)
{
    struct secrets *s = mem_zero(1, sizeof *s);

    if (s == NULL) {
        err_memory(err);
        return NULL;
    }
    s->folder_fd = -1;
    s->path = mem_format("%s/" SECRETS_FILE, folder);
    if (s->path == NULL)
        err_memory(err);
    else if ((!write || lock_folder(s, folder, err) == 0) && read_entries(s, err) == 0 &&
             take_key(s, key_file, err) == 0)
        return s;
    secrets_close(s);
    return NULL;
}

void secrets_close(struct secrets *s)
{
    if (s == NULL)
        return;
    entries_done(&s->entries);
    key_free(s->key);
    mem_free(s->key_file);
    mem_free(s->path);
    if (s->folder_fd >= 0)
        close(s->folder_fd); /* and the lock */
    mem_free(s);
}

/* ---- looking ---- */

const struct entries *secrets_entries(const struct secrets *s)
{
    return &s->entries;
}

const struct key *secrets_key(const struct secrets *s, struct err *err)
{
    if (s->key == NULL)
        *err = s->no_key;
    return s->key;
}

static struct entry *find(const struct entries *entries, const char *name, struct err *err)
{
    struct entry *entry = entries_find(entries, name);

    if (entry == NULL)
        err_set(err, ERR_NOT_FOUND,
                "there is no secret %.100s: \"leadline secrets set %.100s\" sets it", name, name);
    return entry;
}

char *secrets_unseal(const struct secrets *s, const struct entry *entry,
                     const struct entry_value *value, size_t *ret_len, struct err *err)
{
    const struct key *key = secrets_key(s, err);
    char label[ENTRY_LABEL_MAX], given[KEY_ID_TEXT_MAX], wanted[KEY_ID_TEXT_MAX];
    char *opened;

    if (key == NULL)
        return NULL;
    entry_label(entry, value, label);
    opened = unseal(key, label, &value->sealed, ret_len, err);
    if (opened == NULL && err->kind == ERR_AUTH) {
        key_id_text(key->id, given);
        key_id_text(sealed_key_id(&value->sealed), wanted);
        err_set(err, ERR_AUTH,
                "the key given (%s) is not the one that the secret is sealed under (%s): give "
                "that one; if it is lost, delete the secrets and set them again",
                given, wanted);
    } else if (opened == NULL && err->kind == ERR_INVALID) {
        err_set(err, ERR_INVALID,
                "the secret %s is damaged: restore %.200s from a backup, or set the secret again",
                entry->name, s->path);
    }
    return opened;
}

char *secrets_value(const struct secrets *s, const char *name, size_t *ret_len, struct err *err)
{
    const struct entry *entry = find(&s->entries, name, err);

    return entry != NULL ? secrets_unseal(s, entry, &entry->now, ret_len, err) : NULL;
}

/* ---- changing ---- */

int secrets_commit(struct secrets *s, struct entries *changed, struct err *err)
{
    struct buf text;
    int rc;

    buf_init(&text, ENTRIES_MAX_BYTES);
    entries_print(changed, &text);
    rc = buf_check(&text, SECRETS_FILE, err);
    if (rc == 0)
        rc = private_replace(s->path, buf_peek(&text), text.len, err);
    buf_done(&text);
    if (rc == 0) {
        entries_done(&s->entries);
        s->entries = *changed;
    } else {
        entries_done(changed);
    }
    *changed = (struct entries){0};
    return rc;
}

/* The one key of the file, with which a value may be sealed. */
static const struct key *key_for_all(const struct secrets *s, struct err *err)
{
    const struct key *key = secrets_key(s, err);
    char id[KEY_ID_TEXT_MAX];

    if (key == NULL || secrets_all_under(&s->entries, key->id))
        return key;
    key_id_text(key->id, id);
    err_set(err, ERR_AUTH,
            "the key given (%s) is not the one that the other secrets are sealed under: give that "
            "one; if it is lost, delete them first",
            id);
    return NULL;
}

/* The label names whether a value is the present one, so what moves is sealed again. */
static int move_value(const struct secrets *s, struct entry *entry, struct entry_value *to,
                      struct entry_value *from, struct err *err)
{
    char label[ENTRY_LABEL_MAX];
    struct sealed sealed;
    size_t len;
    char *value = secrets_unseal(s, entry, from, &len, err);
    int rc;

    if (value == NULL)
        return -1;
    entry_value_done(to);
    to->set_ms = from->set_ms;
    entry_label(entry, to, label);
    rc = seal(s->key, label, value, len, &sealed, err);
    locked_free(value);
    if (rc < 0)
        return -1;
    to->sealed = sealed;
    entry_value_done(from);
    return 0;
}

static int set_value(const struct secrets *s, struct entry *entry, enum entry_kind kind,
                     const char *value, size_t len, bool keep, struct err *err)
{
    char label[ENTRY_LABEL_MAX];

    if (keep && entry->now.sealed.bytes == NULL)
        return err_set(err, ERR_NOT_FOUND,
                       "there is no secret %s to replace: \"leadline secrets set\" sets it",
                       entry->name);
    if (keep && kind != entry->kind)
        return err_set(err, ERR_INVALID, "the secret %s is of kind %s", entry->name,
                       entry_kind_name(entry->kind));
    if (keep && move_value(s, entry, &entry->previous, &entry->now, err) < 0)
        return -1;
    if (!keep)
        entry_value_done(&entry->previous);
    entry_value_done(&entry->now);
    entry->kind = kind;
    entry->now.set_ms = clock_wall();
    entry_label(entry, &entry->now, label);
    return seal(s->key, label, value, len, &entry->now.sealed, err);
}

int secrets_set(struct secrets *s, const char *name, enum entry_kind kind, const char *value,
                size_t len, bool keep, struct err *err)
{
    struct entries changed;
    struct entry *entry;

    if (entry_check_name(name, err) < 0)
        return -1;
    if (key_for_all(s, err) == NULL || entries_copy(&changed, &s->entries, err) < 0)
        return -1;
    entry = entries_add(&changed, name, err);
    if (entry != NULL && set_value(s, entry, kind, value, len, keep, err) == 0)
        return secrets_commit(s, &changed, err);
    entries_done(&changed);
    return -1;
}

/* A copy of everything, and in it the entry of that name, which has a previous value. */
static struct entry *with_previous(const struct secrets *s, const char *name, struct entries *ret,
                                   struct err *err)
{
    struct entry *entry = find(&s->entries, name, err);

    if (entry == NULL)
        return NULL;
    if (entry->previous.sealed.bytes == NULL) {
        err_set(err, ERR_NOT_FOUND, "the secret %s has no previous value", name);
        return NULL;
    }
    return entries_copy(ret, &s->entries, err) == 0 ? entries_find(ret, name) : NULL;
}

int secrets_take_back(struct secrets *s, const char *name, struct err *err)
{
    struct entries changed;
    struct entry *entry = with_previous(s, name, &changed, err);

    if (entry == NULL)
        return -1;
    if (move_value(s, entry, &entry->now, &entry->previous, err) == 0)
        return secrets_commit(s, &changed, err);
    entries_done(&changed);
    return -1;
}

int secrets_forget_previous(struct secrets *s, const char *name, struct err *err)
{
    struct entries changed;
    struct entry *entry = with_previous(s, name, &changed, err);

    if (entry == NULL)
        return -1;
    entry_value_done(&entry->previous);
    return secrets_commit(s, &changed, err);
}

int secrets_remove(struct secrets *s, const char *name, struct err *err)
{
    struct entries changed;

    if (find(&s->entries, name, err) == NULL || entries_copy(&changed, &s->entries, err) < 0)
        return -1;
    entries_remove(&changed, entries_find(&changed, name));
    return secrets_commit(s, &changed, err);
}
