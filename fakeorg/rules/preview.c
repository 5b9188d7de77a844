/* Combines a save's values with those of the record that it changes. */
#include "fakeorg/rules/preview.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* The compound Name, if the object composes one. */
static int preview_name(const struct save_context *ctx, struct record *record)
{
    const struct field *name = object_any_field(record->object, "Name");
    const char *first = record_value_named(record, "FirstName");
    const char *last = record_value_named(record, "LastName");

    if (name == NULL || object_any_field(record->object, "LastName") == NULL)
        return 0;
    size_t size = (first == NULL ? 0 : strlen(first)) + (last == NULL ? 0 : strlen(last)) + 2;
    char *text = arena_take(ctx->arena, size);
    if (text == NULL)
        return api_error_memory(ctx->error);
    snprintf(text, size, "%s%s%s", first == NULL ? "" : first,
             first == NULL || last == NULL ? "" : " ", last == NULL ? "" : last);
    record->values[name->position] = text[0] == '\0' ? NULL : text;
    return 0;
}

static int make_room(struct rules *rules, size_t field_count)
{
    if (rules->preview_capacity >= field_count)
        return 0;
    char **values = mem_resize(rules->preview, field_count, sizeof *values);
    if (values == NULL)
        return -1;
    rules->preview = values;
    rules->preview_capacity = field_count;
    return 0;
}

int rules_preview(const struct save_context *ctx, const struct save *save, struct record *ret)
{
    struct rules *rules = ctx->rules;
    const struct object *object = save->object;

    if (make_room(rules, object->field_count) < 0)
        return api_error_memory(ctx->error);
    *ret = (struct record){
        .object = save->object, .capacity = object->field_count, .values = rules->preview};
    if (!save->create)
        memcpy(ret->id, save->record->id, sizeof ret->id);
    for (size_t i = 0; i < object->field_count; i++)
        ret->values[i] = (char *)(save->create ? object->fields[i]->fact.fallback
                                               : record_value(save->record, object->fields[i]));
    for (const struct save_value *value = save->values; value != NULL; value = value->next)
        ret->values[value->field->position] = (char *)value->text;
    return preview_name(ctx, ret);
}
