/* Resolves the fields of a statement, and prepares its values for comparison. */
#include "fakeorg/query/soql.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/isotime.h"
#include "fakeorg/data/index.h"

#define KEY_MAX_BYTES ((size_t)64 * 1024)

struct binder {
    struct orgdata *org;
    struct object *object;
    struct soql_query *query;
    struct arena *arena;
    struct api_error *error;
};

/* True when name is the relationship of the reference field: Owner for OwnerId. */
static bool is_relation(const struct binder *b, const struct field *field, const char *name,
                        size_t len)
{
    char relation[FIELD_NAME_MAX];

    return (!field_has(field, HIDDEN) || b->query->sees_all) &&
           field_relationship(field, relation) && strlen(relation) == len &&
           strncasecmp(relation, name, len) == 0;
}

/* The first target object of the reference that the org has. */
static struct object *parent_of(const struct binder *b, const struct field *link)
{
    const char *at = link->fact.refs;

    while (at != NULL && *at != '\0') {
        char name[80];
        size_t len = strcspn(at, "|");
        if (len < sizeof name) {
            memcpy(name, at, len);
            name[len] = '\0';
            struct object *object = b->query->sees_all ? orgdata_any_object(b->org, name)
                                                       : orgdata_object(b->org, name);
            if (object != NULL)
                return object;
        }
        at += len + (at[len] == '|');
    }
    return NULL;
}

static int bind_parent(struct binder *b, const struct soql_name *name, const char *path, size_t len,
                       struct soql_column *column)
{
    for (size_t i = 0; i < b->object->field_count && column->link == NULL; i++)
        if (is_relation(b, b->object->fields[i], path, len))
            column->link = b->object->fields[i];
    if (column->link != NULL)
        column->parent = parent_of(b, column->link);
    if (column->parent == NULL)
        return soql_error(b->query->statement, name->at, API_ERROR_FIELD, "INVALID_FIELD", b->error,
                          "Didn't understand relationship '%.*s' in field path. If you are "
                          "attempting to use a custom relationship, be sure to append the '__r' "
                          "after the custom relationship name. Please reference your WSDL or the "
                          "describe call for the appropriate names.",
                          (int)(len < 200 ? len : 200), path);
    bool several = strchr(column->link->fact.refs, '|') != NULL;
    column->parent_type = several ? "Name" : column->parent->name;
    return 0;
}

/* Strips the object's alias or name from the front of a path. */
static const char *strip_object(const struct binder *b, const char *path)
{
    const char *dot = strchr(path, '.');
    size_t len = dot == NULL ? 0 : (size_t)(dot - path);

    if (dot == NULL)
        return path;
    if (b->query->alias != NULL && strlen(b->query->alias) == len &&
        strncasecmp(b->query->alias, path, len) == 0)
        return dot + 1;
    return strlen(b->object->name) == len && strncasecmp(b->object->name, path, len) == 0 ? dot + 1
                                                                                          : path;
}

static int bind_name(struct binder *b, const struct soql_name *name, struct soql_column *column)
{
    const char *path = strip_object(b, name->text), *dot = strchr(path, '.');
    const struct object *holder = b->object;

    *column = (struct soql_column){0};
    if (dot != NULL) {
        if (strchr(dot + 1, '.') != NULL)
            return soql_error(b->query->statement, name->at, API_ERROR_QUERY, "MALFORMED_QUERY",
                              b->error, "a parent's parent is SOQL that fakeorg does not run");
        if (bind_parent(b, name, path, (size_t)(dot - path), column) < 0)
            return -1;
        holder = column->parent;
        path = dot + 1;
    }
    column->field =
        b->query->sees_all ? object_any_field(holder, path) : object_field(holder, path);
    if (column->field == NULL)
        return soql_error(b->query->statement, name->at, API_ERROR_FIELD, "INVALID_FIELD", b->error,
                          "No such column '%.200s' on entity '%s'. If you are attempting to use a "
                          "custom field, be sure to append the '__c' after the custom field name. "
                          "Please reference your WSDL or the describe call for the appropriate "
                          "names.",
                          path, column->link == NULL ? holder->name : column->parent_type);
    return 0;
}

