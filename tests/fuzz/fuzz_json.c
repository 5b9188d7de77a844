/*
 * fuzz_json: the strict reader against jansson.
 *
 * Both must accept or both refuse, and read the same values.  Known to differ: numbers that
 * fit no 64 bits or no double and NULs in keys (jansson refuses them), nesting deeper than
 * DOC_MAX_DEPTH (ours refuses it), which of two equal keys counts, and a NUL byte, which
 * jansson overlooks at the end and which no JSON holds.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/parse.h"
#include "oracle_json.h"

#define MAX_INPUT 4096 /* comparing objects with themselves is quadratic */

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static bool same_key(const struct doc *doc, const struct doc_node *a, const struct doc_node *b)
{
    size_t a_len, b_len;
    char *a_key = doc_key(doc, a, &a_len), *b_key = doc_key(doc, b, &b_len);
    bool same =
        a_key != NULL && b_key != NULL && a_len == b_len && memcmp(a_key, b_key, a_len) == 0;

    mem_free(a_key);
    mem_free(b_key);
    return same;
}

static void put_value(struct buf *out, const struct doc *doc, const struct doc_node *node);

/* The last value of a key at the place of its first, as jansson has it. */
static void put_member(struct buf *out, const struct doc *doc, const struct doc_node *object,
                       const struct doc_node *member)
{
    const struct doc_node *last = member, *m;
    size_t len;
    char *key;

    for (m = doc_first(doc, object); m != member; m = doc_next(doc, m))
        if (same_key(doc, m, member))
            return;
    for (; m != NULL; m = doc_next(doc, m))
        if (same_key(doc, m, member))
            last = m;
    key = doc_key(doc, member, &len);
    if (key == NULL)
        abort();
    oracle_string(out, key, len);
    mem_free(key);
    put_value(out, doc, last);
}

static void put_inner(struct buf *out, const struct doc *doc, const struct doc_node *node)
{
    bool object = node->type == DOC_OBJECT;
    uint32_t count = 0;

    buf_char(out, object ? '{' : '[');
    for (const struct doc_node *m = doc_first(doc, node); m != NULL; m = doc_next(doc, m)) {
        if (object)
            put_member(out, doc, node, m);
        else
            put_value(out, doc, m);
        count++;
    }
    buf_char(out, object ? '}' : ']');
    if (count != node->count)
        abort();
}

/* The other ways to a text agree with doc_text. */
static void check_short(const struct doc *doc, const struct doc_node *node, const char *text,
                        size_t len)
{
    bool whole = strlen(text) == len;
    char room[32];

    if (doc_text_into(doc, node, room, sizeof room) != (whole && len < sizeof room))
        abort();
    if (whole && len < sizeof room && strcmp(room, text) != 0)
        abort();
    if (node->type == DOC_STRING && doc_is_text(doc, node, text) != whole)
        abort();
}

static void put_value(struct buf *out, const struct doc *doc, const struct doc_node *node)
{
    char *text;
    size_t len;

    if (node->type == DOC_OBJECT || node->type == DOC_ARRAY) {
        put_inner(out, doc, node);
        return;
    }
    text = doc_text(doc, node, &len);
    if (text == NULL)
        abort();
    check_short(doc, node, text, len);
    if (node->type == DOC_STRING)
        oracle_string(out, text, len);
    else if (node->type == DOC_NUMBER)
        oracle_number(out, text);
    else
        buf_char(out, text[0]);
    mem_free(text);
}

/* The raw text of every value parses alone, to a value of the same type. */
static void check_raw(const struct doc *doc)
{
    for (size_t i = 0; i < doc->count; i++) {
        struct err err = {0};
        struct doc alone;
        size_t len;
        const char *raw = doc_raw(doc, &doc->nodes[i], &len);
        if (len > 100)
            continue;
        if (doc_parse(&alone, raw, len, &err) < 0 || doc_root(&alone)->type != doc->nodes[i].type)
            abort();
        doc_done(&alone);
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
    const char *text = (const char *)data;
    struct err err = {0};
    struct doc doc;
    struct buf ours, theirs;
    enum oracle_verdict verdict;

    if (len > MAX_INPUT)
        return 0;
    buf_init(&ours, 1 << 20);
    buf_init(&theirs, 1 << 20);
    verdict = oracle_read(text, len, &theirs);
    if (doc_parse(&doc, text, len, &err) < 0) {
        if (verdict == ORACLE_ACCEPTS && strstr(err.text, "too deep") == NULL &&
            memchr(text, '\0', len) == NULL)
            abort();
        goto out;
    }
    if (verdict == ORACLE_REFUSES || memchr(text, '\0', len) != NULL)
        abort();
    put_value(&ours, &doc, doc_root(&doc));
    if (verdict == ORACLE_ACCEPTS &&
        (ours.len != theirs.len || memcmp(ours.data, theirs.data, ours.len) != 0))
        abort();
    check_raw(&doc);
    doc_done(&doc);
out:
    buf_done(&ours);
    buf_done(&theirs);
    return 0;
}
