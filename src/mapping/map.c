/* The steps from an event to a record, in the order in which they win: what it is found by,
   the rows of the settings, the rules, the custom traits, the fillers. */
#include "mapping/mapping.h"

#include <string.h>

#include "base/mem.h"
#include "mapping/work.h"

/* One field from its places.  A field that is written already stays. */
static void take_field(struct work *work, const char *name, const struct source *from,
                       const char *missing)
{
    struct schema_field made;
    const struct schema_field *field = work_field(work, name, &made);
    struct found found;

    if (record_has(&work->record, name))
        return;
    source_find(&work->record, work->event, from,
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
        struct source from[RULE_SOURCES];
        source_named(rows[i].trait, from);
        take_field(work, rows[i].field, from, "unknown_field");
    }
}

static void take_rules(struct work *work)
{
    for (size_t i = 0; i < work->rules->count; i++) {
        const struct rule *rule = &work->rules->rows[i];
        if (work_rule_is_on(work, rule))
            take_field(work, rule->field, rule->from, "not_visible");
    }
}

static void take_fillers(struct work *work)
{
    for (size_t i = 0; i < work->rules->count; i++) {
        const struct rule *rule = &work->rules->rows[i];
        const struct schema_field *field = schema_field(work->object, rule->field);
        if (rule->filler == NULL || field == NULL || !field->createable ||
            record_has(&work->record, rule->field))
            continue;
        struct mapping_value value = {VALUE_TEXT, mem_text(rule->filler)};
        if (value.text == NULL)
            work->record.no_memory = true;
        else
            record_write(&work->record, field->name, value, "", true);
    }
}

static void map(struct work *work)
{
    struct mapping_result *result = work->record.result;
    const char *needs = work->rules->create_needs;

    if (work->object == NULL) {
        record_reject(&work->record, "object_not_visible",
                      "This user cannot see the object %s in Salesforce.", work->rules->object);
        return;
    }
    if (!lookup_take(work))
        return;
    result->key = mapping_key(work->rules->object, result->lookups, result->lookup_count);
    if (result->key == NULL)
        work->record.no_memory = true;
    take_rows(work);
    take_rules(work);
    custom_take(work);
    take_fillers(work);
    if (needs != NULL && !record_has(&work->record, needs))
        result->create_needs = needs;
}

int mapping_map(const struct event *event, const struct destination_settings *to,
                const struct schema *schema, bool untyped_custom, struct mapping_result *ret,
                struct err *err)
{
    struct decision decision = work_decide(event, to);
    struct mapping_result result = {.outcome = decision.outcome, .reason = decision.reason};
    struct work work = {
        .event = event,
        .to = to,
        .rules = decision.rules,
        .untyped_custom = untyped_custom,
        .record = {.result = &result},
    };

    if (decision.outcome == MAPPING_WRITE) {
        result.object = decision.rules->object;
        work.object = schema_object(schema, result.object);
        work.record.doc = &event->doc;
        work.record.seen = mem_zero(event->doc.count, sizeof *work.record.seen);
        if (work.record.seen != NULL)
            map(&work);
        else
            work.record.no_memory = true;
        record_finish(&work.record);
        mem_free(work.record.seen);
    } else if (decision.detail != NULL) {
        result.detail = mem_text(decision.detail);
        work.record.no_memory = result.detail == NULL;
    }
    if (work.record.no_memory) {
        mapping_result_done(&result);
        return err_memory(err);
    }
    *ret = result;
    return 0;
}
