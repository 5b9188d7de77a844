/* The steps from an event to a record, in order of precedence: what it is found by,
   the rows of the settings, the rules, the custom traits, the defaults of a create. */
#include "mapping/mapping.h"

#include <string.h>

#include "base/mem.h"
#include "mapping/work.h"

/* One field from its places.  A field that is written already stays. */
static void take_field(struct work *work, const char *name, const struct place *from,
                       const char *missing)
{
    struct schema_field made;
    const struct schema_field *field = work_field(work, name, &made);
    struct found found;

    if (record_has(&work->record, name))
        return;
    place_find(&work->record, work->event, from,
               field != NULL && field->type == FIELD_MULTIPICKLIST, &found);
    if (field != NULL)
        work_put(work, field, &found);
    else if (found.kind != FOUND_NOTHING)
        record_note(&work->record, found.trait, missing,
                    "%s has no field %s that this user can see.", work->object->name, name);
    found_done(&found);
}

static void take_rows(struct work *work)
{
    size_t count;
    const struct settings_row *rows = work_rows(work, &count);

    for (size_t i = 0; i < count; i++) {
        struct place from[RULE_PLACES];
        place_named(rows[i].trait, from);
        take_field(work, rows[i].field, from, "unknown_field");
    }
}

static void take_rules(struct work *work)
{
    for (size_t i = 0; i < work->binding->rule_count; i++) {
        const struct field_rule *rule = &work->binding->rules[i];
        if (rule_is_on(rule, work->to))
            take_field(work, rule->field, rule->from, "not_visible");
    }
}

static void take_defaults(struct work *work)
{
    for (size_t i = 0; i < work->binding->rule_count; i++) {
        const struct field_rule *rule = &work->binding->rules[i];
        const struct schema_field *field = schema_field(work->object, rule->field);
        if (rule->create_default == NULL || field == NULL || !field->createable ||
            record_has(&work->record, rule->field))
            continue;
        struct mapping_value value = {VALUE_TEXT, mem_text(rule->create_default)};
        if (value.text == NULL)
            work->record.no_memory = true;
        else
            record_write(&work->record, field->name, value, "", true);
    }
}

static void map(struct work *work)
{
    struct mapping_result *result = work->record.result;
    const char *needs = work->binding->create_need.field;

    if (work->object == NULL) {
        record_reject(&work->record, "object_not_visible",
                      "This user cannot see the object %s in %s.", work->binding->object,
                      work->integration);
        return;
    }
    if (!lookup_take(work))
        return;
    result->key = mapping_key(work->binding->object, result->lookups, result->lookup_count);
    if (result->key == NULL)
        work->record.no_memory = true;
    take_rows(work);
    take_rules(work);
    custom_take(work);
    take_defaults(work);
    if (needs != NULL && !record_has(&work->record, needs))
        result->create_needs = needs;
}

int mapping_map(const struct event *event, const struct destination_settings *to,
                const struct schema *schema, bool untyped_custom, struct mapping_result *ret,
                struct err *err)
{
    struct choice choice = work_choose(event, to);
    struct mapping_result result = {.outcome = choice.outcome, .reason = choice.reason};
    struct work work = {
        .event = event,
        .to = to,
        .binding = choice.binding,
        .integration = choice.integration,
        .untyped_custom = untyped_custom,
        .record = {.result = &result},
    };

    if (choice.outcome == MAPPING_WRITE) {
        result.binding = choice.binding;
        result.object = choice.binding->object;
        work.object = schema_object(schema, result.object);
        work.record.doc = &event->doc;
        work.record.seen = mem_zero(event->doc.count, sizeof *work.record.seen);
        if (work.record.seen != NULL)
            map(&work);
        else
            work.record.no_memory = true;
        record_finish(&work.record);
        mem_free(work.record.seen);
    } else if (choice.detail != NULL) {
        result.detail = mem_text(choice.detail);
        work.record.no_memory = result.detail == NULL;
    }
    if (work.record.no_memory) {
        mapping_result_done(&result);
        return err_memory(err);
    }
    *ret = result;
    return 0;
}
