#include <stddef.h>
#include <string.h>

#include "fakeorg/rules/rules.h"

struct validation_rule {
    const char *name, *object_name, *field_name, *message, *on;
    const struct yml_node *when;
    bool active;
    bool on_create, on_update;
    struct object *object;
    struct field *field; /* that the error names; NULL for the whole record */
    struct condition *condition;
    struct validation_rule *next;
};

#define AT(member) offsetof(struct validation_rule, member)
static const struct yml_key keys[] = {
    {"name", WANT_TEXT, true, AT(name), 0},         {"object", WANT_TEXT, true, AT(object_name), 0},
    {"when", WANT_NODE, true, AT(when), 0},         {"message", WANT_TEXT, true, AT(message), 0},
    {"field", WANT_TEXT, false, AT(field_name), 0}, {"on", WANT_TEXT, false, AT(on), 0},
    {"active", WANT_FLAG, false, AT(active), 0},
};

static int read_on(struct validation_rule *rule, const struct yml_node *node, struct err *err)
{
    rule->on_create = strcmp(rule->on, "save") == 0 || strcmp(rule->on, "create") == 0;
    rule->on_update = strcmp(rule->on, "save") == 0 || strcmp(rule->on, "update") == 0;
    if (!rule->on_create && !rule->on_update)
        return yml_fail(yml_member(node, "on"), err, "expected create, update or save");
    return 0;
}

static int read_rule(struct orgdata *org, const struct yml_node *node, struct arena *arena,
                     struct validation_rule **ret_rule, struct err *err)
{
    struct validation_rule *rule = arena_take(arena, sizeof *rule);

    if (rule == NULL)
        return err_memory(err);
    *rule = (struct validation_rule){.active = true, .on = "save"};
    if (yml_take(node, keys, sizeof keys / sizeof keys[0], rule, err) < 0 ||
        read_on(rule, node, err) < 0)
        return -1;
    rule->object = rules_object(org, yml_member(node, "object"), err);
    if (rule->object == NULL)
        return -1;
    if (rule->field_name != NULL) {
        rule->field = object_any_field(rule->object, rule->field_name);
        if (rule->field == NULL)
            return yml_fail(yml_member(node, "field"), err, "expected a field of %s",
                            rule->object->name);
    }
    rule->condition = condition_read(rule->when, rule->object, arena, err);
    if (rule->condition == NULL)
        return -1;
    rule->message = arena_text(arena, rule->message, strlen(rule->message));
    if (rule->message == NULL)
        return err_memory(err);
    *ret_rule = rule;
    return 0;
}

int validation_read(struct service *service, const struct yml_node *list, struct err *err)
{
    struct rules *rules = service->rules;
    struct orgdata *org = service->org;
    struct validation_rule *first = NULL, **place = &first;
    struct arena arena;

    if (yml_is(list, YML_LIST, err) < 0)
        return -1;
    arena_init(&arena, RULES_ARENA_BYTES);
    for (const struct yml_node *node = list->first; node != NULL; node = node->next) {
        if (read_rule(org, node, &arena, place, err) < 0) {
            arena_done(&arena);
            return -1;
        }
        place = &(*place)->next;
    }
    rules_arena_swap(&rules->validation_arena, &arena);
    rules->validations = first;
    return 0;
}

int validation_check(struct call *call, struct save *save, const struct record *preview)
{
    for (struct validation_rule *rule = call->service->rules->validations; rule != NULL;
         rule = rule->next) {
        bool broken = rule->active && rule->object == save->object &&
                      (save->create ? rule->on_create : rule->on_update);
        if (broken && condition_holds(rule->condition, preview, &broken, call->error) < 0)
            return -1;
        if (broken &&
            save_fail(call, save, "FIELD_CUSTOM_VALIDATION_EXCEPTION",
                      rule->field == NULL ? NULL : rule->field->fact.name, "%s", rule->message) < 0)
            return -1;
    }
    return 0;
}
