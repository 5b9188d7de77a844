#include "salesforce/soap/soql.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static const char order[] = " ORDER BY CreatedDate, Id";

static const char *escaped(char c)
{
    switch (c) {
    case '\\':
        return "\\\\";
    case '\'':
        return "\\'";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    default:
        return NULL;
    }
}

void soql_string(struct buf *out, const char *text)
{
    buf_char(out, '\'');
    for (; *text != '\0'; text++) {
        const char *instead = escaped(*text);

        if (instead != NULL)
            buf_text(out, instead);
        else
            buf_char(out, *text);
    }
    buf_char(out, '\'');
}

/* What numbers, booleans, dates and times are made of; nothing that could end them. */
static bool literal_allowed(const char *text)
{
    static const char made_of[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "+-.:";

    return text[0] != '\0' && text[strspn(text, made_of)] == '\0';
}

/* False when the value can match nothing. */
static bool put_value(struct buf *out, const struct org_value *value)
{
    size_t before = out->len;

    if (value->literal) {
        buf_text(out, value->text);
        return literal_allowed(value->text);
    }
    soql_string(out, value->text);
    return buf_failed(out) ||
           utf8_utf16_length(out->data + before, out->len - before) <= SOQL_MAX_STRING + 2;
}

/* Takes back what was appended since before. */
static void take_back(struct buf *out, size_t before)
{
    if (buf_failed(out))
        return;
    out->len = before;
    if (out->data != NULL)
        out->data[before] = '\0';
}

static bool takes_list(const struct org_find *what)
{
    return what->by_count == 1 && !what->no_list;
}

/* In a list: 'a'.  Else: (A = 'a' AND B = 'b'). */
static bool put_key(struct buf *out, const struct org_find *what, size_t key)
{
    const struct org_value *values = what->values + key * what->by_count;
    bool good = true;

    if (takes_list(what))
        return put_value(out, &values[0]);
    buf_char(out, '(');
    for (size_t i = 0; i < what->by_count && good; i++) {
        if (i > 0)
            buf_text(out, " AND ");
        buf_text(out, what->by[i]);
        buf_text(out, " = ");
        good = put_value(out, &values[i]);
    }
    buf_char(out, ')');
    return good;
}

static bool names(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(list[i], name) == 0)
            return true;
    return false;
}

/* Each field once: the org refuses one that is selected twice. */
static void put_columns(struct buf *out, const struct org_find *what)
{
    buf_text(out, "SELECT Id");
    for (size_t i = 0; i < what->by_count; i++)
        if (strcasecmp(what->by[i], "Id") != 0 && !names(what->by, i, what->by[i]))
            buf_format(out, ", %s", what->by[i]);
    for (size_t i = 0; i < what->select_count; i++)
        if (strcasecmp(what->select[i], "Id") != 0 &&
            !names(what->by, what->by_count, what->select[i]) &&
            !names(what->select, i, what->select[i]))
            buf_format(out, ", %s", what->select[i]);
}

bool soql_find(struct buf *out, const struct org_find *what, size_t *ret_keys_used)
{
    bool in_list = takes_list(what);
    size_t written = 0, used, room, characters;

    put_columns(out, what);
    buf_format(out, " FROM %s WHERE ", what->object);
    if (in_list)
        buf_format(out, "%s IN (", what->by[0]);
    characters = buf_failed(out) ? 0 : utf8_utf16_length(out->data, out->len);
    room = SOQL_MAX_CHARACTERS - strlen(order) - (in_list ? 1 : 0);
    for (used = 0; used < what->key_count && !buf_failed(out); used++) {
        size_t before = out->len, length;
        bool good;

        if (written > 0)
            buf_text(out, in_list ? "," : " OR ");
        good = put_key(out, what, used);
        if (buf_failed(out))
            break;
        length = utf8_utf16_length(out->data + before, out->len - before);
        if (good && characters + length <= room) {
            characters += length;
            written++;
            continue;
        }
        take_back(out, before);
        if (good && written > 0)
            break; /* the next statement's first */
    }
    *ret_keys_used = used;
    if (written == 0) {
        take_back(out, 0);
        return false;
    }
    if (in_list)
        buf_char(out, ')');
    buf_text(out, order);
    return true;
}
