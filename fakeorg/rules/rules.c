#include "fakeorg/rules/rules.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

struct rules *rules_new(void)
{
    struct rules *rules = mem_zero(1, sizeof *rules);

    if (rules == NULL)
        return NULL;
    arena_init(&rules->validation_arena, RULES_ARENA_BYTES);
    arena_init(&rules->duplicate_arena, RULES_ARENA_BYTES);
    arena_init(&rules->assignment_arena, RULES_ARENA_BYTES);
    arena_init(&rules->lock_arena, RULES_ARENA_BYTES);
    return rules;
}

void rules_free(struct rules *rules)
{
    if (rules == NULL)
        return;
    arena_done(&rules->validation_arena);
    arena_done(&rules->duplicate_arena);
    arena_done(&rules->assignment_arena);
    arena_done(&rules->lock_arena);
    mem_free(rules->preview);
    mem_free(rules);
}

void rules_arena_swap(struct arena *old, struct arena *fresh)
{
    arena_done(old);
    *old = *fresh;
}

struct object *rules_object_named(struct orgdata *org, const char *name)
{
    struct object *object = orgdata_any_object(org, name);

    return object != NULL && strcmp(object->prefix, USER_ID_PREFIX) != 0 ? object : NULL;
}

struct object *rules_object(struct orgdata *org, const struct yml_node *node, struct err *err)
{
    struct object *object = rules_object_named(org, node->text);

    if (object == NULL)
        yml_fail(node, err, "expected an object: Lead, Account or Contact");
    return object;
}

/* The compound Name, where the object puts one together. */
static int preview_name(struct call *call, struct record *record)
{
    const struct field *name = object_any_field(record->object, "Name");
    const char *first = record_value_named(record, "FirstName");
    const char *last = record_value_named(record, "LastName");

    if (name == NULL || object_any_field(record->object, "LastName") == NULL)
        return 0;
    size_t room = (first == NULL ? 0 : strlen(first)) + (last == NULL ? 0 : strlen(last)) + 2;
    char *text = arena_take(call->arena, room);
    if (text == NULL)
        return api_error_memory(call->error);
    snprintf(text, room, "%s%s%s", first == NULL ? "" : first,
             first == NULL || last == NULL ? "" : " ", last == NULL ? "" : last);
    record->values[name->position] = text[0] == '\0' ? NULL : text;
    return 0;
}

static int make_room(struct rules *rules, size_t field_count)
{
    if (rules->preview_room >= field_count)
        return 0;
    char **values = mem_resize(rules->preview, field_count, sizeof *values);
    if (values == NULL)
        return -1;
    rules->preview = values;
    rules->preview_room = field_count;
    return 0;
}

int rules_preview(struct call *call, const struct save *save, struct record *ret)
{
    struct rules *rules = call->service->rules;
    const struct object *object = save->object;

    if (make_room(rules, object->field_count) < 0)
        return api_error_memory(call->error);
    *ret = (struct record){
        .object = save->object, .room = object->field_count, .values = rules->preview};
    if (!save->create)
        memcpy(ret->id, save->record->id, sizeof ret->id);
    for (size_t i = 0; i < object->field_count; i++)
        ret->values[i] = (char *)(save->create ? object->fields[i]->fact.fallback
                                               : record_value(save->record, object->fields[i]));
    for (const struct save_value *value = save->values; value != NULL; value = value->next)
        ret->values[value->field->position] = (char *)value->text;
    return preview_name(call, ret);
}

static int check_record(struct call *call, struct save *save)
{
    struct record preview;

    if (rules_preview(call, save, &preview) < 0 || locks_check(call, save, &preview) < 0)
        return -1;
    if (save->errors == NULL && validation_check(call, save, &preview) < 0)
        return -1;
    if (save->errors == NULL && duplicates_check(call, save, &preview) < 0)
        return -1;
    return 0;
}

int rules_check(struct call *call, struct save *saves, size_t count)
{
    const struct rules *rules = call->service->rules;

    if (assignment_check(call) < 0)
        return -1;
    if (rules->validations == NULL && rules->duplicates == NULL && rules->locks == NULL)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (saves[i].errors == NULL && check_record(call, &saves[i]) < 0)
            return -1;
    return 0;
}
