/* soql: a look-up in Salesforce's query language. */
#include "salesforce/soql.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/isotime.h"
#include "base/mem.h"
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

/* ---- columns ---- */

void soql_columns(const struct org_find *what, struct soql_columns *ret)
{
    *ret = (struct soql_columns){{[SOQL_CONVERTED] = "IsConverted",
                                  [SOQL_MODIFIED] = "LastModifiedDate",
                                  [SOQL_CREATED] = "CreatedDate"}};
    if (what->successor != NULL)
        snprintf(ret->names[SOQL_SUCCESSOR], sizeof ret->names[SOQL_SUCCESSOR], "Converted%sId",
                 what->successor);
    for (size_t i = 0; i < SOQL_COLUMNS; i++)
        if (what->described == NULL || schema_field(what->described, ret->names[i]) == NULL)
            ret->names[i][0] = '\0';
}

/* 0 when text is not a time. */
static int64_t read_time(const char *text)
{
    enum isotime_kind kind;
    int64_t ms;

    return text != NULL && isotime_parse(text, strlen(text), &ms, &kind) == 0 ? ms : 0;
}

int soql_read_column(struct org_row *row, enum soql_column column, const char *text)
{
    switch (column) {
    case SOQL_CONVERTED:
        row->live = text == NULL || (strcmp(text, "true") != 0 && strcmp(text, "1") != 0);
        break;
    case SOQL_SUCCESSOR:
        row->successor_id = text != NULL ? mem_text(text) : NULL;
        return text == NULL || row->successor_id != NULL ? 0 : -1;
    case SOQL_MODIFIED:
        row->modified_ms = read_time(text);
        break;
    case SOQL_CREATED:
        row->created_ms = read_time(text);
        break;
    case SOQL_COLUMNS:
        break;
    }
    return 0;
}

/* ---- conditions ---- */

/* True for what is written without quotes. */
static bool is_literal(enum field_type type)
{
    switch (type) {
    case FIELD_BOOLEAN:
    case FIELD_INT:
    case FIELD_DOUBLE:
    case FIELD_CURRENCY:
    case FIELD_PERCENT:
    case FIELD_DATE:
    case FIELD_DATETIME:
    case FIELD_TIME:
        return true;
    default:
        return false;
    }
}

/* What numbers, booleans, dates and times are made of; nothing that could end them. */
static bool literal_allowed(const char *text)
{
    static const char made_of[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "+-.:";

    return text[0] != '\0' && text[strspn(text, made_of)] == '\0';
}

/* False when the value can match nothing. */
static bool put_value(struct buf *out, const struct org_lookup *by, const char *value)
{
    size_t before = out->len;

    if (is_literal(by->type)) {
        buf_text(out, value);
        return literal_allowed(value);
    }
    soql_string(out, value);
    return buf_failed(out) ||
           utf8_utf16_length(out->data + before, out->len - before) <= SOQL_MAX_STRING + 2;
}

/* Removes what was appended since before. */
static void take_back(struct buf *out, size_t before)
{
    if (buf_failed(out))
        return;
    out->len = before;
    if (out->data != NULL)
        out->data[before] = '\0';
}

/* A multi-select picklist takes = and no IN. */
static bool takes_list(const struct org_find *what)
{
    return what->by_count == 1 && what->by[0].type != FIELD_MULTIPICKLIST;
}

/* In a list: 'a'.  Else: (A = 'a' AND B = 'b'). */
static bool put_key(struct buf *out, const struct org_find *what, size_t key)
{
    const char *const *values = what->values + key * what->by_count;
    bool good = true;

    if (takes_list(what))
        return put_value(out, &what->by[0], values[0]);
    buf_char(out, '(');
    for (size_t i = 0; i < what->by_count && good; i++) {
        if (i > 0)
            buf_text(out, " AND ");
        buf_text(out, what->by[i].field);
        buf_text(out, " = ");
        good = put_value(out, &what->by[i], values[i]);
    }
    buf_char(out, ')');
    return good;
}

static bool looked_up_by(const struct org_find *what, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(what->by[i].field, name) == 0)
            return true;
    return false;
}

/* Each field once: the org refuses one that is selected twice. */
static void put_columns(struct buf *out, const struct org_find *what,
                        const struct soql_columns *columns)
{
    buf_text(out, "SELECT Id");
    for (size_t i = 0; i < what->by_count; i++)
        if (strcasecmp(what->by[i].field, "Id") != 0 && !looked_up_by(what, i, what->by[i].field))
            buf_format(out, ", %s", what->by[i].field);
    for (size_t i = 0; i < SOQL_COLUMNS; i++)
        if (columns->names[i][0] != '\0' && !looked_up_by(what, what->by_count, columns->names[i]))
            buf_format(out, ", %s", columns->names[i]);
}

bool soql_find(struct buf *out, const struct org_find *what, const struct soql_columns *columns,
               size_t *ret_keys_used)
{
    bool in_list = takes_list(what);
    size_t written = 0, used, capacity, characters;

    put_columns(out, what, columns);
    buf_format(out, " FROM %s WHERE ", what->object);
    if (in_list)
        buf_format(out, "%s IN (", what->by[0].field);
    characters = buf_failed(out) ? 0 : utf8_utf16_length(out->data, out->len);
    capacity = SOQL_MAX_CHARACTERS - strlen(order) - (in_list ? 1 : 0);
    for (used = 0; used < what->key_count && !buf_failed(out); used++) {
        size_t before = out->len, length;
        bool good;

        if (written > 0)
            buf_text(out, in_list ? "," : " OR ");
        good = put_key(out, what, used);
        if (buf_failed(out))
            break;
        length = utf8_utf16_length(out->data + before, out->len - before);
        if (good && characters + length <= capacity) {
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
