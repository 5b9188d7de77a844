#include "fakeorg/soql.h"

#include <stdlib.h>
#include <string.h>

#include "base/isotime.h"
#include "fakeorg/index.h"

#define KEY_MAX_BYTES ((size_t)64 * 1024)

struct binder {
    struct object *object;
    struct soql_query *query;
    struct arena *arena;
    struct fault *fault;
};

static struct field *bind_name(struct binder *b, const struct soql_name *name)
{
    struct field *field = b->query->sees_all ? object_any_field(b->object, name->text)
                                             : object_field(b->object, name->text);

    if (field == NULL)
        soql_fault(b->query->statement, name->at, FAULT_FIELD, "INVALID_FIELD", b->fault,
                   "No such column '%.200s' on entity '%s'. If you are attempting to use a custom "
                   "field, be sure to append the '__c' after the custom field name. Please "
                   "reference your WSDL or the describe call for the appropriate names.",
                   name->text, b->object->name);
    return field;
}

/* What a literal must be to stand beside a field of each kind. */
static bool literal_fits(const struct field *field, enum soql_value_kind kind)
{
    if (kind == SOQL_NULL)
        return true;
    switch (field_type_info(field->fact.type)->kind) {
    case KIND_TEXT:
    case KIND_ID:
        return kind == SOQL_STRING;
    case KIND_BOOLEAN:
        return kind == SOQL_BOOLEAN;
    case KIND_NUMBER:
        return kind == SOQL_NUMBER;
    case KIND_TIME:
        return kind == (field->fact.type == FIELD_DATE ? SOQL_DATE : SOQL_DATETIME);
    case KIND_COMPOUND:
        return false;
    }
    return false;
}

static const char *time_text(struct arena *arena, const struct soql_value *value)
{
    enum isotime_kind kind;
    char out[ISOTIME_MAX];
    int64_t ms = 0;

    if (isotime_parse(value->text, strlen(value->text), &ms, &kind) < 0)
        return NULL;
    if (value->kind == SOQL_DATE)
        isotime_date(ms, out);
    else
        isotime_format(ms, out);
    return arena_text(arena, out, strlen(out));
}

static int bind_text(struct binder *b, enum field_kind kind, const char *text, struct soql_key *key)
{
    struct buf folded;
    int rc;

    buf_init(&folded, KEY_MAX_BYTES);
    rc = index_key(kind, text, &folded);
    key->text = rc < 0 ? NULL : arena_text(b->arena, buf_peek(&folded), folded.len);
    key->null = key->text != NULL && key->text[0] == '\0'; /* '' means null */
    buf_done(&folded);
    return key->text == NULL ? fault_memory(b->fault) : 0;
}

static int bind_value(struct binder *b, const struct soql_condition *condition,
                      const struct soql_value *value, struct soql_key *key)
{
    const struct field *field = condition->field;
    const struct field_type_info *type = field_type_info(field->fact.type);
    const char *statement = b->query->statement;
    char id[ID_MAX];

    if (!literal_fits(field, value->kind))
        return soql_fault(
            statement, condition->name.at, FAULT_FIELD, "INVALID_FIELD", b->fault,
            "value of filter criterion for field '%s' must be of type %s and should%s be enclosed "
            "in quotes",
            field->fact.name, strchr(type->wire, ':') + 1,
            type->kind == KIND_TEXT || type->kind == KIND_ID ? "" : " not");
    key->null = value->kind == SOQL_NULL;
    if (key->null)
        return 0;
    switch (type->kind) {
    case KIND_NUMBER:
        key->number = strtod(value->text, NULL);
        return 0;
    case KIND_TIME:
        key->text = time_text(b->arena, value);
        return key->text == NULL ? fault_memory(b->fault) : 0;
    case KIND_ID:
        if (!id_read(value->text, strlen(value->text), id))
            return soql_fault(statement, value->at, FAULT_QUERY, "INVALID_QUERY_FILTER_OPERATOR",
                              b->fault, "invalid ID field: %.200s", value->text);
        return bind_text(b, KIND_ID, id, key);
    case KIND_TEXT:
        return bind_text(b, KIND_TEXT, value->text, key);
    case KIND_BOOLEAN:
    case KIND_COMPOUND:
        break;
    }
    key->text = value->text;
    return 0;
}

int soql_key_order(const void *left, const void *right)
{
    const struct soql_key *a = left, *b = right;

    if (a->null || b->null)
        return (int)b->null - (int)a->null;
    if (a->text != NULL)
        return strcmp(a->text, b->text);
    return (a->number > b->number) - (a->number < b->number);
}

static bool operator_fits(enum field_kind kind, enum soql_operator operator)
{
    switch (operator) {
    case SOQL_LIKE:
        return kind == KIND_TEXT;
    case SOQL_LESS:
    case SOQL_GREATER:
    case SOQL_NOT_LESS:
    case SOQL_NOT_GREATER:
        return kind != KIND_BOOLEAN;
    case SOQL_EQUAL:
    case SOQL_UNEQUAL:
    case SOQL_IN:
    case SOQL_NOT_IN:
        return true;
    }
    return false;
}

static int bind_comparison(struct binder *b, struct soql_condition *condition)
{
    size_t i = 0;

    condition->field = bind_name(b, &condition->name);
    if (condition->field == NULL)
        return -1;
    const struct field_type_info *type = field_type_info(condition->field->fact.type);
    if (field_has(condition->field, UNFILTERED) || type->kind == KIND_COMPOUND)
        return soql_fault(b->query->statement, condition->name.at, FAULT_FIELD, "INVALID_FIELD",
                          b->fault, "field '%s' can not be filtered in a query call",
                          condition->field->fact.name);
    if (!operator_fits(type->kind, condition->operator))
        return soql_fault(b->query->statement, condition->name.at, FAULT_QUERY,
                          "INVALID_QUERY_FILTER_OPERATOR", b->fault, "invalid operator on %s field",
                          type->name);
    condition->keys = arena_take(b->arena, condition->value_count * sizeof *condition->keys);
    if (condition->keys == NULL)
        return fault_memory(b->fault);
    for (const struct soql_value *value = condition->values; value != NULL; value = value->next)
        if (bind_value(b, condition, value, &condition->keys[i++]) < 0)
            return -1;
    qsort(condition->keys, condition->value_count, sizeof *condition->keys, soql_key_order);
    return 0;
}

static int bind_condition(struct binder *b, struct soql_condition *condition)
{
    if (condition->kind == SOQL_COMPARISON)
        return bind_comparison(b, condition);
    for (struct soql_condition *part = condition->first; part != NULL; part = part->next)
        if (bind_condition(b, part) < 0)
            return -1;
    return 0;
}

int soql_bind(struct object *object, struct soql_query *query, struct arena *arena,
              struct fault *fault)
{
    struct binder b = {object, query, arena, fault};

    for (size_t i = 0; i < query->name_count; i++)
        if (bind_name(&b, &query->names[i]) == NULL)
            return -1;
    if (query->where != NULL && bind_condition(&b, query->where) < 0)
        return -1;
    for (struct soql_order *order = query->orders; order != NULL; order = order->next) {
        order->field = bind_name(&b, &order->name);
        if (order->field == NULL)
            return -1;
        if (field_has(order->field, UNFILTERED) || order->field->fact.type == FIELD_ADDRESS)
            return soql_fault(query->statement, order->name.at, FAULT_QUERY, "MALFORMED_QUERY",
                              fault, "field '%s' can not be sorted in a query call",
                              order->field->fact.name);
    }
    return 0;
}
