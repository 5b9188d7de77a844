/* Values and errors of a record to be saved. */
#include "fakeorg/rules/save.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct save_error *save_add_error(const struct save_context *ctx, struct save *save,
                                  const char *code, const char *message)
{
    struct save_error **place = &save->errors;

    while (*place != NULL)
        place = &(*place)->next;
    *place = arena_take(ctx->arena, sizeof **place);
    if (*place == NULL) {
        api_error_memory(ctx->error);
        return NULL;
    }
    (*place)->code = code;
    (*place)->message = message;
    return *place;
}

int save_name_field(const struct save_context *ctx, struct save_error *error, const char *name)
{
    const char **fields = arena_take(ctx->arena, (error->field_count + 1) * sizeof(char *));

    if (fields == NULL)
        return api_error_memory(ctx->error);
    for (size_t i = 0; i < error->field_count; i++)
        fields[i] = error->fields[i];
    fields[error->field_count++] = name;
    error->fields = fields;
    return 0;
}

int save_fail(const struct save_context *ctx, struct save *save, const char *code,
              const char *field, const char *format, ...)
{
    char message[512];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const char *copy = arena_text(ctx->arena, message, strlen(message));
    struct save_error *error = save_add_error(ctx, save, code, copy);
    if (copy == NULL || error == NULL)
        return api_error_memory(ctx->error);
    return field == NULL ? 0 : save_name_field(ctx, error, field);
}

int save_fail_injected(const struct save_context *ctx, size_t place, struct save *save)
{
    for (const struct pending_error *pending = ctx->injected; pending != NULL;
         pending = pending->next)
        if (pending->record == place &&
            save_fail(ctx, save, pending->code, pending->field, "%s", pending->text) < 0)
            return -1;
    return 0;
}

struct save_error *save_last_error(const struct save *save)
{
    struct save_error *error = save->errors;

    while (error != NULL && error->next != NULL)
        error = error->next;
    return error;
}

int save_set(const struct save_context *ctx, struct save *save, struct field *field,
             const char *text)
{
    struct save_value **place = &save->values, *value;

    while (*place != NULL && (*place)->field != field)
        place = &(*place)->next;
    if (*place != NULL) {
        if (quirk_is(ctx->quirks, QUIRK_FIELD_TWICE, "fault"))
            return api_error_set(ctx->error, API_ERROR_CLIENT, NULL,
                                 "Duplicate element %s at this location", field->fact.name);
        (*place)->text = text;
        return 0;
    }
    value = arena_take(ctx->arena, sizeof *value);
    if (value == NULL)
        return api_error_memory(ctx->error);
    value->field = field;
    value->text = text;
    *place = value;
    return 0;
}
