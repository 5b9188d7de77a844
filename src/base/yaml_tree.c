/* yaml_tree: builds the tree from the events of libyaml, and reads its maps by tables of keys. */
#include "base/yaml_tree.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#define MAX_PATH 200

struct reading {
    yaml_parser_t parser;
    const char *file;
    struct arena *arena;
    struct err *err;
    struct yml_node *root, *open; /* open: the map or list not yet ended */
    const char *key;              /* of the map member whose value comes next */
    size_t depth;
    int documents;
};

static const char *const kind_names[] = {
    [YML_NOTHING] = "nothing",
    [YML_TEXT] = "text",
    [YML_LIST] = "a list",
    [YML_MAP] = "a map of keys",
};

const struct yml_node *yml_member(const struct yml_node *node, const char *key)
{
    const struct yml_node *child = node == NULL ? NULL : node->first;

    while (child != NULL && (child->key == NULL || strcmp(child->key, key) != 0))
        child = child->next;
    return child;
}

/* "rules[2].when"; a path that is too long loses its end. */
static void write_path(const struct yml_node *node, char path[MAX_PATH])
{
    if (node->parent == NULL) {
        path[0] = '\0';
        return;
    }
    write_path(node->parent, path);
    size_t len = strlen(path);
    if (node->key == NULL)
        snprintf(path + len, MAX_PATH - len, "[%zu]", node->position);
    else
        snprintf(path + len, MAX_PATH - len, "%s%s", len == 0 ? "" : ".", node->key);
}

int yml_fail(const struct yml_node *node, struct err *err, const char *format, ...)
{
    char path[MAX_PATH], what[sizeof err->text];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    write_path(node, path);
    return err_set(err, ERR_INVALID, "%s:%d: %s%s%s", node->file, node->line, path,
                   path[0] == '\0' ? "" : ": ", what);
}

static int refuse(struct reading *r, const yaml_mark_t *mark, const char *what)
{
    return err_set(r->err, ERR_INVALID, "%s:%zu: %s", r->file, mark->line + 1, what);
}

static int syntax_error(struct reading *r)
{
    const yaml_parser_t *parser = &r->parser;
    size_t line =
        parser->error == YAML_READER_ERROR ? parser->mark.line : parser->problem_mark.line;

    if (parser->error == YAML_MEMORY_ERROR)
        return err_memory(r->err);
    return err_set(r->err, ERR_INVALID, "%s:%zu: not readable as YAML: %s", r->file, line + 1,
                   parser->problem == NULL ? "syntax error" : parser->problem);
}

static const char *copy_scalar(struct reading *r, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;

    if (memchr(text, '\0', event->data.scalar.length) != NULL) {
        refuse(r, &event->start_mark, "a NUL character");
        return NULL;
    }
    const char *copy = arena_text(r->arena, text, event->data.scalar.length);
    if (copy == NULL)
        err_memory(r->err);
    return copy;
}

static struct yml_node *add_node(struct reading *r, const yaml_event_t *event, enum yml_kind kind)
{
    struct yml_node *node = arena_take(r->arena, sizeof *node), *parent = r->open;

    if (node == NULL) {
        err_memory(r->err);
        return NULL;
    }
    *node = (struct yml_node){.kind = kind,
                              .line = (int)event->start_mark.line + 1,
                              .key = r->key,
                              .text = "",
                              .file = r->file,
                              .parent = parent};
    r->key = NULL;
    if (parent == NULL) {
        r->root = node;
        return node;
    }
    node->position = parent->count++;
    if (parent->last == NULL)
        parent->first = node;
    else
        parent->last->next = node;
    parent->last = node;
    return node;
}

static int add_key(struct reading *r, const yaml_event_t *event)
{
    r->key = copy_scalar(r, event);
    if (r->key == NULL)
        return -1;
    if (yml_member(r->open, r->key) != NULL)
        return refuse(r, &event->start_mark, "a key occurs twice");
    return 0;
}

static bool expects_key(const struct reading *r)
{
    return r->open != NULL && r->open->kind == YML_MAP && r->key == NULL;
}

static int add_scalar(struct reading *r, const yaml_event_t *event)
{
    static const char *const nothing[] = {"", "~", "null"};
    const char *text = copy_scalar(r, event);
    enum yml_kind kind = YML_TEXT;

    if (text == NULL)
        return -1;
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++)
        if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && strcmp(text, nothing[i]) == 0)
            kind = YML_NOTHING;
    struct yml_node *node = add_node(r, event, kind);
    if (node != NULL && kind == YML_TEXT)
        node->text = text;
    return node == NULL ? -1 : 0;
}

static int begin(struct reading *r, const yaml_event_t *event, enum yml_kind kind)
{
    if (expects_key(r))
        return refuse(r, &event->start_mark, "a key must be plain text");
    if (++r->depth > YML_MAX_DEPTH)
        return refuse(r, &event->start_mark, "nested too deeply");
    r->open = add_node(r, event, kind);
    return r->open == NULL ? -1 : 0;
}

