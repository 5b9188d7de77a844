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
#include "settings/keys.h"
#include "settings/tree.h"
#include "settings/values.h"

#define LOGIN_PRODUCTION "https://login.salesforce.com"
#define LOGIN_SANDBOX    "https://test.salesforce.com"

struct reader {
    const char *file;
    const char *base_dir;
    struct err *err;
    char place[200]; /* "destinations[0].version" */
};

/* ---- what is wrong, and where ---- */

static int complain(struct reader *r, int line, const char *what)
{
    return err_set(r->err, ERR_INVALID, "%s:%d: %s%s%s", r->file, line, r->place,
                   r->place[0] != '\0' ? ": " : "", what);
}

static int complain_about(struct reader *r, const struct settings_key *key,
                          const struct tree_node *node)
{
    static const char *const kinds[] = {
        [TREE_NOTHING] = "nothing", [TREE_LIST] = "a list", [TREE_MAP] = "a map"};
    bool hidden = key->kind == KEY_SECRET || key->kind == KEY_WRITE_KEY;
    char what[400];
    struct buf expected;

    buf_init(&expected, 300);
    settings_key_expects(key, &expected);
    if (node->kind != TREE_TEXT)
        snprintf(what, sizeof what, "found %s, expected %s", kinds[node->kind],
                 buf_peek(&expected));
    else if (hidden)
        snprintf(what, sizeof what, "found something else, expected %s", buf_peek(&expected));
    else
        snprintf(what, sizeof what, "found %.100s, expected %s", LOG_TEXT(node->text),
                 buf_peek(&expected));
    buf_done(&expected);
    return complain(r, node->line, what);
}

/* Makes place longer by a key or an index; the caller cuts it again. */
static size_t enter(struct reader *r, const char *key)
{
    size_t before = strlen(r->place);

    snprintf(r->place + before, sizeof r->place - before, "%s%.80s", before > 0 ? "." : "", key);
    return before;
}

static size_t enter_index(struct reader *r, size_t index)
{
    size_t before = strlen(r->place);

    snprintf(r->place + before, sizeof r->place - before, "[%zu]", index);
    return before;
}

static void leave(struct reader *r, size_t before)
{
    r->place[before] = '\0';
}

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

/* ---- reading, by the table ---- */

static int read_section(struct reader *r, enum section section, const struct tree_node *node,
                        void *base);

/* Room for the elements of a list or map, which also bounds their number. */
static void *make_room(struct reader *r, const struct settings_key *key,
                       const struct tree_node *node, size_t size)
{
    char what[100];
    void *room;

    if (node->count > (size_t)key->max) {
        snprintf(what, sizeof what, "found %zu elements, expected at most %lld", node->count,
                 (long long)key->max);
        complain(r, node->line, what);
        return NULL;
    }
    room = mem_zero(node->count, size);
    if (room == NULL)
        err_memory(r->err);
    return room;
}

static int read_sections(struct reader *r, const struct settings_key *key,
                         const struct tree_node *node, char *base)
{
    size_t size = section_size(key->elements), *count = (void *)(base + key->count_member);
    char *elements;

    if (node->kind != TREE_LIST)
        return complain_about(r, key, node);
    elements = make_room(r, key, node, size);
    if (elements == NULL)
        return -1;
    *(void **)(void *)(base + key->member) = elements;
    for (const struct tree_node *child = node->first; child != NULL; child = child->next) {
        size_t before = enter_index(r, *count);
        if (read_section(r, key->elements, child, elements + (*count)++ * size) < 0)
            return -1;
        leave(r, before);
    }
    return 0;
}

static int read_names(struct reader *r, const struct settings_key *key,
                      const struct tree_node *node, char *base)
{
    size_t *count = (void *)(base + key->count_member);
    char **names;

    if (node->kind != TREE_LIST)
        return complain_about(r, key, node);
    names = make_room(r, key, node, sizeof *names);
    if (names == NULL)
        return -1;
    *(void **)(void *)(base + key->member) = names;
    for (const struct tree_node *child = node->first; child != NULL; child = child->next) {
        if (child->kind != TREE_TEXT || !value_is_name(child->text))
            return complain_about(r, key, child);
        names[*count] = mem_text(child->text);
        if (names[*count] == NULL)
            return err_memory(r->err);
        for (size_t i = 0; i < *count; i++)
            if (strcmp(names[i], child->text) == 0) {
                (*count)++;
                return complain_about(r, key, child);
            }
        (*count)++;
    }
    return 0;
}

