/* The rules of leadline check: permissions, fields and limits against the settings. */
#include "programs/leadline/findings.h"

#include <stdio.h>
#include <string.h>

#include "mapping/bindings.h"

#define ADVICE_OBJECT                                                                              \
    "Give the user's profile or permission set Read, Create and Edit on this object."
#define ADVICE_FIELD                                                                               \
    "Give the user's profile or permission set read and edit access to the field "                 \
    "(field-level security)."
#define ADVICE_CUSTOM "Create the field in the org, or correct its API name in the configuration."
#define ADVICE_FILTER                                                                              \
    "Look up by another field: long text, encrypted and some formula fields cannot be searched."
#define ADVICE_LIMIT "Wait, let other integrations call less often, or buy API calls."

void finding_add(struct findings *findings, enum finding_level level, const char *what,
                 const char *advice, const char *format, ...)
{
    static const char *const levels[] = {"ok", "warning", "error"};
    char message[700];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    json_array_append_new(findings->list,
                          json_pack("{s:s, s:s, s:s, s:s?}", "level", levels[level], "what", what,
                                    "message", message, "advice", advice));
    findings->errors += level == FINDING_ERROR;
    findings->warnings += level == FINDING_WARNING;
}

/* One field that is needed: for writing, or also for looking up. */
static void check_field(struct findings *findings, const struct schema_object *object,
                        const char *name, enum finding_level level, bool look_up, bool named)
{
    const struct schema_field *field = schema_field(object, name);
    const char *advice = named ? ADVICE_CUSTOM : ADVICE_FIELD;
    char what[200];

    snprintf(what, sizeof what, "%s.%s", object->name, name);
    if (field == NULL)
        finding_add(findings, level, what, advice,
                    "%s: the org has no such field, or hides it from this user%s", what,
                    level == FINDING_ERROR ? "" : "; its values are left out");
    else if (look_up && !field->filterable)
        finding_add(findings, FINDING_ERROR, what, ADVICE_FILTER,
                    "%s cannot be searched, so records cannot be found by it", what);
    else if (!field->createable || !field->updateable)
        finding_add(findings, level, what, ADVICE_FIELD, "%s cannot be %s by this user%s", what,
                    !field->createable && !field->updateable ? "written"
                    : field->createable                      ? "updated"
                                                             : "created",
                    level == FINDING_ERROR ? "" : "; its values are left out");
}

static void check_rows(struct findings *findings, const struct schema_object *object,
                       const struct settings_row *rows, size_t count, bool look_up)
{
    for (size_t i = 0; i < count; i++)
        check_field(findings, object, rows[i].field, FINDING_ERROR, look_up, true);
}

/* Without these no record can be created or found: an error.  Without the others only their values
   are lost. */
static enum finding_level weight(const struct binding *binding, const struct field_rule *rule,
                                 bool look_up)
{
    const char *need = binding->create_need.field;
    bool needed =
        look_up || rule->create_default != NULL || (need != NULL && strcmp(rule->field, need) == 0);

    return needed ? FINDING_ERROR : FINDING_WARNING;
}

static void check_rules(struct findings *findings, const struct destination_settings *to,
                        const struct schema_object *object, const struct binding *binding)
{
    for (size_t i = 0; i < binding->rule_count; i++) {
        const struct field_rule *rule = &binding->rules[i];
        bool look_up = binding_looks_up_by(binding, to, rule->field);
        if (rule_is_on(rule, to))
            check_field(findings, object, rule->field, weight(binding, rule, look_up), look_up,
                        false);
    }
}

static void check_binding(struct findings *findings, const struct destination_settings *to,
                          const struct schema_object *object, const struct binding *binding)
{
    size_t count;
    const struct settings_row *rows = binding_rows(&binding->lookup_rows, to, &count);

    check_rows(findings, object, rows, count, true);
    rows = binding_rows(&binding->field_rows, to, &count);
    check_rows(findings, object, rows, count, false);
    check_rules(findings, to, object, binding);
}

void findings_object(struct findings *findings, const struct destination_settings *to,
                     const struct schema_object *object)
{
    const struct bindings bindings = bindings_of(to);
    size_t before = findings->errors;
    bool may_write = object->createable && object->updateable && object->queryable;

    if (!may_write)
        finding_add(findings, FINDING_ERROR, object->name, ADVICE_OBJECT,
                    "%s: this user may not%s%s%s records", object->name,
                    object->queryable ? "" : " read", object->createable ? "" : " create",
                    object->updateable ? "" : " update");
    for (size_t i = 0; i < bindings.count; i++)
        if (strcmp(bindings.list[i].object, object->name) == 0 &&
            binding_is_on(&bindings.list[i], to))
            check_binding(findings, to, object, &bindings.list[i]);
    if (findings->errors == before)
        finding_add(findings, FINDING_OK, object->name, NULL,
                    "%s: records can be found, created and updated", object->name);
}

static void add_hidden(struct findings *findings, const struct bound_object *bound)
{
    const struct binding *binding = bound->binding;

    if (bound->successor)
        finding_add(findings, FINDING_WARNING, bound->object, ADVICE_OBJECT,
                    "%s: this user cannot see the object; people whose %s has been converted "
                    "become dead letters (converted_lead)",
                    bound->object, binding->object);
    else
        finding_add(findings, FINDING_ERROR, bound->object, ADVICE_OBJECT,
                    "%s: this user cannot see the object; %s calls become dead letters "
                    "(object_not_visible)",
                    bound->object, event_type_name(binding->event));
}

void findings_hidden(struct findings *findings, const struct destination_settings *to,
                     const char *object)
{
    const struct bound_objects objects = bindings_objects(to);

    for (size_t i = 0; i < objects.count; i++)
        if (strcmp(objects.list[i].object, object) == 0)
            add_hidden(findings, &objects.list[i]);
}

void findings_limit(struct findings *findings, const struct destination_settings *to,
                    const struct org_counts *counts)
{
    long long used = counts->limit_used, max = counts->limit_max, left = max - used;

    if (used < 0 || max <= 0)
        finding_add(findings, FINDING_OK, "limit", NULL,
                    "API calls: the org does not say how many are left");
    else if (left <= to->reserve_calls)
        finding_add(findings, FINDING_ERROR, "limit", ADVICE_LIMIT,
                    "API calls: %lld of %lld used in 24 hours, and reserve_calls leaves %lld for "
                    "others: none is left for Leadline",
                    used, max, (long long)to->reserve_calls);
    else
        finding_add(findings, left < max / 10 ? FINDING_WARNING : FINDING_OK, "limit",
                    left < max / 10 ? ADVICE_LIMIT : NULL,
                    "API calls: %lld of %lld used in 24 hours, %lld left", used, max, left);
}