static bool is_marked(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor != NULL || event->data.sequence_start.tag != NULL;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor != NULL || event->data.mapping_start.tag != NULL;
    default:
        return event->type == YAML_ALIAS_EVENT;
    }
}

static int add(struct reading *r, const yaml_event_t *event)
{
    if (is_marked(event))
        return refuse(r, &event->start_mark,
                      "anchors (&), aliases (*) and tags (!) are not read: put text that begins "
                      "so in quotes");
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return r->documents++ == 0 ? 0 : refuse(r, &event->start_mark, "a second document");
    case YAML_SCALAR_EVENT:
        return expects_key(r) ? add_key(r, event) : add_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
        return begin(r, event, YML_LIST);
    case YAML_MAPPING_START_EVENT:
        return begin(r, event, YML_MAP);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        r->open = r->open->parent;
        r->depth--;
        return 0;
    default:
        return 0;
    }
}

static int read_events(struct reading *r)
{
    yaml_event_t event;

    for (bool ended = false; !ended;) {
        if (yaml_parser_parse(&r->parser, &event) == 0)
            return syntax_error(r);
        ended = event.type == YAML_STREAM_END_EVENT;
        int rc = add(r, &event);
        yaml_event_delete(&event);
        if (rc < 0)
            return -1;
    }
    return 0;
}

struct yml_node *yml_read(const char *text, size_t len, const char *file, struct arena *arena,
                          struct err *err)
{
    struct reading r = {.file = file, .arena = arena, .err = err};
    int rc;

    if (yaml_parser_initialize(&r.parser) == 0) {
        err_memory(err);
        return NULL;
    }
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
    rc = read_events(&r);
    yaml_parser_delete(&r.parser);
    if (rc == 0 && r.root == NULL)
        err_set(err, ERR_INVALID, "%s:1: there is nothing in it", file);
    return rc < 0 ? NULL : r.root;
}

int yml_is(const struct yml_node *node, enum yml_kind kind, struct err *err)
{
    if (node->kind == kind)
        return 0;
    return yml_fail(node, err, "expected %s", kind_names[kind]);
}

int yml_text(const struct yml_node *node, const char **ret_text, struct err *err)
{
    if (node->kind != YML_TEXT || node->text[0] == '\0')
        return yml_fail(node, err, "expected text");
    *ret_text = node->text;
    return 0;
}

int yml_flag(const struct yml_node *node, bool *ret_flag, struct err *err)
{
    if (strcmp(node->text, "true") != 0 && strcmp(node->text, "false") != 0)
        return yml_fail(node, err, "expected true or false");
    *ret_flag = node->text[0] == 't';
    return 0;
}

static int read_count(const struct yml_node *node, unsigned long most, uint64_t *ret_count,
                      struct err *err)
{
    char *end;

    errno = 0;
    unsigned long count = strtoul(node->text, &end, 10);
    if (node->text[0] < '0' || node->text[0] > '9' || *end != '\0' || errno != 0 || count > most)
        return yml_fail(node, err, "expected a whole number from 0 to %lu", most);
    *ret_count = count;
    return 0;
}

static int take_value(const struct yml_node *node, const struct yml_key *key, void *target,
                      struct err *err)
{
    void *place = (char *)target + key->at;
    uint64_t count = 0;

    switch (key->want) {
    case WANT_TEXT:
        return yml_text(node, place, err);
    case WANT_FLAG:
        return yml_flag(node, place, err);
    case WANT_COUNT:
        if (read_count(node, key->most, &count, err) < 0)
            return -1;
        *(unsigned *)place = (unsigned)count;
        return 0;
    case WANT_COUNT64:
        return read_count(node, key->most, place, err);
    case WANT_NODE:
        *(const struct yml_node **)place = node;
        return 0;
    }
    return 0;
}

static int unknown_key(const struct yml_node *node, const struct yml_key *keys, size_t key_count,
                       struct err *err)
{
    char names[300] = "";

    for (size_t i = 0; i < key_count; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i == 0 ? "" : ", ",
                 keys[i].name);
    return yml_fail(node, err, "unknown key; expected one of %s", names);
}

int yml_take(const struct yml_node *node, const struct yml_key *keys, size_t key_count,
             void *target, struct err *err)
{
    if (yml_is(node, YML_MAP, err) < 0)
        return -1;
    for (const struct yml_node *child = node->first; child != NULL; child = child->next) {
        size_t i = 0;
        while (i < key_count && strcmp(keys[i].name, child->key) != 0)
            i++;
        if (i == key_count)
            return unknown_key(child, keys, key_count, err);
        if (take_value(child, &keys[i], target, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < key_count; i++)
        if (keys[i].needed && yml_member(node, keys[i].name) == NULL)
            return yml_fail(node, err, "expected the key %s", keys[i].name);
    return 0;
}
