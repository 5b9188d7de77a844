/* The strict reader: bytes to nodes, by recursive descent, in one pass. */
#include "event/parse.h"

#include <endian.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "event/escape.h"
#include "event/repeats.h"

#define EVERY_BYTE 0x0101010101010101u
#define HIGH_BITS  0x8080808080808080u

struct reader {
    const char *text, *at, *end;
    struct doc *doc;
    struct err *err;
};

static bool fail(struct reader *r, const char *what)
{
    err_set(r->err, ERR_INVALID, "%s at byte %zu", what, (size_t)(r->at - r->text));
    return false;
}

static void skip_space(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
}

static bool take(struct reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

/* ---- strings ---- */

/* The high bit of the first byte that is a quote, a backslash or a control character; bits
   above it may be wrong, zero is not. */
static uint64_t special_bytes(uint64_t word)
{
    uint64_t quote = word ^ (EVERY_BYTE * '"'), slash = word ^ (EVERY_BYTE * '\\');

    return (((quote - EVERY_BYTE) & ~quote) | ((slash - EVERY_BYTE) & ~slash) |
            ((word - EVERY_BYTE * ' ') & ~word)) &
           HIGH_BITS;
}

/* The first byte from at that needs a look; *seen collects the bytes passed. */
static const char *skip_plain(const char *at, const char *end, uint64_t *seen)
{
    while (end - at >= 8) {
        uint64_t word, special;
        memcpy(&word, at, 8);
        word = le64toh(word);
        *seen |= word;
        special = special_bytes(word);
        if (special != 0)
            return at + __builtin_ctzll(special) / 8;
        at += 8;
    }
    while (at < end && (unsigned char)*at >= ' ' && *at != '"' && *at != '\\') {
        *seen |= (unsigned char)*at;
        at++;
    }
    return at;
}

static bool read_escape(struct reader *r)
{
    int32_t unit;

    if (r->end - r->at < 2)
        return fail(r, "unterminated string");
    if (r->at[1] != 'u') {
        if (strchr("\"\\/bfnrt", r->at[1]) == NULL || r->at[1] == '\0')
            return fail(r, "unknown escape in a string");
        r->at += 2;
        return true;
    }
    unit = escape_hex_unit(r->at + 2, r->end);
    if (unit < 0)
        return fail(r, "\\u lacks its four hex digits");
    if (escape_is_low_surrogate(unit))
        return fail(r, "half of a surrogate pair without the other");
    if (escape_is_high_surrogate(unit)) {
        const char *pair = r->at + 6;
        if (r->end - pair < 6 || pair[0] != '\\' || pair[1] != 'u' ||
            !escape_is_low_surrogate(escape_hex_unit(pair + 2, r->end)))
            return fail(r, "half of a surrogate pair without the other");
        r->at += 6;
    }
    r->at += 6;
    return true;
}

/* From the opening quote to just past the closing one. */
static bool read_string(struct reader *r, uint32_t *ret_start, uint32_t *ret_len, bool *ret_escaped)
{
    const char *start = ++r->at;
    uint64_t seen = 0;
    bool escaped = false;

    for (;;) {
        r->at = skip_plain(r->at, r->end, &seen);
        if (r->at == r->end)
            return fail(r, "unterminated string");
        if (*r->at == '"')
            break;
        if (*r->at != '\\')
            return fail(r, "control character in a string");
        escaped = true;
        if (!read_escape(r))
            return false;
    }
    if ((seen & HIGH_BITS) != 0 && !utf8_valid(start, (size_t)(r->at - start)))
        return fail(r, "invalid UTF-8 in the string that ends");
    *ret_start = (uint32_t)(start - r->text);
    *ret_len = (uint32_t)(r->at - start);
    *ret_escaped = escaped;
    r->at++;
    return true;
}

/* ---- values ---- */

static bool take_digits(struct reader *r)
{
    const char *start = r->at;

    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return r->at > start;
}

static bool read_number(struct reader *r, struct doc_node *node)
{
    const char *start = r->at;

    take(r, '-');
    if (!take(r, '0') && !take_digits(r))
        return fail(r, "a value is missing");
    if (take(r, '.') && !take_digits(r))
        return fail(r, "a digit is missing");
    if (take(r, 'e') || take(r, 'E')) {
        if (!take(r, '+'))
            take(r, '-');
        if (!take_digits(r))
            return fail(r, "a digit is missing");
    }
    node->type = DOC_NUMBER;
    node->start = (uint32_t)(start - r->text);
    node->len = (uint32_t)(r->at - start);
    return true;
}

static bool read_literal(struct reader *r, struct doc_node *node, enum doc_type type,
                         const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
        return fail(r, "a value is missing");
    node->type = type;
    node->start = (uint32_t)(r->at - r->text);
    node->len = (uint32_t)len;
    r->at += len;
    return true;
}

/* A new node that is all zero. */
static bool add_node(struct reader *r, uint32_t *ret_index)
{
    struct doc *doc = r->doc;

    if (doc->count == doc->capacity) {
        size_t capacity = doc->capacity * 2;
        struct doc_node *nodes;
        if (doc->count >= DOC_MAX_NODES)
            return fail(r, "too many values");
        nodes = mem_resize(doc->nodes, capacity, sizeof *nodes);
        if (nodes == NULL) {
            err_memory(r->err);
            return false;
        }
        doc->nodes = nodes;
        doc->capacity = capacity < DOC_MAX_NODES ? capacity : DOC_MAX_NODES;
    }
    doc->nodes[doc->count] = (struct doc_node){0};
    *ret_index = (uint32_t)doc->count++;
    return true;
}

static bool read_value(struct reader *r, uint32_t index, int depth);

static bool read_key(struct reader *r, uint32_t index)
{
    struct doc_node *node = &r->doc->nodes[index];

    if (r->at == r->end || *r->at != '"')
        return fail(r, "the name of a member is missing");
    if (!read_string(r, &node->key, &node->key_len, &node->key_escaped))
        return false;
    skip_space(r);
    if (!take(r, ':'))
        return fail(r, "a colon is missing");
    skip_space(r);
    return true;
}

/* An array or object.  Recursion ends at DOC_MAX_DEPTH. */
static bool read_container(struct reader *r, uint32_t parent, int depth)
{
    const char *start = r->at;
    bool object = *start == '{';
    char close = object ? '}' : ']';
    uint32_t first = 0, last = 0, count = 0, index;
    struct doc_node *node;

    if (depth > DOC_MAX_DEPTH)
        return fail(r, "nested too deep");
    r->at++;
    skip_space(r);
    if (!take(r, close)) {
        do {
            skip_space(r);
            if (!add_node(r, &index) || (object && !read_key(r, index)) ||
                !read_value(r, index, depth))
                return false;
            if (last == 0)
                first = index;
            else
                r->doc->nodes[last].next = r->doc->nodes[last].next_written = index;
            last = index;
            count++;
            skip_space(r);
        } while (take(r, ','));
        if (!take(r, close))
            return fail(r, object ? "a comma or } is missing" : "a comma or ] is missing");
    }
    node = &r->doc->nodes[parent];
    node->type = object ? DOC_OBJECT : DOC_ARRAY;
    node->start = (uint32_t)(start - r->text);
    node->len = (uint32_t)(r->at - start);
    node->child = first;
    node->count = count;
    return !object || repeats_link(r->doc, parent, r->err) == 0;
}

/* depth: how many containers are open around the value. */
static bool read_value(struct reader *r, uint32_t index, int depth)
{
    struct doc_node *node = &r->doc->nodes[index];

    if (r->at == r->end)
        return fail(r, "a value is missing");
    switch (*r->at) {
    case '"':
        node->type = DOC_STRING;
        return read_string(r, &node->start, &node->len, &node->escaped);
    case '{':
    case '[':
        return read_container(r, index, depth + 1);
    case 't':
        return read_literal(r, node, DOC_TRUE, "true");
    case 'f':
        return read_literal(r, node, DOC_FALSE, "false");
    case 'n':
        return read_literal(r, node, DOC_NULL, "null");
    default:
        return read_number(r, node);
    }
}

int doc_parse(struct doc *doc, const char *text, size_t len, struct err *err)
{
    struct doc made = {.text = text, .len = len};
    struct reader r = {.text = text, .at = text, .doc = &made, .err = err};
    uint32_t root;

    if (len >= UINT32_MAX)
        return err_set(err, ERR_INVALID, "the text is too long");
    r.end = text + len;
    /* One node for about 16 bytes is what events have, so most are read without growing. */
    made.capacity = len / 16 + 8;
    if (made.capacity > DOC_MAX_NODES)
        made.capacity = DOC_MAX_NODES;
    made.nodes = mem_alloc(made.capacity * sizeof *made.nodes);
    if (made.nodes == NULL)
        return err_memory(err);
    skip_space(&r);
    if (!add_node(&r, &root) || !read_value(&r, root, 0))
        goto out;
    skip_space(&r);
    if (r.at != r.end) {
        fail(&r, "more text follows the value");
        goto out;
    }
    *doc = made;
    return 0;
out:
    doc_done(&made);
    return -1;
}