static int read_row(struct reader *r, const struct tree_node *node, struct settings_row *row)
{
    if (node->key[0] == '\0' || strlen(node->key) > 200)
        return complain(r, node->line, "found a trait without a name or with one too long");
    if (node->kind != TREE_TEXT || !value_is_field(node->text))
        return complain(r, node->line,
                        "expected the API name of a field, such as Email or Shoe_Size__c");
    row->trait = mem_text(node->key);
    row->field = mem_text(node->text);
    return row->trait != NULL && row->field != NULL ? 0 : err_memory(r->err);
}

static int read_rows(struct reader *r, const struct settings_key *key, const struct tree_node *node,
                     char *base)
{
    size_t *count = (void *)(base + key->count_member);
    struct settings_row *rows;

    if (node->kind != TREE_MAP)
        return complain_about(r, key, node);
    rows = make_room(r, key, node, sizeof *rows);
    if (rows == NULL)
        return -1;
    *(void **)(void *)(base + key->member) = rows;
    for (const struct tree_node *child = node->first; child != NULL; child = child->next) {
        size_t before = enter(r, child->key);
        if (read_row(r, child, &rows[(*count)++]) < 0)
            return -1;
        for (size_t i = 0; i + 1 < *count; i++)
            if (strcasecmp(rows[i].field, child->text) == 0)
                return complain(r, child->line, "another trait is written to the same field");
        leave(r, before);
    }
    return 0;
}

static int read_scalar(struct reader *r, const struct settings_key *key,
                       const struct tree_node *node, char *base)
{
    char what[sizeof r->err->text];

    if (node->kind != TREE_TEXT)
        return complain_about(r, key, node);
    if ((key->kind == KEY_SECRET || key->kind == KEY_SECRET_FILE) &&
        *(char **)(void *)(base + key->member) != NULL)
        return complain(r, node->line, "stands beside account_password; expected one of the two");
    if (value_read(key, node->text, r->base_dir, base, r->err) == 0)
        return 0;
    if (r->err->kind != ERR_INVALID)
        return -1;
    if (r->err->text[0] == '\0')
        return complain_about(r, key, node);
    memcpy(what, r->err->text, sizeof what);
    return complain(r, node->line, what);
}

static int unknown_key(struct reader *r, enum section section, const struct tree_node *node)
{
    const struct settings_key *like = settings_key_like(section, node->key);
    char what[400];

    if (like != NULL) {
        snprintf(what, sizeof what, "unknown key; did you mean %s?", like->name);
        return complain(r, node->line, what);
    }
    for (int other = 0; other < SECTIONS; other++)
        if (settings_key(other, node->key) != NULL) {
            snprintf(what, sizeof what, "unknown key here; it belongs %s%s",
                     other == SECTION_TOP ? "at the top of the file" : "into an element of ",
                     other == SECTION_TOP ? "" : section_title(other));
            return complain(r, node->line, what);
        }
    return complain(r, node->line,
                    "unknown key; \"leadline help settings\" lists the keys and what they take");
}

static int read_member(struct reader *r, const struct settings_key *key,
                       const struct tree_node *node, char *base)
{
    switch (key->kind) {
    case KEY_SECTIONS:
        return read_sections(r, key, node, base);
    case KEY_NAMES:
        return read_names(r, key, node, base);
    case KEY_ROWS:
        return read_rows(r, key, node, base);
    default:
        return read_scalar(r, key, node, base);
    }
}

