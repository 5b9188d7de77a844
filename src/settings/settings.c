#include "settings/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "settings/reader.h"

#define LOGIN_PRODUCTION "https://login.salesforce.com"
#define LOGIN_SANDBOX    "https://test.salesforce.com"

/* ---- freeing, by the table ---- */

static void section_done(enum section section, void *base);

static void rows_free(struct settings_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mem_free(rows[i].trait);
        mem_free(rows[i].field);
    }
    mem_free(rows);
}

static void names_free(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mem_free(names[i]);
    mem_free(names);
}

static void member_free(const struct settings_key *key, char *base)
{
    void **member = (void **)(void *)(base + key->member);
    size_t count = *(size_t *)(void *)(base + key->count_member);

    switch (key->kind) {
    case KEY_BOOL:
    case KEY_INT:
    case KEY_COUNT:
    case KEY_DURATION:
    case KEY_CHOICE:
        return;
    case KEY_NAMES:
        names_free(*member, count);
        break;
    case KEY_ROWS:
        rows_free(*member, count);
        break;
    case KEY_SECTIONS:
        for (size_t i = 0; i < count; i++)
            section_done(key->elements, (char *)*member + i * section_size(key->elements));
        mem_free(*member);
        break;
    default:
        mem_free_secret(*member); /* two keys may share a member: it is NULL for the second */
    }
    *member = NULL;
}

static void section_done(enum section section, void *base)
{
    for (size_t i = 0; i < settings_key_count; i++)
        if (settings_keys[i].section == section)
            member_free(&settings_keys[i], base);
}

struct settings *settings_ref(struct settings *settings)
{
    __atomic_add_fetch(&settings->references, 1, __ATOMIC_RELAXED);
    return settings;
}

