/* Builds the tree from expat's events. */
#include "fakeorg/soap/xml_read.h"

#include <limits.h>
#include <string.h>

#include <expat.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fakeorg/soap/xml_write.h"

/* Separates namespace and name in the names that expat reports. */
#define SEPARATOR '\n'

struct reader {
    XML_Parser parser;
    struct arena *arena;
    struct xml_node *root, *open[XML_MAX_DEPTH];
    size_t depth;
    struct buf text; /* of the innermost element, until its end */
    const char *space;
    struct err *err;
    bool failed;
};

static void *allocate(size_t size)
{
    return mem_alloc(size);
}

static void *reallocate(void *block, size_t size)
{
    return mem_resize(block, size, 1);
}

static void stop(struct reader *r, enum err_kind kind, const char *why)
{
    if (!r->failed)
        err_set(r->err, kind, "%s", why);
    r->failed = true;
    XML_StopParser(r->parser, XML_FALSE);
}

/* A request has few namespaces, in runs: reuse the last one. */
static const char *space_of(struct reader *r, const char *name, const char *end)
{
    size_t len = (size_t)(end - name);

    if (r->space == NULL || strlen(r->space) != len || memcmp(r->space, name, len) != 0)
        r->space = arena_text(r->arena, name, len);
    return r->space;
}

static bool is_true(const char *text)
{
    return strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
}

static const char *local_name(struct reader *r, const char *name)
{
    const char *colon = strchr(name, ':');
    const char *local = colon == NULL ? name : colon + 1;
    const char *copy = arena_text(r->arena, local, strlen(local));

    if (copy == NULL)
        stop(r, ERR_FULL, "the request is too large");
    return copy;
}

static void on_start(void *data, const char *name, const char **attributes)
{
    struct reader *r = data;
    const char *at = strrchr(name, SEPARATOR);
    struct xml_node *node;

    if (r->failed)
        return;
    if (r->depth == XML_MAX_DEPTH) {
        stop(r, ERR_INVALID, "elements are nested too deeply");
        return;
    }
    node = arena_take(r->arena, sizeof *node);
    if (node != NULL) {
        node->space = at == NULL ? "" : space_of(r, name, at);
        node->name = at == NULL ? name : at + 1;
        node->name = arena_text(r->arena, node->name, strlen(node->name));
        node->text = "";
    }
    if (node == NULL || node->space == NULL || node->name == NULL) {
        stop(r, ERR_FULL, "the request is too large");
        return;
    }
    for (; *attributes != NULL; attributes += 2) {
        if (strcmp(attributes[0], NS_XSI "\nnil") == 0)
            node->nil = is_true(attributes[1]);
        else if (strcmp(attributes[0], NS_XSI "\ntype") == 0)
            node->type = local_name(r, attributes[1]);
        else if (strcmp(attributes[0], NS_ENVELOPE "\nmustUnderstand") == 0)
            node->must_understand = is_true(attributes[1]);
    }
    if (r->depth == 0) {
        r->root = node;
    } else {
        struct xml_node *parent = r->open[r->depth - 1];
        if (parent->last == NULL)
            parent->first = node;
        else
            parent->last->next = node;
        parent->last = node;
    }
    r->open[r->depth++] = node;
    buf_clear(&r->text);
}

static void on_end(void *data, const char *name)
{
    struct reader *r = data;

    if (r->failed)
        return;
    struct xml_node *node = r->open[--r->depth];
    if (node->first == NULL && r->text.len > 0) {
        node->text = arena_text(r->arena, buf_peek(&r->text), r->text.len);
        if (node->text == NULL)
            stop(r, ERR_FULL, "the request is too large");
    }
    buf_clear(&r->text);
}

static void on_text(void *data, const char *text, int len)
{
    struct reader *r = data;

    buf_put(&r->text, text, (size_t)len);
    if (buf_failed(&r->text))
        stop(r, ERR_FULL, "the request is too large");
}

static void on_doctype(void *data, const char *name, const char *system, const char *public,
                       int has_internal)
{
    stop(data, ERR_INVALID, "a DOCTYPE is not allowed");
}

struct xml_node *xml_read(const char *bytes, size_t len, struct arena *arena, struct err *err)
{
    const XML_Memory_Handling_Suite memory = {allocate, reallocate, mem_free};
    const char separator[2] = {SEPARATOR, '\0'};
    struct reader r = {.arena = arena, .err = err};

    if (len > INT_MAX) {
        err_set(err, ERR_FULL, "the request is too large");
        return NULL;
    }
    r.parser = XML_ParserCreate_MM(NULL, &memory, separator);
    if (r.parser == NULL) {
        err_memory(err);
        return NULL;
    }
    buf_init(&r.text, 2 * len); /* room for Latin-1 made UTF-8 */
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    if (XML_Parse(r.parser, bytes, (int)len, 1) != XML_STATUS_OK && !r.failed) {
        err_set(err, XML_GetErrorCode(r.parser) == XML_ERROR_NO_MEMORY ? ERR_MEMORY : ERR_INVALID,
                "line %lu: %s", XML_GetCurrentLineNumber(r.parser),
                XML_ErrorString(XML_GetErrorCode(r.parser)));
        r.failed = true;
    }
    buf_done(&r.text);
    XML_ParserFree(r.parser);
    return r.failed ? NULL : r.root;
}

bool xml_is(const struct xml_node *node, const char *space, const char *name)
{
    return node != NULL && strcmp(node->name, name) == 0 && strcmp(node->space, space) == 0;
}

struct xml_node *xml_child(const struct xml_node *node, const char *space, const char *name)
{
    struct xml_node *child = node == NULL ? NULL : node->first;

    while (child != NULL && !xml_is(child, space, name))
        child = child->next;
    return child;
}
