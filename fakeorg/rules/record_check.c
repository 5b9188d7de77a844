/* Checks a record against its fields, its references and the user's permissions. */
#include "fakeorg/rules/record_check.h"

#include <string.h>

#include "base/buf.h"
#include "fakeorg/data/users.h"
#include "fakeorg/data/value.h"

/* One error for all such fields: "Required fields are missing: [A, B]". */
static int fail_fields(const struct save_context *ctx, struct save *save, const char *code,
                       const char *before, bool (*is_wrong)(const struct save *, struct field *),
                       const char *after)
{
    struct save_error *error = NULL;
    struct buf message;
    int rc = 0;

    buf_init(&message, 64 * 1024);
    buf_text(&message, before);
    for (size_t i = 0; i < save->object->field_count && rc == 0; i++) {
        struct field *field = save->object->fields[i];
        if (!is_wrong(save, field))
            continue;
        buf_format(&message, "%s%s", error == NULL ? "" : ", ", field->fact.name);
        if (error == NULL)
            error = save_add_error(ctx, save, code, NULL);
        rc = error == NULL ? -1 : save_name_field(ctx, error, field->fact.name);
    }
    if (rc == 0 && error != NULL) {
        buf_text(&message, after);
        error->message = arena_text(ctx->arena, buf_peek(&message), message.len);
        if (buf_failed(&message) || error->message == NULL)
            rc = api_error_memory(ctx->error);
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
        return value->text == NULL && !field_has(field, NIL) && field->fact.type != FIELD_BOOLEAN;
    return save->create && field_required(field);
}

static bool is_not_writable(const struct save *save, struct field *field)
{
    return value_of(save, field) != NULL && !field_has(field, save->create ? CREATE : UPDATE);
}

/* A reference must point to an existing record, and an owner must be active. */
static int check_reference(const struct save_context *ctx, struct save *save,
                           const struct save_value *value)
{
    const struct field *field = value->field;
    const struct object *object = orgdata_object_of_id(ctx->org, value->text);
    struct record *record = orgdata_record(ctx->org, value->text);
    bool found = object == NULL || (record != NULL && !record->deleted);

    if (!found)
        return save_fail(ctx, save, "INVALID_CROSS_REFERENCE_KEY", field->fact.name,
                         "invalid cross reference id");
    if (object != NULL && field->fact.refs != NULL &&
        strstr(field->fact.refs, object->name) == NULL)
        return save_fail(ctx, save, "FIELD_INTEGRITY_EXCEPTION", field->fact.name,
                         "%s: id value of incorrect type: %s", field->label, value->text);
    if (object != NULL && strcmp(field->fact.name, "OwnerId") == 0 &&
        !users_active(ctx->org, value->text))
        return save_fail(ctx, save, "INACTIVE_OWNER_OR_USER", field->fact.name,
                         "operation performed with inactive user [%s] as owner of %s", value->text,
                         save->object->name);
    return 0;
}

static int check_values(const struct save_context *ctx, struct save *save)
{
    for (struct save_value *value = save->values; value != NULL; value = value->next) {
        struct value_problem problem;
        if (value->text == NULL && value->field->fact.type == FIELD_BOOLEAN &&
            save_fail(ctx, save, "INVALID_TYPE_ON_FIELD_IN_RECORD", value->field->fact.name,
                      "%s: value not of required type: ", value->field->label) < 0)
            return -1;
        if (value->text == NULL)
            continue;
        if (value_check(value->field, &value->text, ctx->truncate, ctx->arena, &problem) < 0)
            return api_error_memory(ctx->error);
        if (problem.code != NULL) {
            struct save_error *error = save_add_error(ctx, save, problem.code, problem.message);
            if (error == NULL || save_name_field(ctx, error, value->field->fact.name) < 0)
                return -1;
        } else if (value->field->fact.type == FIELD_REFERENCE &&
                   check_reference(ctx, save, value) < 0) {
            return -1;
        }
    }
    return 0;
}

int save_find(const struct save_context *ctx, struct save *save)
{
    char id[ID_MAX];

    size_t len = strlen(save->id_text);
    bool refused = len == 15 && quirk_is(ctx->quirks, QUIRK_SHORT_IDS, "refused");
    if (refused || !id_read(save->id_text, len, id))
        return save_fail(ctx, save, "MALFORMED_ID", NULL, "bad id %.200s", save->id_text);
    struct record *record = orgdata_record(ctx->org, id);
    if (record == NULL || (save->object != NULL && record->object != save->object))
        return save_fail(ctx, save, "INVALID_CROSS_REFERENCE_KEY", NULL,
                         "invalid cross reference id");
    if (record->deleted)
        return save_fail(ctx, save, "ENTITY_IS_DELETED", NULL, "entity is deleted");
    save->record = record;
    save->object = record->object;
    return 0;
}

/* Errors that keep the record from being updated. */
static int check_target(const struct save_context *ctx, struct save *save)
{
    if (save->record == NULL && save->id_text == NULL)
        return save_fail(ctx, save, "MISSING_ARGUMENT", "Id", "Id not specified in an update call");
    if (save->record == NULL && (save_find(ctx, save) < 0 || save->errors != NULL))
        return save->errors == NULL ? -1 : 0;
    const char *converted = record_value_named(save->record, "IsConverted");
    if (converted != NULL && strcmp(converted, "true") == 0 &&
        quirk_is(ctx->quirks, QUIRK_CONVERTED, "locked"))
        return save_fail(ctx, save, "CANNOT_UPDATE_CONVERTED_LEAD", NULL,
                         "cannot reference converted lead");
    return 0;
}

int save_check(const struct save_context *ctx, struct save *save)
{
    if (save->create && save->id_text != NULL)
        return save_fail(ctx, save, "INVALID_FIELD_FOR_INSERT_UPDATE", "Id",
                         "cannot specify Id in an insert call");
    if (!save->create && (check_target(ctx, save) < 0 || save->errors != NULL))
        return save->errors == NULL ? -1 : 0;
    if ((save->object->permissions & (save->create ? MAY_CREATE : MAY_UPDATE)) == 0)
        return save_fail(ctx, save, "INSUFFICIENT_ACCESS_OR_READONLY", NULL,
                         "insufficient access rights on object id");
    if (fail_fields(ctx, save, "INVALID_FIELD_FOR_INSERT_UPDATE",
                    "Unable to create/update fields: ", is_not_writable,
                    ". Please check the security settings of this field and verify that it is "
                    "read/write for your profile or permission set.") < 0)
        return -1;
    if (save->errors != NULL)
        return 0;
    if (fail_fields(ctx, save, "REQUIRED_FIELD_MISSING", "Required fields are missing: [",
                    is_missing, "]") < 0)
        return -1;
    return check_values(ctx, save);
}