/* What the file leaves out: the default, or a complaint when the key is required. */
static int fill_in(struct reader *r, enum section section, const struct tree_node *node, void *base)
{
    for (size_t i = 0; i < settings_key_count; i++) {
        const struct settings_key *key = &settings_keys[i];
        const struct tree_node *child = tree_member(node, key->name);
        if (key->section != section || (child != NULL && child->kind != TREE_NOTHING))
            continue;
        if (key->default_text != NULL &&
            value_read(key, key->default_text, r->base_dir, base, r->err) < 0)
            return -1;
        if (key->required && node != NULL) {
            struct tree_node missing = {.kind = TREE_NOTHING, .line = node->line};
            enter(r, key->name);
            return complain_about(r, key, &missing);
        }
    }
    return 0;
}

static int read_section(struct reader *r, enum section section, const struct tree_node *node,
                        void *base)
{
    if (node->kind != TREE_MAP)
        return complain(r, node->line, "expected keys with values");
    for (const struct tree_node *child = node->first; child != NULL; child = child->next) {
        const struct settings_key *key = settings_key(section, child->key);
        size_t before = enter(r, child->key);
        if (key == NULL)
            return unknown_key(r, section, child);
        if (child->kind != TREE_NOTHING && read_member(r, key, child, base) < 0)
            return -1;
        leave(r, before);
    }
    return fill_in(r, section, node, base);
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
        enter(r, "account_password");
        return complain(r, node->line,
                        "found nothing, expected account_password or account_password_file (with "
                        "a single destination also LEADLINE_ACCOUNT_PASSWORD in the environment)");
    }
    if (d->retry_longest_ms < d->retry_first_ms) {
        retry = retry != NULL ? retry : tree_member(node, "retry_first");
        enter(r, "retry_longest");
        return complain(r, retry->line, "is shorter than retry_first");
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
        size_t before = enter(r, "destinations");
        enter_index(r, i);
        if (finish_destination(r, &s->destinations[i], s->destination_count == 1, node) < 0)
            return -1;
        for (size_t j = 0; j < i; j++)
            if (strcasecmp(s->destinations[i].name, s->destinations[j].name) == 0) {
                enter(r, "name");
                return complain(r, tree_member(node, "name")->line,
                                "another destination has this name");
            }
        leave(r, before);
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
            enter(r, "name");
            return complain(r, tree_member(node, "name")->line, "another source has this name");
        }
        if (strcmp(source->write_key, s->sources[i].write_key) == 0) {
            snprintf(what, sizeof what, "source %s has the same write key", s->sources[i].name);
            enter(r, "write_key");
            return complain(r, tree_member(node, "write_key")->line, what);
        }
    }
    for (size_t i = 0; i < source->destination_count; i++)
        if (settings_destination(s, source->destinations[i]) == NULL) {
            snprintf(what, sizeof what, "found %s, expected the name of a destination of this file",
                     LOG_TEXT(source->destinations[i]));
            enter(r, "destinations");
            enter_index(r, i);
            return complain(r, tree_element(tree_member(node, "destinations"), i)->line, what);
        }
    return 0;
}

static int check(struct reader *r, struct settings *s, const struct tree_node *root)
{
    size_t len = strlen(s->listen);
    const struct tree_node *admin = tree_member(root, "admin_listen");

    if (strcmp(s->listen, s->admin_listen) == 0 && strcmp(s->listen + len - 2, ":0") != 0) {
        enter(r, "admin_listen");
        return complain(r, admin != NULL ? admin->line : root->line, "is the same as listen");
    }
    if (check_destinations(r, s, tree_member(root, "destinations")) < 0)
        return -1;
    for (size_t i = 0; i < s->source_count; i++) {
        size_t before = enter(r, "sources");
        enter_index(r, i);
        if (check_source(r, s, i, tree_element(tree_member(root, "sources"), i)) < 0)
            return -1;
        leave(r, before);
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

    if (s != NULL && (read_section(&r, SECTION_TOP, root, s) < 0 || check(&r, s, root) < 0)) {
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

struct settings *settings_read(const char *path, struct err *err)
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
    s = settings_parse(text, len, path, realpath(folder, real) != NULL ? real : folder, err);
    mem_free_secret(text);
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
    if (fill_in(&r, SECTION_TOP, NULL, s) < 0 || fill_in(&r, SECTION_DESTINATION, NULL, d) < 0 ||
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