/* Which literals can be compared with a field of each kind. */
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
        if (field->fact.type == FIELD_TIME)
            return kind == SOQL_TIME;
        return kind == (field->fact.type == FIELD_DATE ? SOQL_DATE : SOQL_DATETIME) ||
               kind == SOQL_DATE_LITERAL;
    case KIND_COMPOUND:
        return false;
    }
    return false;
}

static const char *time_text(struct arena *arena, bool date, int64_t ms)
{
    char out[ISOTIME_MAX];

    if (date)
        isotime_date(ms, out);
    else
        isotime_format(ms, out);
    return arena_text(arena, out, strlen(out));
}

static int bind_time(struct binder *b, const struct field *field, const struct soql_value *value,
                     struct soql_key *key)
{
    bool date = field->fact.type == FIELD_DATE;
    enum isotime_kind kind;
    struct soql_span span = {0};

    if (value->kind == SOQL_DATE_LITERAL) {
        soql_date_span(value->text, value->n, orgclock_now(&b->org->clock), &span);
        key->end = time_text(b->arena, date, span.to_ms);
        if (key->end == NULL)
            return api_error_memory(b->error);
    } else if (isotime_parse(value->text, strlen(value->text), &span.from_ms, &kind) < 0) {
        return api_error_memory(b->error); /* the parser has checked it already */
    }
    key->text = time_text(b->arena, date, span.from_ms);
    return key->text == NULL ? api_error_memory(b->error) : 0;
}

static int bind_text(struct binder *b, const struct field *field, const char *text,
                     struct soql_key *key)
{
    struct buf folded;
    int rc = 0;

    buf_init(&folded, KEY_MAX_BYTES);
    if (field_has(field, CASED))
        buf_text(&folded, text);
    else
        rc = index_key(field_type_info(field->fact.type)->kind, text, &folded);
    key->text =
        rc < 0 || buf_failed(&folded) ? NULL : arena_text(b->arena, buf_peek(&folded), folded.len);
    key->null = key->text != NULL && key->text[0] == '\0'; /* '' means null */
    buf_done(&folded);
    return key->text == NULL ? api_error_memory(b->error) : 0;
}

