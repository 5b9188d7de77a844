#include "fakeorg/save.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fakeorg/users.h"
#include "fakeorg/rules.h"
#include "fakeorg/value.h"

/* Fields stand in the sObject namespace or, which the service takes too, in none. */
static bool is_field(const struct xml_node *node)
{
    return strcmp(node->space, NS_SOBJECT) == 0 || node->space[0] == '\0';
}

static bool is_named(const struct xml_node *node, const char *name)
{
    return node != NULL && is_field(node) && strcmp(node->name, name) == 0;
}

static int add_value(struct call *call, struct save *save, struct field *field, const char *text)
{
    struct save_value **place = &save->values, *value;

    /* What comes later in the record wins over what was there. */
    while (*place != NULL && (*place)->field != field)
        place = &(*place)->next;
    if (*place != NULL) {
        (*place)->text = text;
        return 0;
    }
    value = arena_take(call->arena, sizeof *value);
    if (value == NULL)
        return fault_memory(call->fault);
    value->field = field;
    value->text = text;
    *place = value;
    return 0;
}

static int read_field(struct call *call, struct save *save, const struct xml_node *node)
{
    struct field *field = object_field(save->object, node->name);
    const char *text = NULL;

    if (field == NULL)
        return call_unknown_field(call, save->object, node->name);
    if (node->nil)
        return 0;
    if (value_decode(field, node->text, call->arena, &text, call->fault) < 0)
        return -1;
    /* An empty element clears nothing: fieldsToNull does. */
    return text == NULL ? 0 : add_value(call, save, field, text);
}

int save_decode(struct call *call, const struct xml_node *node, bool create, struct save *ret_save)
{
    const struct xml_node *child = node->first;
    struct save save = {.create = create};

    if (!xml_is(child, NS_SOBJECT, "type"))
        return fault_fill(call->fault, FAULT_SOBJECT, "INVALID_TYPE",
                          "Must send a concrete entity type.");
    save.object = orgdata_object(call->service->org, child->text);
    if (save.object == NULL)
        return fault_fill(call->fault, FAULT_SOBJECT, "INVALID_TYPE",
                          "sObject type '%s' is not supported.", child->text);
    for (child = child->next; is_named(child, "fieldsToNull"); child = child->next) {
        struct field *field = object_field(save.object, child->text);
        if (field == NULL)
            return call_unknown_field(call, save.object, child->text);
        if (add_value(call, &save, field, NULL) < 0)
            return -1;
    }
    if (is_named(child, "Id")) {
        if (!child->nil && child->text[0] != '\0')
            save.id_text = child->text;
        child = child->next;
    }
    for (; child != NULL; child = child->next) {
        if (!is_field(child) || is_named(child, "type") || is_named(child, "fieldsToNull") ||
            is_named(child, "Id"))
            return sequence_misplaced(child, call->fault);
        if (read_field(call, &save, child) < 0)
            return -1;
    }
    *ret_save = save;
    return 0;
}

static struct save_error *add_error(struct call *call, struct save *save, const char *code,
                                    const char *message)
{
    struct save_error **place = &save->errors;

    while (*place != NULL)
        place = &(*place)->next;
    *place = arena_take(call->arena, sizeof **place);
    if (*place == NULL) {
        fault_memory(call->fault);
        return NULL;
    }
    (*place)->code = code;
    (*place)->message = message;
    return *place;
}

static int name_field(struct call *call, struct save_error *error, const char *name)
{
    const char **fields = arena_take(call->arena, (error->field_count + 1) * sizeof(char *));

    if (fields == NULL)
        return fault_memory(call->fault);
    for (size_t i = 0; i < error->field_count; i++)
        fields[i] = error->fields[i];
    fields[error->field_count++] = name;
    error->fields = fields;
    return 0;
}

int save_fail(struct call *call, struct save *save, const char *code, const char *field,
              const char *format, ...)
{
    char message[512];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const char *copy = arena_text(call->arena, message, strlen(message));
    struct save_error *error = add_error(call, save, code, copy);
    if (copy == NULL || error == NULL)
        return fault_memory(call->fault);
    return field == NULL ? 0 : name_field(call, error, field);
}

struct save_error *save_last_error(const struct save *save)
{
    struct save_error *error = save->errors;

    while (error != NULL && error->next != NULL)
        error = error->next;
    return error;
}

/* One error for all fields of a kind: "Required fields are missing: [A, B]". */
static int fail_fields(struct call *call, struct save *save, const char *code, const char *before,
                       bool (*is_meant)(const struct save *, struct field *), const char *after)
{
    struct save_error *error = NULL;
    struct buf message;
    int rc = 0;

    buf_init(&message, 64 * 1024);
    buf_text(&message, before);
    for (size_t i = 0; i < save->object->field_count && rc == 0; i++) {
        struct field *field = save->object->fields[i];
        if (!is_meant(save, field))
            continue;
        buf_format(&message, "%s%s", error == NULL ? "" : ", ", field->fact.name);
        if (error == NULL)
            error = add_error(call, save, code, NULL);
        rc = error == NULL ? -1 : name_field(call, error, field->fact.name);
    }
    if (rc == 0 && error != NULL) {
        buf_text(&message, after);
        error->message = arena_text(call->arena, buf_peek(&message), message.len);
        if (buf_failed(&message) || error->message == NULL)
            rc = fault_memory(call->fault);
    }
    buf_done(&message);
    return rc;
}

