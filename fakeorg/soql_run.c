#include "fakeorg/soql.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fakeorg/index.h"

#define KEY_MAX_BYTES ((size_t)1 << 20)

struct runner {
    struct object *object;
    const struct soql_query *query;
    struct record **records;
    size_t count, room;
    struct buf left, right; /* folded values in hand */
    bool failed;            /* out of memory */
};

/* The value of a record's field as a key; text lives in scratch. */
static struct soql_key key_of(struct runner *r, const struct record *record,
                              const struct field *field, struct buf *scratch)
{
    const char *value = record_value(record, field);
    struct soql_key key = {.null = value == NULL};

    if (value == NULL)
        return key;
    switch (field_type_info(field->fact.type)->kind) {
    case KIND_NUMBER:
        key.number = strtod(value, NULL);
        break;
    case KIND_TEXT:
    case KIND_ID:
        if (index_key(field_type_info(field->fact.type)->kind, value, scratch) < 0)
            r->failed = true;
        key.text = buf_peek(scratch);
        break;
    case KIND_BOOLEAN:
    case KIND_TIME:
    case KIND_COMPOUND:
        key.text = value;
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

static bool compares(struct runner *r, const struct soql_condition *c, const struct record *record)
{
    struct soql_key key = key_of(r, record, c->field, &r->left);
    bool listed = bsearch(&key, c->keys, c->value_count, sizeof *c->keys, soql_key_order) != NULL;
    bool ordered = !key.null && !c->keys[0].null;
    int order = ordered ? soql_key_order(&key, &c->keys[0]) : 0;

    switch (c->operator) {
    case SOQL_EQUAL:
    case SOQL_IN:
        return listed;
    case SOQL_UNEQUAL:
    case SOQL_NOT_IN:
        return !listed;
    case SOQL_LESS:
        return ordered && order < 0;
    case SOQL_GREATER:
        return ordered && order > 0;
    case SOQL_NOT_GREATER:
        return ordered && order <= 0;
    case SOQL_NOT_LESS:
        return ordered && order >= 0;
    case SOQL_LIKE:
        return ordered && soql_like(c->keys[0].text, key.text);
    }
    return false;
}

static bool holds(struct runner *r, const struct soql_condition *c, const struct record *record)
{
    if (c->kind == SOQL_COMPARISON)
        return compares(r, c, record);
    if (c->kind == SOQL_NOT)
        return !holds(r, c->first, record);
    for (const struct soql_condition *part = c->first; part != NULL; part = part->next)
        if (holds(r, part, record) != (c->kind == SOQL_AND))
            return c->kind == SOQL_OR;
    return c->kind == SOQL_AND;
}

static void add(struct runner *r, struct record *record)
{
    if (r->count == r->room) {
        size_t room = r->room == 0 ? 64 : 2 * r->room;
        struct record **records = mem_resize(r->records, room, sizeof(struct record *));
        if (records == NULL) {
            r->failed = true;
            return;
        }
        r->records = records;
        r->room = room;
    }
    r->records[r->count++] = record;
}

static bool is_indexed(const struct soql_condition *c)
{
    enum field_kind kind = field_type_info(c->field->fact.type)->kind;

    if ((c->operator!= SOQL_EQUAL && c->operator!= SOQL_IN) ||
        (kind != KIND_TEXT && kind != KIND_ID))
        return false;
    for (size_t i = 0; i < c->value_count; i++)
        if (c->keys[i].null)
            return false;
    return true;
}

/* Adds every record that can satisfy c, found by indexes alone; false, and nothing
   added, when only a scan could.  An AND needs one part that can be found so, an
   OR all of them. */
static bool add_candidates(struct runner *r, const struct soql_condition *c)
{
    size_t before = r->count;

    if (c->kind == SOQL_COMPARISON) {
        if (!is_indexed(c))
            return false;
        for (size_t i = 0; i < c->value_count; i++) {
            struct record *const *found;
            size_t count;
            if (object_find(r->object, c->field, c->keys[i].text, &found, &count) < 0)
                r->failed = true;
            else
                for (size_t k = 0; k < count; k++)
                    add(r, found[k]);
        }
        return true;
    }
    if (c->kind == SOQL_NOT)
        return false;
    for (const struct soql_condition *part = c->first; part != NULL; part = part->next) {
        if (add_candidates(r, part) != (c->kind == SOQL_AND))
            continue;
        if (c->kind == SOQL_OR)
            r->count = before;
        return c->kind == SOQL_AND;
    }
    return c->kind == SOQL_OR;
}

static int by_number(const void *left, const void *right)
{
    const struct record *a = *(struct record *const *)left, *b = *(struct record *const *)right;

    return (a->number > b->number) - (a->number < b->number);
}

static int by_orders(const void *left, const void *right, void *runner)
{
    const struct record *a = *(struct record *const *)left, *b = *(struct record *const *)right;
    struct runner *r = runner;

    for (const struct soql_order *order = r->query->orders; order != NULL; order = order->next) {
        struct soql_key x = key_of(r, a, order->field, &r->left);
        struct soql_key y = key_of(r, b, order->field, &r->right);
        int difference = soql_key_order(&x, &y);
        if (difference == 0)
            continue;
        bool turned = x.null || y.null ? order->nulls_last : order->descending;
        return turned ? -difference : difference;
    }
    return by_number(left, right);
}

/* Keeps what the call may see, is unlike the record before it, and satisfies the query. */
static void filter(struct runner *r)
{
    const struct record *before = NULL;
    size_t kept = 0;

    for (size_t i = 0; i < r->count; i++) {
        struct record *record = r->records[i];
        if (record == before || (record->deleted && !r->query->all_rows))
            continue;
        before = record;
        if (r->query->where == NULL || holds(r, r->query->where, record))
            r->records[kept++] = record;
    }
    r->count = kept;
}

static void select_records(struct runner *r)
{
    /* Indexes know no deleted records. */
    bool indexed = r->query->where != NULL && !r->query->all_rows;

    if (indexed && add_candidates(r, r->query->where)) {
        if (r->count > 1)
            qsort(r->records, r->count, sizeof(struct record *), by_number);
    } else {
        for (size_t i = 0; i < r->object->record_count; i++)
            add(r, r->object->records[i]);
    }
    filter(r);
    if (r->query->orders != NULL && r->count > 1)
        qsort_r(r->records, r->count, sizeof(struct record *), by_orders, r);
    if (r->query->has_limit && r->count > r->query->limit)
        r->count = r->query->limit;
}

int soql_holds(const struct soql_query *query, const struct record *record, bool *ret_holds)
{
    struct runner r = {.object = record->object, .query = query};

    buf_init(&r.left, KEY_MAX_BYTES);
    buf_init(&r.right, KEY_MAX_BYTES);
    *ret_holds = query->where == NULL || holds(&r, query->where, record);
    buf_done(&r.left);
    buf_done(&r.right);
    return r.failed ? -1 : 0;
}

int soql_run(struct orgdata *org, struct soql_query *query, struct arena *arena,
             struct soql_result *ret_result, struct fault *fault)
{
    struct runner r = {.object = orgdata_object(org, query->object.text), .query = query};
    struct field **fields;

    if (r.object == NULL)
        return soql_fault(query->statement, query->object.at, FAULT_SOBJECT, "INVALID_TYPE", fault,
                          "sObject type '%.200s' is not supported.", query->object.text);
    if (soql_bind(r.object, query, arena, fault) < 0)
        return -1;
    fields = mem_zero(query->name_count, sizeof(struct field *));
    if (fields == NULL)
        return fault_memory(fault);
    for (size_t i = 0; i < query->name_count; i++)
        fields[i] = object_field(r.object, query->names[i].text);
    buf_init(&r.left, KEY_MAX_BYTES);
    buf_init(&r.right, KEY_MAX_BYTES);
    select_records(&r);
    buf_done(&r.left);
    buf_done(&r.right);
    if (r.failed) {
        mem_free(fields);
        mem_free(r.records);
        return fault_memory(fault);
    }
    *ret_result = (struct soql_result){r.object, fields, query->name_count, r.records, r.count};
    return 0;
}
