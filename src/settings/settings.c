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
#include "settings/values.h"

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
    case KEY_SIZE:
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

/* A complaint about a key below the place of r. */
static void complain_of(struct reader *r, const char *key, int line, const char *what)
{
    size_t before = reader_enter(r, key);

    reader_complain(r, line, what);
    reader_leave(r, before);
}

/* The line of a key, or of the map that lacks it. */
static int line_of(const struct tree_node *node, const char *key)
{
    const struct tree_node *member = tree_member(node, key);

    return member != NULL ? member->line : node->line;
}

/* What a single destination leaves out may stand in the environment. */
static int from_environment(struct reader *r, const struct tree_node *node, const char *variable,
                            char **member)
{
    const char *text = secure_getenv(variable);
    char what[100];

    if (*member != NULL || text == NULL || text[0] == '\0')
        return 0;
    snprintf(what, sizeof what, "%s in the environment is longer than 255 bytes", variable);
    if (strlen(text) > 255)
        return reader_complain(r, node->line, what);
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

/* A key whose value was wrong has its own complaint. */
static bool is_said(const struct tree_node *node, const char *key)
{
    const struct tree_node *member = tree_member(node, key);

    return member != NULL && member->kind != TREE_NOTHING;
}

static void miss_password(struct reader *r, const struct tree_node *node)
{
    const struct tree_node *member = tree_member(node, "account_password");
    bool comment = member != NULL && member->comment;
    char what[300];

    if (is_said(node, "account_password") || is_said(node, "account_password_file"))
        return;
    snprintf(what, sizeof what,
             "found nothing%s, expected account_password or account_password_file (with a single "
             "destination also LEADLINE_ACCOUNT_PASSWORD in the environment)",
             comment ? " (a # begins a comment: put a password that holds one in quotes)" : "");
    complain_of(r, "account_password", line_of(node, "account_password"), what);
}

static int finish_destination(struct reader *r, struct destination_settings *d, bool single,
                              const struct tree_node *node)
{
    if (single &&
        (from_environment(r, node, "LEADLINE_ACCOUNT_PASSWORD", &d->account_password) < 0 ||
         from_environment(r, node, "LEADLINE_SECURITY_TOKEN", &d->security_token) < 0))
        return -1;
    if (d->account_password == NULL && d->enabled)
        miss_password(r, node);
    if (d->retry_longest_ms > 0 && d->retry_longest_ms < d->retry_first_ms)
        complain_of(r, "retry_longest",
                    line_of(node, is_said(node, "retry_longest") ? "retry_longest" : "retry_first"),
                    "is shorter than retry_first");
    if (never_null(r, &d->login_url, d->sandbox ? LOGIN_SANDBOX : LOGIN_PRODUCTION) < 0 ||
        never_null(r, &d->account_password, "") < 0 || never_null(r, &d->security_token, "") < 0)
        return -1;
    return 0;
}

static bool alike(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcasecmp(a, b) == 0;
}

/* Against the destinations before it. */
static void compare_destination(struct reader *r, const struct settings *s, size_t index,
                                const struct tree_node *node)
{
    const struct destination_settings *d = &s->destinations[index], *other;
    char what[200];

    for (other = s->destinations; other < d; other++) {
        if (alike(d->name, other->name))
            complain_of(r, "name", line_of(node, "name"), "another destination has this name");
        if (d->enabled && other->enabled && alike(d->login_url, other->login_url) &&
            alike(d->account_email, other->account_email)) {
            snprintf(what, sizeof what,
                     "the same user of the same org as destination %s: what both get is written "
                     "twice over, and each ends the other's sessions when it signs out",
                     other->name != NULL ? other->name : "before it");
            reader_warn(r, line_of(node, "account_email"), what);
        }
    }
}

static int check_destinations(struct reader *r, struct settings *s, const struct tree_node *list)
{
    for (size_t i = 0; i < s->destination_count; i++) {
        const struct tree_node *node = tree_element(list, i);
        size_t before = reader_enter(r, "destinations");
        reader_enter_index(r, i);
        if (node->kind == TREE_MAP) {
            if (finish_destination(r, &s->destinations[i], s->destination_count == 1, node) < 0)
                return -1;
            compare_destination(r, s, i, node);
        }
        reader_leave(r, before);
    }
    return 0;
}

static bool all_destinations_named(const struct settings *s)
{
    for (size_t i = 0; i < s->destination_count; i++)
        if (s->destinations[i].name == NULL)
            return false;
    return true;
}

/* The names of destinations in a source that are none. */
static void check_offers(struct reader *r, const struct settings *s,
                         const struct source_settings *source, const struct tree_node *list)
{
    size_t before = reader_enter(r, "destinations"), index = 0;
    char what[200];

    for (const struct tree_node *child = list->first; child != NULL; child = child->next, index++) {
        size_t inside = reader_enter_index(r, index);
        bool is_name = false;
        for (size_t i = 0; i < source->destination_count; i++)
            is_name |= strcmp(source->destinations[i], child->text) == 0;
        snprintf(what, sizeof what, "found %s, expected the name of a destination of this file",
                 LOG_TEXT(child->text));
        if (is_name && settings_destination(s, child->text) == NULL)
            reader_complain(r, child->line, what);
        reader_leave(r, inside);
    }
    reader_leave(r, before);
}

static void check_source(struct reader *r, const struct settings *s, size_t index,
                         const struct tree_node *node)
{
    const struct source_settings *source = &s->sources[index], *other;
    const struct tree_node *offers = tree_member(node, "destinations");
    char what[200];

    for (other = s->sources; other < source; other++) {
        if (alike(source->name, other->name))
            complain_of(r, "name", line_of(node, "name"), "another source has this name");
        if (source->write_key == NULL || other->write_key == NULL ||
            strcmp(source->write_key, other->write_key) != 0)
            continue;
        snprintf(what, sizeof what, "source %s has the same write key",
                 other->name != NULL ? other->name : "before it");
        complain_of(r, "write_key", line_of(node, "write_key"), what);
    }
    if (offers != NULL && all_destinations_named(s))
        check_offers(r, s, source, offers);
}

static int check(struct reader *r, struct settings *s, const struct tree_node *root)
{
    const struct tree_node *sources = tree_member(root, "sources");

    if (alike(s->listen, s->admin_listen) && strcmp(strrchr(s->listen, ':'), ":0") != 0)
        complain_of(r, "admin_listen", line_of(root, "admin_listen"), "is the same as listen");
    if (check_destinations(r, s, tree_member(root, "destinations")) < 0)
        return -1;
    for (size_t i = 0; i < s->source_count; i++) {
        const struct tree_node *node = tree_element(sources, i);
        size_t before = reader_enter(r, "sources");
        reader_enter_index(r, i);
        if (node->kind == TREE_MAP)
            check_source(r, s, i, node);
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

static void findings_clear(struct settings_findings *findings)
{
    findings->count = findings->errors = findings->left_out = 0;
    findings->secrets = false;
}

static int by_line(const void *a, const void *b)
{
    const struct settings_finding *left = a, *right = b;

    return (left->line > right->line) - (left->line < right->line);
}

/* The first error as err, for those who ask for one alone; a failure that is no finding
   becomes one. */
static void settle_findings(struct settings_findings *findings, struct err *err)
{
    if (err->kind == ERR_INVALID && findings->errors == 0) {
        struct settings_finding *one = &findings->list[0];
        findings->count = findings->errors = 1;
        *one = (struct settings_finding){.error = true};
        snprintf(one->text, sizeof one->text, "%s", err->text);
    }
    qsort(findings->list, findings->count, sizeof findings->list[0], by_line);
    for (size_t i = 0; i < findings->count && err->kind == ERR_NONE; i++)
        if (findings->list[i].error)
            err_set(err, ERR_INVALID, "%s", findings->list[i].text);
}

struct settings *settings_parse_all(const char *text, size_t len, const char *name,
                                    const char *base_dir, struct settings_findings *findings,
                                    struct err *err)
{
    struct reader r = {.file = name, .base_dir = base_dir, .err = err, .findings = findings};
    struct tree_node *root;
    struct settings *s;
    int rc = -1;

    *err = (struct err){0};
    findings_clear(findings);
    root = tree_read(text, len, name, err);
    s = root != NULL ? settings_new(err) : NULL;
    if (s != NULL && (rc = reader_section(&r, SECTION_TOP, root, s)) == 0 && root->kind == TREE_MAP)
        rc = check(&r, s, root);
    settle_findings(findings, err);
    if (rc < 0 || findings->errors > 0) {
        settings_unref(s);
        s = NULL;
    }
    tree_free(root);
    return s;
}

struct settings *settings_parse(const char *text, size_t len, const char *name,
                                const char *base_dir, struct err *err)
{
    struct settings_findings findings;

    return settings_parse_all(text, len, name, base_dir, &findings, err);
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
                                    const char *base_dir, struct settings_findings *findings,
                                    struct err *err);

static struct settings *read_with(const char *path, parse_text *parse,
                                  struct settings_findings *findings, struct err *err)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX] = ".", real[PATH_MAX];
    struct settings *s;
    size_t len;
    char *text;

    findings_clear(findings);
    *err = (struct err){0};
    text = read_file(path, &len, err);
    if (text == NULL) {
        settle_findings(findings, err);
        return NULL;
    }
    if (slash != NULL)
        snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    s = parse(text, len, path, realpath(folder, real) != NULL ? real : folder, findings, err);
    mem_free_secret(text);
    return s;
}

/* A file with passwords that others can read. */
static void warn_of_mode(const char *path, struct settings_findings *findings)
{
    if (!findings->secrets || !value_others_read(path) || findings->count == SETTINGS_MAX_FINDINGS)
        return;
    memmove(&findings->list[1], &findings->list[0], findings->count++ * sizeof findings->list[0]);
    findings->list[0] = (struct settings_finding){0};
    snprintf(findings->list[0].text, sizeof findings->list[0].text,
             "%.300s: others on this machine can read the passwords in it: chmod 600", path);
}

struct settings *settings_examine(const char *path, struct settings_findings *findings,
                                  struct err *err)
{
    struct settings *s = read_with(path, settings_parse_all, findings, err);

    if (s != NULL)
        warn_of_mode(path, findings);
    return s;
}

struct settings *settings_read(const char *path, struct err *err)
{
    struct settings_findings findings;

    return settings_examine(path, &findings, err);
}

static struct settings *parse_admin(const char *text, size_t len, const char *name,
                                    const char *base_dir, struct settings_findings *findings,
                                    struct err *err)
{
    static const char *const keys[] = {"admin_listen", "data_dir"};
    struct reader r = {.file = name, .base_dir = base_dir, .err = err, .findings = findings};
    struct tree_node *root = tree_read(text, len, name, err);
    struct settings *s = root != NULL ? settings_new(err) : NULL;
    int rc = s != NULL ? 0 : -1;

    if (rc == 0 && root->kind != TREE_MAP)
        reader_complain(&r, root->line, "expected keys with values");
    for (size_t i = 0; rc == 0 && i < sizeof keys / sizeof keys[0]; i++)
        rc = reader_key(&r, settings_key(SECTION_TOP, keys[i]), root, s);
    settle_findings(findings, err);
    if (rc < 0 || findings->errors > 0) {
        settings_unref(s);
        s = NULL;
    }
    tree_free(root);
    return s;
}

struct settings *settings_read_admin(const char *path, struct err *err)
{
    struct settings_findings findings;
    struct settings *s = read_with(path, parse_admin, &findings, err);

    if (s == NULL && err->kind == ERR_INVALID)
        err_wrap(err, "cannot tell the server's address (--admin URL names it)");
    return s;
}

struct settings *settings_default(struct err *err)
{
    struct settings_findings findings = {0};
    struct reader r = {.file = "settings", .base_dir = ".", .err = err, .findings = &findings};
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