void settings_unref(struct settings *settings)
{
    if (settings == NULL || __atomic_sub_fetch(&settings->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    section_done(SECTION_TOP, settings);
    mem_free(settings);
}

/* ---- what the table cannot say ---- */

/* What a single destination leaves out may stand in the environment. */
static int from_environment(struct reader *r, const char *variable, char **member)
{
    const char *text = secure_getenv(variable);

    if (*member != NULL || text == NULL || text[0] == '\0')
        return 0;
    if (strlen(text) > 255)
        return err_set(r->err, ERR_INVALID, "%s in the environment is longer than 255 bytes",
                       variable);
    *member = mem_text(text);
    return *member != NULL ? 0 : err_memory(r->err);
}

/* No member that others read as text stays NULL. */
static int never_null(struct reader *r, char **member, const char *text)
{
    if (*member == NULL)
        *member = mem_text(text);
    return *member != NULL ? 0 : err_memory(r->err);
}

static int finish_destination(struct reader *r, struct destination_settings *d, bool single,
                              const struct tree_node *node)
{
    const struct tree_node *retry = tree_member(node, "retry_longest");

    if (single && (from_environment(r, "LEADLINE_ACCOUNT_PASSWORD", &d->account_password) < 0 ||
                   from_environment(r, "LEADLINE_SECURITY_TOKEN", &d->security_token) < 0))
        return -1;
    if (d->account_password == NULL && d->enabled) {
        reader_enter(r, "account_password");
        return reader_complain(
            r, node->line,
            "found nothing, expected account_password or account_password_file (with "
            "a single destination also LEADLINE_ACCOUNT_PASSWORD in the environment)");
    }
    if (d->retry_longest_ms < d->retry_first_ms) {
        retry = retry != NULL ? retry : tree_member(node, "retry_first");
        reader_enter(r, "retry_longest");
        return reader_complain(r, retry->line, "is shorter than retry_first");
    }
    if (never_null(r, &d->login_url, d->sandbox ? LOGIN_SANDBOX : LOGIN_PRODUCTION) < 0 ||
        never_null(r, &d->account_password, "") < 0 || never_null(r, &d->security_token, "") < 0)
        return -1;
    return 0;
}

static int check_destinations(struct reader *r, struct settings *s, const struct tree_node *list)
{
    for (size_t i = 0; i < s->destination_count; i++) {
        const struct tree_node *node = tree_element(list, i);
        size_t before = reader_enter(r, "destinations");
        reader_enter_index(r, i);
        if (finish_destination(r, &s->destinations[i], s->destination_count == 1, node) < 0)
            return -1;
        for (size_t j = 0; j < i; j++)
            if (strcasecmp(s->destinations[i].name, s->destinations[j].name) == 0) {
                reader_enter(r, "name");
                return reader_complain(r, tree_member(node, "name")->line,
                                       "another destination has this name");
            }
        reader_leave(r, before);
    }
    return 0;
}

static int check_source(struct reader *r, const struct settings *s, size_t index,
                        const struct tree_node *node)
{
    const struct source_settings *source = &s->sources[index];
    char what[200];

    for (size_t i = 0; i < index; i++) {
        if (strcasecmp(source->name, s->sources[i].name) == 0) {
            reader_enter(r, "name");
            return reader_complain(r, tree_member(node, "name")->line,
                                   "another source has this name");
        }
        if (strcmp(source->write_key, s->sources[i].write_key) == 0) {
            snprintf(what, sizeof what, "source %s has the same write key", s->sources[i].name);
            reader_enter(r, "write_key");
            return reader_complain(r, tree_member(node, "write_key")->line, what);
        }
    }
    for (size_t i = 0; i < source->destination_count; i++)
        if (settings_destination(s, source->destinations[i]) == NULL) {
            snprintf(what, sizeof what, "found %s, expected the name of a destination of this file",
                     LOG_TEXT(source->destinations[i]));
            reader_enter(r, "destinations");
            reader_enter_index(r, i);
            return reader_complain(r, tree_element(tree_member(node, "destinations"), i)->line,
                                   what);
        }
    return 0;
}

static int check(struct reader *r, struct settings *s, const struct tree_node *root)
{
    size_t len = strlen(s->listen);
    const struct tree_node *admin = tree_member(root, "admin_listen");

    if (strcmp(s->listen, s->admin_listen) == 0 && strcmp(s->listen + len - 2, ":0") != 0) {
        reader_enter(r, "admin_listen");
        return reader_complain(r, admin != NULL ? admin->line : root->line,
                               "is the same as listen");
    }
    if (check_destinations(r, s, tree_member(root, "destinations")) < 0)
        return -1;
    for (size_t i = 0; i < s->source_count; i++) {
        size_t before = reader_enter(r, "sources");
        reader_enter_index(r, i);
        if (check_source(r, s, i, tree_element(tree_member(root, "sources"), i)) < 0)
            return -1;
        reader_leave(r, before);
    }
    return 0;
}

/* ---- the doors ---- */

static struct settings *settings_new(struct err *err)
{
    struct settings *s = mem_zero(1, sizeof *s);

    if (s == NULL)
        err_memory(err);
    else
        s->references = 1;
    return s;
}

struct settings *settings_parse(const char *text, size_t len, const char *name,
                                const char *base_dir, struct err *err)
{
    struct reader r = {.file = name, .base_dir = base_dir, .err = err};
    struct tree_node *root = tree_read(text, len, name, err);
    struct settings *s = root != NULL ? settings_new(err) : NULL;

    if (s != NULL && (reader_section(&r, SECTION_TOP, root, s) < 0 || check(&r, s, root) < 0)) {
        settings_unref(s);
        s = NULL;
    }
    tree_free(root);
    return s;
}

/* The file's bytes; secrets stand in them. */
static char *read_file(const char *path, size_t *ret_len, struct err *err)
{
    char *bytes = NULL;
    size_t len = 0;
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0 || fstat(fd, &st) < 0) {
        err_set(err, ERR_INVALID, "cannot read %.300s: %s", path, strerror(errno));
        goto out;
    }
    if (S_ISDIR(st.st_mode) || st.st_size > TREE_MAX_BYTES) {
        err_set(err, ERR_INVALID, "cannot read %.300s: it is %s", path,
                S_ISDIR(st.st_mode) ? "a directory" : "too large");
        goto out;
    }
    bytes = mem_zero(TREE_MAX_BYTES + 1, 1);
    if (bytes == NULL) {
        err_memory(err);
        goto out;
    }
    for (ssize_t n = 1; n > 0 && len<TREE_MAX_BYTES; len += n> 0 ? (size_t)n : 0) {
        n = read(fd, bytes + len, TREE_MAX_BYTES - len);
        if (n < 0) {
            err_set(err, ERR_INVALID, "cannot read %.300s: %s", path, strerror(errno));
            mem_free_secret(bytes);
            bytes = NULL;
            goto out;
        }
    }
    *ret_len = len;
out:
    if (fd >= 0)
        close(fd);
    return bytes;
}

typedef struct settings *parse_text(const char *text, size_t len, const char *name,
                                    const char *base_dir, struct err *err);

static struct settings *read_with(const char *path, parse_text *parse, struct err *err)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX] = ".", real[PATH_MAX];
    struct settings *s;
    size_t len;
    char *text = read_file(path, &len, err);

    if (text == NULL)
        return NULL;
    if (slash != NULL)
        snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    s = parse(text, len, path, realpath(folder, real) != NULL ? real : folder, err);
    mem_free_secret(text);
    return s;
}

