/* Compares names without case and separators, through nested objects. */
#include "event/traits.h"

#include <string.h>

/* The rest of a key or path up to end, as it is compared. */
struct letters {
    const char *at, *end;
    bool escaped; /* backslashes mean what they mean in JSON */
};

/* The character that an escape encodes when it is ASCII, else '\0'. Short escapes
   never encode a character that counts. */
static char unescape(struct letters *l)
{
    const char *at = l->at;

    if (at[1] != 'u') {
        l->at += 2;
        return '\0';
    }
    l->at += 6;
    if (at[2] != '0' || at[3] != '0' || at[4] < '2' || at[4] > '7')
        return '\0';
    return (char)((at[4] - '0') * 16 + (at[5] <= '9' ? at[5] - '0' : (at[5] | 0x20) - 'a' + 10));
}

/* The next character that counts, in lower case; '\0' at the end. */
static char next_letter(struct letters *l)
{
    while (l->at < l->end) {
        char c = l->escaped && *l->at == '\\' ? unescape(l) : *l->at++;
        if (c >= 'A' && c <= 'Z')
            return (char)(c + 'a' - 'A');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.')
            return c;
    }
    return '\0';
}

static struct letters key_letters(const struct doc *doc, const struct doc_node *member)
{
    const char *key = doc->text + member->key;

    return (struct letters){key, key + member->key_len, member->key_escaped};
}

/* True when the key is the beginning of path, up to a dot or whole; *path then points
   past it.  An empty key is the beginning of nothing. */
static bool key_begins(const struct doc *doc, const struct doc_node *member, struct letters *path)
{
    struct letters key = key_letters(doc, member), rest = *path;
    char k = next_letter(&key), p = '\0';

    if (k == '\0')
        return false;
    for (; k != '\0'; k = next_letter(&key)) {
        p = next_letter(&rest);
        if (k != p)
            return false;
    }
    p = next_letter(&rest);
    if (p != '\0' && p != '.')
        return false;
    *path = rest;
    return true;
}

static struct letters plain_letters(const char *text)
{
    return (struct letters){text, text + strlen(text), false};
}

static bool at_end(struct letters path)
{
    return next_letter(&path) == '\0';
}

const struct doc_node *traits_find(const struct doc *doc, const struct doc_node *root,
                                   const char *path)
{
    const struct doc_node *object = root;
    struct letters rest = plain_letters(path);

    while (object != NULL && object->type == DOC_OBJECT) {
        const struct doc_node *member = doc_first(doc, object);
        while (member != NULL && !key_begins(doc, member, &rest))
            member = doc_next(doc, member);
        if (member == NULL || at_end(rest))
            return member;
        object = member;
    }
    return NULL;
}

bool traits_key_matches(const struct doc *doc, const struct doc_node *member, const char *name)
{
    struct letters key = key_letters(doc, member), want = plain_letters(name);
    char k = next_letter(&key), w = next_letter(&want);

    if (k == '\0')
        return false;
    while (k == w && k != '\0') {
        k = next_letter(&key);
        w = next_letter(&want);
    }
    return k == w;
}

enum traits_fit traits_fit(const char *path, const char *name)
{
    struct letters key = plain_letters(path), want = plain_letters(name);
    char k = next_letter(&key), w = next_letter(&want);

    if (k == '\0')
        return TRAITS_DIFFERENT;
    while (k == w && k != '\0') {
        k = next_letter(&key);
        w = next_letter(&want);
    }
    if (k != '\0')
        return TRAITS_DIFFERENT;
    return w == '\0' ? TRAITS_SAME : w == '.' ? TRAITS_CONTAINS : TRAITS_DIFFERENT;
}

/* Any digit before the exponent that is not 0 makes a number true. */
static bool nonzero(const char *number, size_t len)
{
    for (size_t i = 0; i < len && (number[i] | 0x20) != 'e'; i++)
        if (number[i] >= '1' && number[i] <= '9')
            return true;
    return false;
}

bool traits_truthy(const struct doc *doc, const struct doc_node *node)
{
    if (node == NULL)
        return false;
    switch (node->type) {
    case DOC_NULL:
    case DOC_FALSE:
        return false;
    case DOC_NUMBER:
        return nonzero(doc->text + node->start, node->len);
    case DOC_STRING:
        return node->len > 0;
    default:
        return true;
    }
}
