#include "event/json.h"

#include <endian.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "event/repeats.h"

#define EVERY_BYTE 0x0101010101010101u
#define HIGH_BITS  0x8080808080808080u

struct reader {
    const char *text, *at, *end;
    struct json_doc *doc;
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

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value of four hex digits, or -1. */
static int32_t hex_unit(const char *at, const char *end)
{
    int32_t unit = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static bool is_high_surrogate(int32_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low_surrogate(int32_t unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

static bool read_escape(struct reader *r)
{
    int32_t unit;

    if (r->end - r->at < 2)
        return fail(r, "a string has no end");
    if (r->at[1] != 'u') {
        if (strchr("\"\\/bfnrt", r->at[1]) == NULL || r->at[1] == '\0')
            return fail(r, "an unknown escape stands in a string");
        r->at += 2;
        return true;
    }
    unit = hex_unit(r->at + 2, r->end);
    if (unit < 0)
        return fail(r, "\\u lacks its four hex digits");
    if (is_low_surrogate(unit))
        return fail(r, "half of a surrogate pair stands alone");
    if (is_high_surrogate(unit)) {
        const char *pair = r->at + 6;
        if (r->end - pair < 6 || pair[0] != '\\' || pair[1] != 'u' ||
            !is_low_surrogate(hex_unit(pair + 2, r->end)))
            return fail(r, "half of a surrogate pair stands alone");
        r->at += 6;
    }
    r->at += 6;
    return true;
}

/* Stands on the opening quote; leaves behind the closing one. */
static bool read_string(struct reader *r, uint32_t *ret_start, uint32_t *ret_len, bool *ret_escaped)
{
    const char *start = ++r->at;
    uint64_t seen = 0;
    bool escaped = false;

    for (;;) {
        r->at = skip_plain(r->at, r->end, &seen);
        if (r->at == r->end)
            return fail(r, "a string has no end");
        if (*r->at == '"')
            break;
        if (*r->at != '\\')
            return fail(r, "a control character stands in a string");
        escaped = true;
        if (!read_escape(r))
            return false;
    }
    if ((seen & HIGH_BITS) != 0 && !utf8_valid(start, (size_t)(r->at - start)))
        return fail(r, "bytes that are no UTF-8 stand in the string that ends");
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

static bool read_number(struct reader *r, struct json_node *node)
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
    node->type = JSON_NUMBER;
    node->start = (uint32_t)(start - r->text);
    node->len = (uint32_t)(r->at - start);
    return true;
}

static bool read_literal(struct reader *r, struct json_node *node, enum json_type type,
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
    struct json_doc *doc = r->doc;

    if (doc->count == doc->room) {
        size_t room = doc->room * 2;
        struct json_node *nodes;
        if (doc->count >= JSON_MAX_NODES)
            return fail(r, "there are too many values");
        nodes = mem_resize(doc->nodes, room, sizeof *nodes);
        if (nodes == NULL) {
            err_memory(r->err);
            return false;
        }
        doc->nodes = nodes;
        doc->room = room < JSON_MAX_NODES ? room : JSON_MAX_NODES;
    }
    doc->nodes[doc->count] = (struct json_node){0};
    *ret_index = (uint32_t)doc->count++;
    return true;
}

static bool read_value(struct reader *r, uint32_t index, int depth);

static bool read_key(struct reader *r, uint32_t index)
{
    struct json_node *node = &r->doc->nodes[index];

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

/* An array or object.  Recursion ends at JSON_MAX_DEPTH. */
static bool read_container(struct reader *r, uint32_t parent, int depth)
{
    const char *start = r->at;
    bool object = *start == '{';
    char close = object ? '}' : ']';
    uint32_t first = 0, last = 0, count = 0, index;
    struct json_node *node;

    if (depth > JSON_MAX_DEPTH)
        return fail(r, "the nesting is too deep");
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
    node->type = object ? JSON_OBJECT : JSON_ARRAY;
    node->start = (uint32_t)(start - r->text);
    node->len = (uint32_t)(r->at - start);
    node->child = first;
    node->count = count;
    return !object || repeats_settle(r->doc, parent, r->err) == 0;
}

/* depth: how many containers are open around the value. */
static bool read_value(struct reader *r, uint32_t index, int depth)
{
    struct json_node *node = &r->doc->nodes[index];

    if (r->at == r->end)
        return fail(r, "a value is missing");
    switch (*r->at) {
    case '"':
        node->type = JSON_STRING;
        return read_string(r, &node->start, &node->len, &node->escaped);
    case '{':
    case '[':
        return read_container(r, index, depth + 1);
    case 't':
        return read_literal(r, node, JSON_TRUE, "true");
    case 'f':
        return read_literal(r, node, JSON_FALSE, "false");
    case 'n':
        return read_literal(r, node, JSON_NULL, "null");
    default:
        return read_number(r, node);
    }
}

int json_parse(struct json_doc *doc, const char *text, size_t len, struct err *err)
{
    struct json_doc made = {.text = text, .len = len};
    struct reader r = {.text = text, .at = text, .doc = &made, .err = err};
    uint32_t root;

    if (len >= UINT32_MAX)
        return err_set(err, ERR_INVALID, "the text is too long");
    r.end = text + len;
    /* One node for about 16 bytes is what events have, so most are read without growing. */
    made.room = len / 16 + 8;
    if (made.room > JSON_MAX_NODES)
        made.room = JSON_MAX_NODES;
    made.nodes = mem_alloc(made.room * sizeof *made.nodes);
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
    json_done(&made);
    return -1;
}

void json_done(struct json_doc *doc)
{
    mem_free(doc->nodes);
    *doc = (struct json_doc){0};
}

/* ---- asking ---- */

const struct json_node *json_root(const struct json_doc *doc)
{
    return &doc->nodes[0];
}

const struct json_node *json_first(const struct json_doc *doc, const struct json_node *parent)
{
    return parent->child != 0 ? &doc->nodes[parent->child] : NULL;
}

const struct json_node *json_next(const struct json_doc *doc, const struct json_node *node)
{
    return node->next != 0 ? &doc->nodes[node->next] : NULL;
}

/* The nodes stand in the order of the text, so the first written follows its parent. */
const struct json_node *json_first_written(const struct json_doc *doc,
                                           const struct json_node *parent)
{
    return parent->child != 0 ? parent + 1 : NULL;
}

const struct json_node *json_next_written(const struct json_doc *doc, const struct json_node *node)
{
    return node->next_written != 0 ? &doc->nodes[node->next_written] : NULL;
}

const char *json_raw(const struct json_doc *doc, const struct json_node *node, size_t *ret_len)
{
    size_t quote = node->type == JSON_STRING ? 1 : 0;

    *ret_len = node->len + 2 * quote;
    return doc->text + node->start - quote;
}

/* Reads one character, or a whole run of plain bytes, of a string that read_string has
   passed.  The bytes are lent from the text or stand in room. */
static const char *next_piece(const char **at, const char *end, char room[4], size_t *ret_len)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *start = *at;
    uint32_t c;

    if (*start != '\\') {
        const char *slash = memchr(start, '\\', (size_t)(end - start));
        *at = slash != NULL ? slash : end;
        *ret_len = (size_t)(*at - start);
        return start;
    }
    if (start[1] != 'u') {
        room[0] = meanings[strchr(letters, start[1]) - letters];
        *ret_len = 1;
        *at = start + 2;
        return room;
    }
    c = (uint32_t)hex_unit(start + 2, end);
    *at = start + 6;
    if (is_high_surrogate((int32_t)c)) {
        c = 0x10000 + ((c - 0xD800) << 10) + ((uint32_t)hex_unit(start + 8, end) - 0xDC00);
        *at = start + 12;
    }
    *ret_len = utf8_encode(c, room);
    return room;
}

/* Decodes into room and puts a NUL behind.  False when size bytes are too few; len + 1
   are enough, since decoding never lengthens. */
static bool decode(const char *raw, size_t len, bool escaped, char *room, size_t size,
                   size_t *ret_len)
{
    const char *at = raw, *end = raw + len;
    size_t used = 0;

    while (at < end) {
        char piece_room[4];
        const char *piece = at;
        size_t n = len;
        if (escaped)
            piece = next_piece(&at, end, piece_room, &n);
        else
            at = end;
        if (n >= size - used)
            return false;
        memcpy(room + used, piece, n);
        used += n;
    }
    room[used] = '\0';
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
        char room[4];
        size_t n;
        const char *piece = next_piece(&at, end, room, &n);
        if (n > text_len || memcmp(piece, text, n) != 0)
            return false;
        text += n;
        text_len -= n;
    }
    return text_len == 0;
}

char *json_text(const struct json_doc *doc, const struct json_node *node, size_t *ret_len)
{
    return copy(doc->text + node->start, node->len, node->escaped, ret_len);
}

char *json_key(const struct json_doc *doc, const struct json_node *node, size_t *ret_len)
{
    return copy(doc->text + node->key, node->key_len, node->key_escaped, ret_len);
}

static bool copy_into(const char *raw, size_t len, bool escaped, char *room, size_t size)
{
    size_t used;

    return size > 0 && decode(raw, len, escaped, room, size, &used) &&
           memchr(room, '\0', used) == NULL;
}

bool json_text_into(const struct json_doc *doc, const struct json_node *node, char *room,
                    size_t size)
{
    return copy_into(doc->text + node->start, node->len, node->escaped, room, size);
}

bool json_key_into(const struct json_doc *doc, const struct json_node *node, char *room,
                   size_t size)
{
    return copy_into(doc->text + node->key, node->key_len, node->key_escaped, room, size);
}

bool json_is_text(const struct json_doc *doc, const struct json_node *node, const char *text)
{
    return node->type == JSON_STRING &&
           equals(doc->text + node->start, node->len, node->escaped, text);
}

bool json_key_is(const struct json_doc *doc, const struct json_node *node, const char *text)
{
    return equals(doc->text + node->key, node->key_len, node->key_escaped, text);
}

const struct json_node *json_get(const struct json_doc *doc, const struct json_node *object,
                                 const char *name)
{
    if (object == NULL || object->type != JSON_OBJECT)
        return NULL;
    for (const struct json_node *m = json_first(doc, object); m != NULL; m = json_next(doc, m))
        if (json_key_is(doc, m, name))
            return m;
    return NULL;
}