struct settings *settings_read(const char *path, struct err *err)
{
    return read_with(path, settings_parse, err);
}

static struct settings *parse_admin(const char *text, size_t len, const char *name,
                                    const char *base_dir, struct err *err)
{
    static const char *const keys[] = {"admin_listen", "data_dir"};
    struct reader r = {.file = name, .base_dir = base_dir, .err = err};
    struct tree_node *root = tree_read(text, len, name, err);
    struct settings *s = root != NULL ? settings_new(err) : NULL;

    if (s != NULL && root->kind != TREE_MAP) {
        reader_complain(&r, root->line, "expected keys with values");
        settings_unref(s);
        s = NULL;
    }
    for (size_t i = 0; s != NULL && i < sizeof keys / sizeof keys[0]; i++)
        if (reader_key(&r, settings_key(SECTION_TOP, keys[i]), root, s) < 0) {
            settings_unref(s);
            s = NULL;
        }
    tree_free(root);
    return s;
}

struct settings *settings_read_admin(const char *path, struct err *err)
{
    struct settings *s = read_with(path, parse_admin, err);

    if (s == NULL && err->kind == ERR_INVALID)
        err_wrap(err, "cannot tell the server's address (--admin URL names it)");
    return s;
}

struct settings *settings_default(struct err *err)
{
    struct reader r = {.file = "settings", .base_dir = ".", .err = err};
    struct settings *s = settings_new(err);
    struct destination_settings *d;

    if (s == NULL)
        return NULL;
    d = s->destinations = mem_zero(1, sizeof *d);
    if (d == NULL) {
        err_memory(err);
        goto failed;
    }
    s->destination_count = 1;
    if (reader_fill_in(&r, SECTION_TOP, NULL, s) < 0 ||
        reader_fill_in(&r, SECTION_DESTINATION, NULL, d) < 0 ||
        never_null(&r, &d->name, "Salesforce") < 0 || never_null(&r, &d->account_email, "") < 0 ||
        never_null(&r, &d->account_password, "") < 0 ||
        never_null(&r, &d->security_token, "") < 0 ||
        never_null(&r, &d->login_url, LOGIN_PRODUCTION) < 0)
        goto failed;
    return s;
failed:
    settings_unref(s);
    return NULL;
}

const struct source_settings *settings_source(const struct settings *settings,
                                              const char *write_key)
{
    for (size_t i = 0; i < settings->source_count; i++)
        if (strcmp(settings->sources[i].write_key, write_key) == 0)
            return &settings->sources[i];
    return NULL;
}

const struct destination_settings *settings_destination(const struct settings *settings,
                                                        const char *name)
{
    for (size_t i = 0; i < settings->destination_count; i++)
        if (strcmp(settings->destinations[i].name, name) == 0)
            return &settings->destinations[i];
    return NULL;
}
