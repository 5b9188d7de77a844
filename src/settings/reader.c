/* Collects findings and reads a section of the file by the table of keys. */
#include "settings/reader.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "settings/values.h"

/* ---- what is wrong, and where ---- */

static void add_finding(struct reader *r, bool error, int line, const char *what)
{
    struct settings_findings *all = r->findings;
    struct settings_finding *one;

    all->errors += error;
    if (all->count == SETTINGS_MAX_FINDINGS) {
        all->left_out++;
        return;
    }
    one = &all->list[all->count++];
    one->error = error;
    one->line = line;
    snprintf(one->text, sizeof one->text, "%.200s:%d: %s%s%s", r->file, line, r->place,
             r->place[0] != '\0' ? ": " : "", what);
}

int reader_complain(struct reader *r, int line, const char *what)
{
    add_finding(r, true, line, what);
    return 0;
}

void reader_warn(struct reader *r, int line, const char *what)
{
    add_finding(r, false, line, what);
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
        snprintf(what, sizeof what, "found %s, expected %s%s", kinds[node->kind],
                 buf_peek(&expected), node->comment ? "; a # begins a comment" : "");
    else if (hidden)
        snprintf(what, sizeof what, "found something else, expected %s", buf_peek(&expected));
    else
        snprintf(what, sizeof what, "found %.100s, expected %s", LOG_TEXT(node->text),
                 buf_peek(&expected));
    buf_done(&expected);
    return reader_complain(r, node->line, what);
}

size_t reader_enter(struct reader *r, const char *key)
{
    size_t before = strlen(r->place);

    snprintf(r->place + before, sizeof r->place - before, "%s%.80s", before > 0 ? "." : "", key);
    return before;
}

size_t reader_enter_index(struct reader *r, size_t index)
{
    size_t before = strlen(r->place);

    snprintf(r->place + before, sizeof r->place - before, "[%zu]", index);
    return before;
}

void reader_leave(struct reader *r, size_t before)
{
    r->place[before] = '\0';
}

/* ---- reading, by the table ---- */

/* Allocates the elements of a list or map, and limits their number: *ret stays NULL when
   there are too many. */
static int make_room(struct reader *r, const struct settings_key *key, const struct tree_node *node,
                     size_t size, void **ret)
{
    char what[100];

    if (node->count > (size_t)key->max) {
        snprintf(what, sizeof what, "found %zu elements, expected at most %lld", node->count,
                 (long long)key->max);
        return reader_complain(r, node->line, what);
    }
    *ret = mem_zero(node->count, size);
    return *ret != NULL ? 0 : err_memory(r->err);
}

static int read_sections(struct reader *r, const struct settings_key *key,
                         const struct tree_node *node, char *base)
{
    size_t size = section_size(key->elements), *count = (void *)(base + key->count_member);
    char *elements;

    if (node->kind != TREE_LIST)
        return complain_about(r, key, node);
    if (make_room(r, key, node, size, (void **)(void *)(base + key->member)) < 0)
        return -1;
    elements = *(void **)(void *)(base + key->member);
    for (const struct tree_node *child = node->first; elements != NULL && child != NULL;
         child = child->next) {
        size_t before = reader_enter_index(r, *count);
        if (reader_section(r, key->elements, child, elements + (*count)++ * size) < 0)
            return -1;
        reader_leave(r, before);
    }
    return 0;
}

static bool holds_name(char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static int read_names(struct reader *r, const struct settings_key *key,
                      const struct tree_node *node, char *base)
{
    size_t *count = (void *)(base + key->count_member);
    char **names;

    if (node->kind != TREE_LIST)
        return complain_about(r, key, node);
    if (make_room(r, key, node, sizeof *names, (void **)(void *)(base + key->member)) < 0)
        return -1;
    names = *(char ***)(void *)(base + key->member);
    for (const struct tree_node *child = node->first; names != NULL && child != NULL;
         child = child->next) {
        if (child->kind != TREE_TEXT || !value_is_name(child->text) ||
            holds_name(names, *count, child->text)) {
            complain_about(r, key, child);
            continue;
        }
        names[*count] = mem_text(child->text);
        if (names[*count] == NULL)
            return err_memory(r->err);
        (*count)++;
    }
    return 0;
}

/* What is wrong with a row, or NULL. */
static const char *row_problem(const struct tree_node *node, const struct settings_row *rows,
                               size_t count)
{
    if (node->key[0] == '\0' || strlen(node->key) > 200)
        return "found a trait without a name or with one too long";
    if (node->repeated)
        return "the key stands twice";
    if (node->kind != TREE_TEXT || !value_is_field(node->text))
        return "expected the API name of a field, such as Email or Shoe_Size__c";
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(rows[i].field, node->text) == 0)
            return "another trait is written to the same field";
    return NULL;
}

