/* Reading settings: from a file or a text, with everything that is wrong with it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "settings/check.h"
#include "settings/reader.h"
#include "settings/values.h"

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

/* The first error as err, for callers that want only one; a failure that is not yet a
   finding becomes one. */
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
        rc = check_settings(&r, s, root);
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

/* The file's bytes, which contain secrets. */
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

static struct settings *parse_admin(const char *text, size_t len, const char *name,
                                    const char *base_dir, struct settings_findings *findings,
                                    struct err *err)
{
    static const char *const keys[] = {"admin_listen", "data_dir", "secrets_key_file"};
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

    return read_with(path, parse_admin, &findings, err);
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
        no_secret(&r, &d->account_password) < 0 || no_secret(&r, &d->security_token) < 0 ||
        never_null(&r, &d->login_url, LOGIN_PRODUCTION) < 0)
        goto failed;
    return s;
failed:
    settings_unref(s);
    return NULL;
}
