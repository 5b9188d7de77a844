/* Compares records with the conditions and orders of a query. */
#include "fakeorg/query/soql_match.h"

#include <stdlib.h>
#include <string.h>

#include "fakeorg/data/index.h"

#define KEY_MAX_BYTES ((size_t)1 << 20)

void match_init(struct match *m, struct orgdata *org)
{
    *m = (struct match){.org = org};
    buf_init(&m->left, KEY_MAX_BYTES);
    buf_init(&m->right, KEY_MAX_BYTES);
}

void match_done(struct match *m)
{
    buf_done(&m->left);
    buf_done(&m->right);
}

const struct record *soql_holder(struct orgdata *org, const struct record *record,
                                 const struct soql_column *column)
{
    if (column->link == NULL)
        return record;
    const char *id = record_value(record, column->link);
    return id == NULL ? NULL : orgdata_record(org, id);
}

/* The value of a record's column as a key; text lives in scratch. */
static struct soql_key key_of(struct match *m, const struct record *record,
                              const struct soql_column *column, struct buf *scratch)
{
    const struct field *field = column->field;
    const struct record *holder = soql_holder(m->org, record, column);
    const char *value = holder == NULL ? NULL : record_value(holder, field);
    struct soql_key key = {.null = value == NULL, .text = value};

    if (value == NULL)
        return key;
    switch (field_type_info(field->fact.type)->kind) {
    case KIND_NUMBER:
        key.number = strtod(value, NULL);
        key.text = NULL;
        break;
    case KIND_TEXT:
    case KIND_ID:
        if (field_has(field, CASED))
            break;
        if (index_key(field_type_info(field->fact.type)->kind, value, scratch) < 0)
            m->failed = true;
        key.text = buf_peek(scratch);
        break;
    case KIND_BOOLEAN:
    case KIND_TIME:
    case KIND_COMPOUND:
        break;
    }
    return key;
}

bool soql_like(const char *pattern, const char *text)
{
    const char *star = NULL, *retry = NULL;

    for (;;) {
        if (*pattern == '%') {
            star = ++pattern;
            retry = text;
            continue;
        }
        if (*text == '\0' && *pattern == '\0')
            return true;
        if (*text != '\0' && *pattern == '_') {
            pattern++;
            do
                text++;
            while (((unsigned char)*text & 0xC0) == 0x80);
            continue;
        }
        char wanted = *pattern == SOQL_PLAIN_PERCENT      ? '%'
                      : *pattern == SOQL_PLAIN_UNDERSCORE ? '_'
                                                          : *pattern;
        if (*text != '\0' && wanted == *text) {
            pattern++;
            text++;
            continue;
        }
        if (star == NULL || *retry == '\0')
            return false;
        pattern = star;
        text = ++retry;
    }
}

/* True when the list "a;b;c" contains the part. */
static bool has_part(const char *list, const char *part, size_t len)
{
    for (;;) {
        size_t own = strcspn(list, ";");
        if (own == len && memcmp(list, part, len) == 0)
            return true;
        if (list[own] == '\0')
            return false;
        list += own + 1;
    }
}

/* True when the list contains every part of one of the keys. */
static bool includes(const struct soql_condition *c, const char *list)
{
    for (size_t i = 0; i < c->value_count; i++) {
        const char *part = c->keys[i].null ? "" : c->keys[i].text;
        bool all = true;
        for (;;) {
            size_t len = strcspn(part, ";");
            all = all && has_part(list, part, len);
            if (part[len] == '\0')
                break;
            part += len + 1;
        }
        if (all)
            return true;
    }
    return false;
}

/* -1, 0, 1: before, at or within, after the key, which may be a span. */
static int order_of(const struct soql_key *value, const struct soql_key *key)
{
    int order = soql_key_order(value, key);

    if (order <= 0 || key->end == NULL)
        return order;
    return strcmp(value->text, key->end) < 0 ? 0 : 1;
}

static bool is_listed(const struct soql_condition *c, const struct soql_key *value)
{
    if (!c->has_span)
        return bsearch(value, c->keys, c->value_count, sizeof *c->keys, soql_key_order) != NULL;
    for (size_t i = 0; i < c->value_count; i++)
        if (c->keys[i].null == value->null && (value->null || order_of(value, &c->keys[i]) == 0))
            return true;
    return false;
}

static bool compares(struct match *m, const struct soql_condition *c, const struct record *record)
{
    struct soql_key value = key_of(m, record, &c->column, &m->left);
    const struct soql_key *key = &c->keys[0];
    bool ordered = !value.null && !key->null;

    switch (c->operator) {
    case SOQL_EQUAL:
    case SOQL_IN:
        return is_listed(c, &value);
    case SOQL_UNEQUAL:
    case SOQL_NOT_IN:
        return !is_listed(c, &value);
    case SOQL_LESS:
        return ordered && order_of(&value, key) < 0;
    case SOQL_GREATER:
        return ordered && order_of(&value, key) > 0;
    case SOQL_NOT_GREATER:
        return ordered && order_of(&value, key) <= 0;
    case SOQL_NOT_LESS:
        return ordered && order_of(&value, key) >= 0;
    case SOQL_LIKE:
        return ordered && soql_like(key->text, value.text);
    case SOQL_INCLUDES:
        return !value.null && includes(c, value.text);
    case SOQL_EXCLUDES:
        return value.null || !includes(c, value.text);
    }
    return false;
}

bool match_holds(struct match *m, const struct soql_condition *c, const struct record *record)
{
    if (c->kind == SOQL_COMPARISON)
        return compares(m, c, record);
    if (c->kind == SOQL_NOT)
        return !match_holds(m, c->first, record);
    for (const struct soql_condition *part = c->first; part != NULL; part = part->next)
        if (match_holds(m, part, record) != (c->kind == SOQL_AND))
            return c->kind == SOQL_OR;
    return c->kind == SOQL_AND;
}

int match_order(struct match *m, const struct soql_order *orders, const struct record *a,
                const struct record *b)
{
    for (const struct soql_order *order = orders; order != NULL; order = order->next) {
        struct soql_key x = key_of(m, a, &order->column, &m->left);
        struct soql_key y = key_of(m, b, &order->column, &m->right);
        /* Nulls come first unless the query says otherwise; DESC does not move them. */
        int difference = x.null && y.null ? 0 : soql_key_order(&x, &y);
        if (difference == 0)
            continue;
        bool turned = x.null || y.null ? order->nulls_last : order->descending;
        return turned ? -difference : difference;
    }
    return (a->number > b->number) - (a->number < b->number);
}