static int read_rows(struct reader *r, const struct settings_key *key, const struct tree_node *node,
                     char *base)
{
    size_t *count = (void *)(base + key->count_member);
    struct settings_row *rows;

    if (node->kind != TREE_MAP)
        return complain_about(r, key, node);
    if (make_room(r, key, node, sizeof *rows, (void **)(void *)(base + key->member)) < 0)
        return -1;
    rows = *(struct settings_row **)(void *)(base + key->member);
    for (const struct tree_node *child = node->first; rows != NULL && child != NULL;
         child = child->next) {
        const char *problem = row_problem(child, rows, *count);
        if (problem != NULL) {
            size_t before = reader_enter(r, child->key);
            reader_complain(r, child->line, problem);
            reader_leave(r, before);
            continue;
        }
        struct settings_row *row = &rows[(*count)++];
        row->trait = mem_text(child->key);
        row->field = mem_text(child->text);
        if (row->trait == NULL || row->field == NULL) {
            (*count)--; /* a row is complete or absent */
            mem_free(row->trait);
            mem_free(row->field);
            return err_memory(r->err);
        }
    }
    return 0;
}

/* A value that ends where a comment begins may have been meant to continue. */
static void warn_of_comment(struct reader *r, const struct settings_key *key,
                            const struct tree_node *node)
{
    if (node->comment && (key->kind == KEY_SECRET || key->kind == KEY_WRITE_KEY))
        reader_warn(r, node->line,
                    "the value ends before the #, where a comment begins; if the # belongs to it, "
                    "put the whole value in quotes");
}

static int check_secret_file(struct reader *r, const struct tree_node *node)
{
    char *path = value_path(r->base_dir, node->text), what[400];

    if (path == NULL)
        return err_memory(r->err);
    if (value_others_read(path)) {
        snprintf(what, sizeof what, "others on this machine can read %.300s: chmod 600", path);
        reader_warn(r, node->line, what);
    }
    mem_free(path);
    return 0;
}

static int read_scalar(struct reader *r, const struct settings_key *key,
                       const struct tree_node *node, char *base)
{
    char what[sizeof r->err->text];

    if (key->kind == KEY_SECRET && node->kind == TREE_MAP)
        return 0; /* {secret: NAME}: sealed.c reads it, when it is known where secrets are */
    if (node->kind != TREE_TEXT)
        return complain_about(r, key, node);
    warn_of_comment(r, key, node);
    r->findings->secrets |= key->kind == KEY_SECRET && node->text[0] != '\0';
    if ((key->kind == KEY_SECRET || key->kind == KEY_SECRET_FILE) &&
        *(char **)(void *)(base + key->member) != NULL)
        return reader_complain(r, node->line,
                               "stands beside account_password; expected one of the two");
    if (value_read(key, node->text, r->base_dir, base, r->err) == 0)
        return key->kind == KEY_SECRET_FILE ? check_secret_file(r, node) : 0;
    if (r->err->kind != ERR_INVALID)
        return -1;
    memcpy(what, r->err->text, sizeof what);
    *r->err = (struct err){0}; /* it is a finding now */
    return what[0] == '\0' ? complain_about(r, key, node) : reader_complain(r, node->line, what);
}

static int unknown_key(struct reader *r, enum section section, const struct tree_node *node)
{
    const struct settings_key *like = settings_key_like(section, node->key);
    char what[400];

    if (like != NULL) {
        snprintf(what, sizeof what, "unknown key; did you mean %s?", like->name);
        return reader_complain(r, node->line, what);
    }
    for (int other = 0; other < SECTIONS; other++)
        if (settings_key(other, node->key) != NULL) {
            snprintf(what, sizeof what, "unknown key here; it belongs %s%s",
                     other == SECTION_TOP ? "at the top of the file" : "into an element of ",
                     other == SECTION_TOP ? "" : section_title(other));
            return reader_complain(r, node->line, what);
        }
    return reader_complain(
        r, node->line, "unknown key; \"leadline help settings\" lists the keys and what they take");
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

int reader_key(struct reader *r, const struct settings_key *key, const struct tree_node *node,
               void *base)
{
    const struct tree_node *child = tree_member(node, key->name);
    size_t before = reader_enter(r, key->name);
    int rc = 0;

    if (child != NULL && child->kind != TREE_NOTHING)
        rc = read_member(r, key, child, base);
    else if (key->default_text != NULL)
        rc = value_read(key, key->default_text, r->base_dir, base, r->err);
    reader_leave(r, before);
    return rc;
}

int reader_fill_in(struct reader *r, enum section section, const struct tree_node *node, void *base)
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
            size_t before = reader_enter(r, key->name);
            complain_about(r, key, &missing);
            reader_leave(r, before);
        }
    }
    return 0;
}

int reader_section(struct reader *r, enum section section, const struct tree_node *node, void *base)
{
    if (node->kind != TREE_MAP)
        return reader_complain(r, node->line, "expected keys with values");
    for (const struct tree_node *child = node->first; child != NULL; child = child->next) {
        const struct settings_key *key = settings_key(section, child->key);
        size_t before = reader_enter(r, child->key);
        if (child->repeated)
            reader_complain(r, child->line, "the key stands twice");
        else if (key == NULL)
            unknown_key(r, section, child);
        else if (child->kind != TREE_NOTHING && read_member(r, key, child, base) < 0)
            return -1;
        reader_leave(r, before);
    }
    return reader_fill_in(r, section, node, base);
}
