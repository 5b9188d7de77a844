/* Builds the tree of the configuration file from the events of libyaml. */
#include "settings/tree.h"

#include <string.h>

#include <yaml.h>

#include "base/log.h"
#include "base/mem.h"

struct reading {
    yaml_parser_t parser;
    const char *name;
    struct err *err;
    struct tree_node *root;
    struct tree_node *open[TREE_MAX_DEPTH]; /* maps and lists not yet ended */
    size_t depth;
    size_t nodes;
    char *key;        /* of the map member whose value comes next */
    bool repeated;    /* that key occurred before */
    const char *text; /* all of it, and how far it was looked through for comments: */
    size_t len, at;   /* bytes */
    size_t at_index;  /* the same in characters, as libyaml counts */
    int documents;
};

void tree_free(struct tree_node *root)
{
    struct tree_node *child, *next;

    if (root == NULL)
        return;
    for (child = root->first; child != NULL; child = next) { /* as deep as TREE_MAX_DEPTH */
        next = child->next;
        tree_free(child);
    }
    mem_free_secret(root->key);
    mem_free_secret(root->text);
    mem_free(root);
}

const struct tree_node *tree_member(const struct tree_node *node, const char *key)
{
    const struct tree_node *child = node != NULL ? node->first : NULL;

    while (child != NULL && (child->key == NULL || strcmp(child->key, key) != 0))
        child = child->next;
    return child;
}

const struct tree_node *tree_element(const struct tree_node *node, size_t index)
{
    const struct tree_node *child = node != NULL ? node->first : NULL;

    while (child != NULL && index-- > 0)
        child = child->next;
    return child;
}

static int refuse(struct reading *r, const yaml_mark_t *mark, const char *what)
{
    return err_set(r->err, ERR_INVALID, "%s:%zu: %s", r->name, mark->line + 1, what);
}

/* libyaml's message, with the line it is about. */
static int syntax_error(struct reading *r)
{
    const yaml_parser_t *parser = &r->parser;
    size_t line = parser->problem_mark.line + 1;

    if (parser->error == YAML_MEMORY_ERROR)
        return err_memory(r->err);
    if (parser->error == YAML_READER_ERROR) /* it gives no position */
        line = parser->mark.line + 1;
    return err_set(r->err, ERR_INVALID, "%s:%zu: not readable as YAML: %s%s%s%s", r->name, line,
                   parser->context != NULL ? parser->context : "",
                   parser->context != NULL ? ", " : "",
                   parser->problem != NULL ? parser->problem : "syntax error",
                   parser->error == YAML_SCANNER_ERROR
                       ? ": text that begins with a mark or holds \": \" needs quotes"
                       : "");
}

/* A key is a scalar of its own, followed by its value. */
static bool expects_key(const struct reading *r)
{
    return r->depth > 0 && r->open[r->depth - 1]->kind == TREE_MAP && r->key == NULL;
}

static int add_key(struct reading *r, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;

    if (memchr(text, '\0', len) != NULL)
        return refuse(r, &event->start_mark, "a NUL character");
    if (strcmp(text, "<<") == 0)
        return refuse(r, &event->start_mark, "merge keys (<<) are not read: write the keys out");
    r->repeated = tree_member(r->open[r->depth - 1], text) != NULL;
    r->key = mem_text(text);
    return r->key != NULL ? 0 : err_memory(r->err);
}

static int add_node(struct reading *r, const yaml_event_t *event, enum tree_kind kind,
                    const char *text, struct tree_node **ret)
{
    struct tree_node *parent = r->depth > 0 ? r->open[r->depth - 1] : NULL;
    struct tree_node *node;

    if (expects_key(r))
        return refuse(r, &event->start_mark, "a key must be plain text");
    if (++r->nodes > TREE_MAX_NODES || (parent != NULL && parent->count == TREE_MAX_CHILDREN))
        return refuse(r, &event->start_mark, "too many values");
    node = mem_zero(1, sizeof *node);
    if (node == NULL || (node->text = mem_text(text)) == NULL) {
        mem_free(node);
        return err_memory(r->err);
    }
    node->kind = kind;
    node->line = (int)event->start_mark.line + 1;
    node->key = r->key;
    node->repeated = r->key != NULL && r->repeated;
    r->key = NULL;
    if (parent == NULL)
        r->root = node;
    else if (parent->last == NULL)
        parent->first = node;
    else
        parent->last->next = node;
    if (parent != NULL) {
        parent->last = node;
        parent->count++;
    }
    *ret = node;
    return 0;
}