static int bind_value(struct binder *b, const struct soql_condition *condition,
                      const struct soql_value *value, struct soql_key *key)
{
    const struct field *field = condition->column.field;
    const struct field_type_info *type = field_type_info(field->fact.type);
    const char *statement = b->query->statement;
    char id[ID_MAX];

    if (!literal_fits(field, value->kind))
        return soql_error(
            statement, condition->name.at, API_ERROR_FIELD, "INVALID_FIELD", b->error,
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
        if (value->kind != SOQL_TIME)
            return bind_time(b, field, value, key);
        break;
    case KIND_ID:
        if (!id_read(value->text, strlen(value->text), id))
            return soql_error(statement, value->at, API_ERROR_QUERY,
                              "INVALID_QUERY_FILTER_OPERATOR", b->error, "invalid ID field: %.200s",
                              value->text);
        return bind_text(b, field, id, key);
    case KIND_TEXT:
        return bind_text(b, field, value->text, key);
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

static bool operator_fits(const struct field *field, enum soql_operator operator)
{
    enum field_kind kind = field_type_info(field->fact.type)->kind;
    bool several = field->fact.type == FIELD_MULTIPICKLIST;

    switch (operator) {
    case SOQL_LIKE:
        return kind == KIND_TEXT && !several;
    case SOQL_INCLUDES:
    case SOQL_EXCLUDES:
        return several;
    case SOQL_LESS:
    case SOQL_GREATER:
    case SOQL_NOT_LESS:
    case SOQL_NOT_GREATER:
        return kind != KIND_BOOLEAN && !several;
    case SOQL_IN:
    case SOQL_NOT_IN:
        return !several;
    case SOQL_EQUAL:
    case SOQL_UNEQUAL:
        return true;
    }
    return false;
}

static int bind_comparison(struct binder *b, struct soql_condition *condition)
{
    size_t i = 0;

    if (bind_name(b, &condition->name, &condition->column) < 0)
        return -1;
    const struct field *field = condition->column.field;
    const struct field_type_info *type = field_type_info(field->fact.type);
    if (field_has(field, UNFILTERED) || type->kind == KIND_COMPOUND)
        return soql_error(b->query->statement, condition->name.at, API_ERROR_FIELD, "INVALID_FIELD",
                          b->error, "field '%s' can not be filtered in a query call",
                          field->fact.name);
    if (!operator_fits(field, condition->operator))
        return soql_error(b->query->statement, condition->name.at, API_ERROR_QUERY,
                          "INVALID_QUERY_FILTER_OPERATOR", b->error, "invalid operator on %s field",
                          type->name);
    condition->keys = arena_take(b->arena, condition->value_count * sizeof *condition->keys);
    if (condition->keys == NULL)
        return api_error_memory(b->error);
    for (const struct soql_value *value = condition->values; value != NULL; value = value->next) {
        if (bind_value(b, condition, value, &condition->keys[i]) < 0)
            return -1;
        condition->has_span = condition->has_span || condition->keys[i++].end != NULL;
    }
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

static int bind_items(struct binder *b)
{
    struct soql_item *items = b->query->items;

    for (size_t i = 0; i < b->query->item_count; i++) {
        if (bind_name(b, &items[i].name, &items[i].column) < 0)
            return -1;
        for (size_t k = 0; k < i && !items[i].counted; k++)
            if (items[k].column.field == items[i].column.field &&
                items[k].column.link == items[i].column.link)
                return soql_error(b->query->statement, items[i].name.at, API_ERROR_QUERY,
                                  "MALFORMED_QUERY", b->error, "duplicate field selected: %.200s",
                                  items[i].name.text);
    }
    return 0;
}

static int bind_orders(struct binder *b)
{
    for (struct soql_order *order = b->query->orders; order != NULL; order = order->next) {
        if (bind_name(b, &order->name, &order->column) < 0)
            return -1;
        const struct field *field = order->column.field;
        if (field_has(field, UNFILTERED) || field->fact.type == FIELD_ADDRESS ||
            field->fact.type == FIELD_MULTIPICKLIST)
            return soql_error(b->query->statement, order->name.at, API_ERROR_QUERY,
                              "MALFORMED_QUERY", b->error,
                              "field '%s' can not be sorted in a query call", field->fact.name);
    }
    return 0;
}

/* COUNT(field) gives one row: there is nothing to order or limit. */
static int check_counts(struct binder *b)
{
    const struct soql_query *query = b->query;

    if (query->item_count == 0 || !query->items[0].counted)
        return 0;
    if (query->orders != NULL)
        return soql_error(
            query->statement, query->orders->name.at, API_ERROR_QUERY, "MALFORMED_QUERY", b->error,
            "Ordered field must be grouped or aggregated: %.200s", query->orders->name.text);
    if (query->has_limit || query->offset > 0)
        return soql_error(query->statement, query->items[0].name.at, API_ERROR_QUERY,
                          "MALFORMED_QUERY", b->error,
                          "Non-grouped query that uses overall aggregate functions cannot also use "
                          "LIMIT");
    return 0;
}

int soql_bind(struct object *object, struct soql_query *query, struct arena *arena,
              struct api_error *error)
{
    struct binder b = {object->org, object, query, arena, error};

    if (bind_items(&b) < 0 || (query->where != NULL && bind_condition(&b, query->where) < 0) ||
        bind_orders(&b) < 0)
        return -1;
    return check_counts(&b);
}