static const struct save_value *value_of(const struct save *save, const struct field *field)
{
    const struct save_value *value = save->values;

    while (value != NULL && value->field != field)
        value = value->next;
    return value;
}

static bool is_missing(const struct save *save, struct field *field)
{
    const struct save_value *value = value_of(save, field);

    if (value != NULL)
        return value->text == NULL && !field_has(field, NIL);
    return save->create && field_required(field);
}

static bool is_not_writable(const struct save *save, struct field *field)
{
    return value_of(save, field) != NULL && !field_has(field, save->create ? CREATE : UPDATE);
}

/* A reference must lead to something, and an owner must be at work. */
static int check_reference(struct call *call, struct save *save, const struct save_value *value)
{
    const struct field *field = value->field;
    const struct object *object = orgdata_object_of_id(call->service->org, value->text);
    struct record *record = orgdata_record(call->service->org, value->text);
    bool found = object == NULL || (record != NULL && !record->deleted);

    if (!found)
        return save_fail(call, save, "INVALID_CROSS_REFERENCE_KEY", field->fact.name,
                         "invalid cross reference id");
    if (object != NULL && field->fact.refs != NULL &&
        strstr(field->fact.refs, object->name) == NULL)
        return save_fail(call, save, "FIELD_INTEGRITY_EXCEPTION", field->fact.name,
                         "%s: id value of incorrect type: %s", field->label, value->text);
    if (object != NULL && strcmp(field->fact.name, "OwnerId") == 0 &&
        !users_active(call->service->org, value->text))
        return save_fail(call, save, "INACTIVE_OWNER_OR_USER", field->fact.name,
                         "operation performed with inactive user [%s] as owner of %s", value->text,
                         save->object->name);
    return 0;
}

static int check_values(struct call *call, struct save *save)
{
    for (struct save_value *value = save->values; value != NULL; value = value->next) {
        struct value_problem problem;
        if (value->text == NULL)
            continue;
        if (value_check(value->field, &value->text, call->headers.truncate, call->arena, &problem) <
            0)
            return fault_memory(call->fault);
        if (problem.code != NULL) {
            struct save_error *error = add_error(call, save, problem.code, problem.message);
            if (error == NULL || name_field(call, error, value->field->fact.name) < 0)
                return -1;
        } else if (value->field->fact.type == FIELD_REFERENCE &&
                   check_reference(call, save, value) < 0) {
            return -1;
        }
    }
    return 0;
}

int save_find(struct call *call, struct save *save)
{
    char id[ID_MAX];

    if (!id_read(save->id_text, strlen(save->id_text), id))
        return save_fail(call, save, "MALFORMED_ID", NULL, "bad id %.200s", save->id_text);
    struct record *record = orgdata_record(call->service->org, id);
    if (record == NULL || (save->object != NULL && record->object != save->object))
        return save_fail(call, save, "INVALID_CROSS_REFERENCE_KEY", NULL,
                         "invalid cross reference id");
    if (record->deleted)
        return save_fail(call, save, "ENTITY_IS_DELETED", NULL, "entity is deleted");
    save->record = record;
    save->object = record->object;
    return 0;
}

/* What stands in the way of an update of the record. */
static int check_target(struct call *call, struct save *save)
{
    if (save->record == NULL && save->id_text == NULL)
        return save_fail(call, save, "MISSING_ARGUMENT", "Id",
                         "Id not specified in an update call");
    if (save->record == NULL && (save_find(call, save) < 0 || save->errors != NULL))
        return save->errors == NULL ? -1 : 0;
    const char *converted = record_value_named(save->record, "IsConverted");
    if (converted != NULL && strcmp(converted, "true") == 0)
        return save_fail(call, save, "CANNOT_UPDATE_CONVERTED_LEAD", NULL,
                         "cannot reference converted lead");
    return 0;
}

int save_check(struct call *call, struct save *save)
{
    if (save->create && save->id_text != NULL)
        return save_fail(call, save, "INVALID_FIELD_FOR_INSERT_UPDATE", "Id",
                         "cannot specify Id in an insert call");
    if (!save->create && (check_target(call, save) < 0 || save->errors != NULL))
        return save->errors == NULL ? -1 : 0;
    if ((save->object->permissions & (save->create ? MAY_CREATE : MAY_UPDATE)) == 0)
        return save_fail(call, save, "INSUFFICIENT_ACCESS_OR_READONLY", NULL,
                         "insufficient access rights on object id");
    if (fail_fields(call, save, "INVALID_FIELD_FOR_INSERT_UPDATE",
                    "Unable to create/update fields: ", is_not_writable,
                    ". Please check the security settings of this field and verify that it is "
                    "read/write for your profile or permission set.") < 0)
        return -1;
    if (save->errors != NULL)
        return 0;
    if (fail_fields(call, save, "REQUIRED_FIELD_MISSING", "Required fields are missing: [",
                    is_missing, "]") < 0)
        return -1;
    return check_values(call, save);
}

int save_apply(struct call *call, struct save *save)
{
    if (save->create)
        save->record = record_new(save->object);
    if (save->record == NULL)
        return fault_memory(call->fault);
    for (const struct save_value *value = save->values; value != NULL; value = value->next)
        if (record_set(save->record, value->field, value->text) < 0)
            return fault_memory(call->fault);
    if (record_stamp(call->service->org, save->record, save->create) < 0)
        return fault_memory(call->fault);
    return assignment_apply(call, save->record);
}