/* True when a comment follows the plain scalar that ends at mark, on its line. */
static bool has_comment(struct reading *r, const yaml_mark_t *mark)
{
    size_t at;

    if (mark->index < r->at_index)
        r->at = r->at_index = 0;
    while (r->at < r->len && r->at_index < mark->index) {
        r->at++;
        while (r->at < r->len && ((unsigned char)r->text[r->at] & 0xc0) == 0x80)
            r->at++; /* the rest of the character */
        r->at_index++;
    }
    at = r->at;
    while (at < r->len && (r->text[at] == ' ' || r->text[at] == '\t'))
        at++;
    return at > r->at && at < r->len && r->text[at] == '#';
}

static int add_scalar(struct reading *r, const yaml_event_t *event)
{
    static const char *const nothing[] = {"", "~", "null", "Null", "NULL"};
    const char *text = (const char *)event->data.scalar.value;
    enum tree_kind kind = TREE_TEXT;
    struct tree_node *node;
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

    if (expects_key(r))
        return add_key(r, event);
    if (memchr(text, '\0', event->data.scalar.length) != NULL)
        return refuse(r, &event->start_mark, "a NUL character");
    if (plain)
        for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++)
            if (strcmp(text, nothing[i]) == 0)
                kind = TREE_NOTHING;
    if (add_node(r, event, kind, kind == TREE_TEXT ? text : "", &node) < 0)
        return -1;
    node->comment = plain && has_comment(r, &event->end_mark);
    return 0;
}

static int begin(struct reading *r, const yaml_event_t *event, enum tree_kind kind)
{
    struct tree_node *node;

    if (r->depth == TREE_MAX_DEPTH)
        return refuse(r, &event->start_mark, "nested too deeply");
    if (add_node(r, event, kind, "", &node) < 0)
        return -1;
    r->open[r->depth++] = node;
    return 0;
}

/* Anchors and tags change what a value means elsewhere or by type: not needed here. */
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
        return false;
    }
}

static int add(struct reading *r, const yaml_event_t *event)
{
    if (is_marked(event))
        return refuse(r, &event->start_mark,
                      "anchors (&) and tags (!) are not read: put text that begins so in quotes");
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return refuse(r, &event->start_mark,
                      "aliases (*) are not read: put text that begins so in quotes");
    case YAML_DOCUMENT_START_EVENT:
        if (r->documents++ > 0)
            return refuse(r, &event->start_mark, "a second document");
        return 0;
    case YAML_SCALAR_EVENT:
        return add_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
        return begin(r, event, TREE_LIST);
    case YAML_MAPPING_START_EVENT:
        return begin(r, event, TREE_MAP);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        r->depth--;
        return 0;
    default:
        return 0;
    }
}

static int read_events(struct reading *r)
{
    bool ended = false;

    while (!ended) {
        yaml_event_t event;
        int rc;

        if (!yaml_parser_parse(&r->parser, &event))
            return syntax_error(r);
        ended = event.type == YAML_STREAM_END_EVENT;
        rc = add(r, &event);
        if (event.type == YAML_SCALAR_EVENT)
            explicit_bzero(event.data.scalar.value, event.data.scalar.length);
        yaml_event_delete(&event);
        if (rc < 0)
            return -1;
    }
    return r->root != NULL
               ? 0
               : err_set(r->err, ERR_INVALID, "%s:1: found nothing, expected settings", r->name);
}

struct tree_node *tree_read(const char *text, size_t len, const char *name, struct err *err)
{
    struct reading r = {.name = name, .err = err};

    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark */
        text += 3;
        len -= 3;
    }
    r.text = text;
    r.len = len;
    if (len > TREE_MAX_BYTES) {
        err_set(err, ERR_INVALID, "%s:1: larger than %d bytes", name, TREE_MAX_BYTES);
        return NULL;
    }
    if (!yaml_parser_initialize(&r.parser)) {
        err_memory(err);
        return NULL;
    }
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
    if (read_events(&r) < 0) {
        tree_free(r.root);
        r.root = NULL;
    }
    mem_free_secret(r.key);
    yaml_parser_delete(&r.parser);
    return r.root;
}
