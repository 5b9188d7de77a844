/* Reads validation rules and applies them. */
#include "fakeorg/rules/validation.h"

#include <stddef.h>
#include <string.h>

#include "fakeorg/query/condition.h"

struct validation_rule {
    struct rule_link link;
    const char *name, *object_name, *field_name, *message, *on;
    const struct yml_node *when;
    bool active;
    bool on_create, on_update;
    struct object *object;
    struct field *field; /* named in the error; NULL for the whole record */
    struct condition *condition;
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
                     const struct rule_link *earlier, struct rule_link *link, struct err *err)
{
    struct validation_rule *rule = (struct validation_rule *)link;

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
    return rules_keep_text(arena, &rule->message, err);
}

int validation_read(struct rules *rules, const struct yml_node *list, struct err *err)
{
    static const struct rule_reader reader = {sizeof(struct validation_rule), read_rule};

    return rules_read(rules, &rules->validations, &reader, list, err);
}

int validation_check(const struct save_context *ctx, struct save *save,
                     const struct record *preview)
{
    for (struct rule_link *at = ctx->rules->validations.first; at != NULL; at = at->next) {
        struct validation_rule *rule = (struct validation_rule *)at;
        bool broken = rule->active && rule->object == save->object &&
                      (save->create ? rule->on_create : rule->on_update);
        if (broken && condition_holds(rule->condition, preview, &broken, ctx->error) < 0)
            return -1;
        if (broken &&
            save_fail(ctx, save, "FIELD_CUSTOM_VALIDATION_EXCEPTION",
                      rule->field == NULL ? NULL : rule->field->fact.name, "%s", rule->message) < 0)
            return -1;
    }
    return 0;
}
