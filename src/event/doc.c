/* Walking a parsed document, and decoding its strings. */
#include "event/doc.h"

#include <string.h>

#include "base/mem.h"
#include "event/escape.h"

void doc_done(struct doc *doc)
{
    mem_free(doc->nodes);
    *doc = (struct doc){0};
}

/* ---- walking ---- */

const struct doc_node *doc_root(const struct doc *doc)
{
    return &doc->nodes[0];
}

const struct doc_node *doc_first(const struct doc *doc, const struct doc_node *parent)
{
    return parent->child != 0 ? &doc->nodes[parent->child] : NULL;
}

const struct doc_node *doc_next(const struct doc *doc, const struct doc_node *node)
{
    return node->next != 0 ? &doc->nodes[node->next] : NULL;
}

/* The nodes are in the order of the text, so the first written follows its parent. */
const struct doc_node *doc_first_written(const struct doc *doc, const struct doc_node *parent)
{
    return parent->child != 0 ? parent + 1 : NULL;
}

const struct doc_node *doc_next_written(const struct doc *doc, const struct doc_node *node)
{
    return node->next_written != 0 ? &doc->nodes[node->next_written] : NULL;
}

const char *doc_raw(const struct doc *doc, const struct doc_node *node, size_t *ret_len)
{
    size_t quote = node->type == DOC_STRING ? 1 : 0;

    *ret_len = node->len + 2 * quote;
    return doc->text + node->start - quote;
}

/* ---- strings ---- */

/* Decodes into ret and appends a NUL.  False when size bytes are too few; len + 1
   are enough, since decoding never lengthens. */
static bool decode(const char *raw, size_t len, bool escaped, char *ret, size_t size,
                   size_t *ret_len)
{
    const char *at = raw, *end = raw + len;
    size_t used = 0;

    while (at < end) {
        char piece_room[4];
        const char *piece = at;
        size_t n = len;
        if (escaped)
            piece = escape_next(&at, end, piece_room, &n);
        else
            at = end;
        if (n >= size - used)
            return false;
        memcpy(ret + used, piece, n);
        used += n;
    }
    ret[used] = '\0';
    *ret_len = used;
    return true;
}

static char *copy(const char *raw, size_t len, bool escaped, size_t *ret_len)
{
    char *text = mem_alloc(len + 1);

    if (text != NULL)
        decode(raw, len, escaped, text, len + 1, ret_len);
    return text;
}

static bool equals(const char *raw, size_t len, bool escaped, const char *text)
{
    const char *at = raw, *end = raw + len;
    size_t text_len = strlen(text);

    if (!escaped)
        return text_len == len && memcmp(raw, text, len) == 0;
    while (at < end) {
        char ret[4];
        size_t n;
        const char *piece = escape_next(&at, end, ret, &n);
        if (n > text_len || memcmp(piece, text, n) != 0)
            return false;
        text += n;
        text_len -= n;
    }
    return text_len == 0;
}

char *doc_text(const struct doc *doc, const struct doc_node *node, size_t *ret_len)
{
    return copy(doc->text + node->start, node->len, node->escaped, ret_len);
}

char *doc_key(const struct doc *doc, const struct doc_node *node, size_t *ret_len)
{
    return copy(doc->text + node->key, node->key_len, node->key_escaped, ret_len);
}

static bool copy_into(const char *raw, size_t len, bool escaped, char *ret, size_t size)
{
    size_t used;

    return size > 0 && decode(raw, len, escaped, ret, size, &used) &&
           memchr(ret, '\0', used) == NULL;
}

bool doc_text_into(const struct doc *doc, const struct doc_node *node, char *ret, size_t size)
{
    return copy_into(doc->text + node->start, node->len, node->escaped, ret, size);
}

bool doc_key_into(const struct doc *doc, const struct doc_node *node, char *ret, size_t size)
{
    return copy_into(doc->text + node->key, node->key_len, node->key_escaped, ret, size);
}

bool doc_is_text(const struct doc *doc, const struct doc_node *node, const char *text)
{
    return node->type == DOC_STRING &&
           equals(doc->text + node->start, node->len, node->escaped, text);
}

bool doc_key_is(const struct doc *doc, const struct doc_node *node, const char *text)
{
    return equals(doc->text + node->key, node->key_len, node->key_escaped, text);
}

const struct doc_node *doc_get(const struct doc *doc, const struct doc_node *object,
                               const char *name)
{
    if (object == NULL || object->type != DOC_OBJECT)
        return NULL;
    for (const struct doc_node *m = doc_first(doc, object); m != NULL; m = doc_next(doc, m))
        if (doc_key_is(doc, m, name))
            return m;
    return NULL;
}
