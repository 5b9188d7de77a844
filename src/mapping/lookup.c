/* How a record is found. */
#include "mapping/work.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "mapping/canonical.h"

#define MAX_LOOKUP 4000 /* characters of one text in a query (SOQL reference, limits) */

/* At intake, without a schema: any text that fits into a query. */
static const struct schema_field any_text = {
    .type = FIELD_STRING,
    .length = MAX_LOOKUP,
    .nillable = true,
    .createable = true,
    .updateable = true,
    .filterable = true,
};

/* Takes value's text. */
static void add_lookup(struct record *record, const char *name, const struct schema_field *field,
                       struct mapping_value value)
{
    struct mapping_result *result = record->result;
    char *copy = mem_text(name);
    struct mapping_lookup *lookups =
        record_grow(record, result->lookups, result->lookup_count, sizeof(*lookups));

    if (lookups != NULL)
        result->lookups = lookups;
    if (lookups == NULL || copy == NULL) {
        record->no_memory = true;
        mem_free(copy);
        mem_free(value.text);
        return;
    }
    lookups[result->lookup_count++] =
        (struct mapping_lookup){copy, value, field->type, field->case_sensitive};
}

/* What is looked up is written too, so that the record is found the next time. */
static void write_lookup(struct work *work, const struct schema_field *field,
                         const struct mapping_value *value, const char *trait)
{
    struct mapping_value copy = {value->kind, mem_text(value->text)};
    bool create_only;

    if (copy.text == NULL) {
        work->record.no_memory = true;
    } else if (record_has(&work->record, field->name)) {
        mem_free(copy.text);
    } else if (work_writable(field, &create_only)) {
        record_write(&work->record, field->name, copy, trait, create_only);
    } else {
        record_note(&work->record, trait, "not_writable",
                    "Records are found by %s, which cannot be set.", field->name);
        mem_free(copy.text);
    }
}

/* Looked up and written as Salesforce stores it, or it would not be found again. */
static void make_canonical(struct work *work, const struct schema_field *field,
                           struct mapping_value *value)
{
    char *canonical = canonical_value(field, value->text);

    if (canonical == NULL) {
        work->record.no_memory = true;
        return;
    }
    mem_free(value->text);
    value->text = canonical;
}

static bool take_value(struct work *work, const char *name, const struct schema_field *field,
                       const struct found *found)
{
    const char *object = work->binding->object;
    struct conversion conversion;
    bool fits;

    if (found->kind != FOUND_VALUE) {
        record_reject(&work->record, "missing_lookup_value",
                      "The event has no value for %s, by which %s %s is found.", name,
                      object_article(object), object);
        return false;
    }
    fits = work_convert(work, field, found, &conversion);
    if (work->record.no_memory)
        return false;
    if (conversion.truncated ||
        (fits &&
         utf8_utf16_length(conversion.value.text, strlen(conversion.value.text)) > MAX_LOOKUP)) {
        mem_free(conversion.value.text);
        record_reject(&work->record, "lookup_value_too_long",
                      "The value of %s is longer than %s, by which %s %s is found, takes: %d "
                      "characters.",
                      found->trait, name, object_article(object), object,
                      field->length > 0 ? field->length : MAX_LOOKUP);
        return false;
    }
    if (!fits) {
        record_reject(&work->record, "missing_lookup_value",
                      "%s has no value that %s, by which %s %s is found, accepts: %s.",
                      found->trait, name, object_article(object), object, value_takes(field->type));
        return false;
    }
    if (work->object != NULL) {
        make_canonical(work, field, &conversion.value);
        write_lookup(work, field, &conversion.value, found->trait);
    }
    add_lookup(&work->record, work->object != NULL ? field->name : name, field, conversion.value);
    return !work->record.no_memory;
}

static void reject_field(struct work *work, const char *name, bool hidden)
{
    record_reject(&work->record, "lookup_field_unusable", "%s, by which %s %s is found, %s%s.",
                  name, object_article(work->binding->object), work->binding->object,
                  hidden ? "cannot be seen by this user in " : "cannot limit a query",
                  hidden ? work->integration : "");
}

static bool take_lookup(struct work *work, const char *name, const struct place *from)
{
    struct schema_field made;
    const struct schema_field *field =
        work->object == NULL ? &any_text : work_field(work, name, &made);
    struct found found;

    if (field == NULL || !field->filterable) {
        reject_field(work, name, field == NULL);
        return false;
    }
    place_find(&work->record, work->event, from, false, &found);
    bool taken = !work->record.no_memory && take_value(work, name, field, &found);
    found_done(&found);
    return taken;
}

static bool take_rows(struct work *work, const struct settings_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct place from[RULE_PLACES];
        place_named(rows[i].trait, from);
        if (!take_lookup(work, rows[i].field, from))
            return false;
    }
    return true;
}

bool lookup_take(struct work *work)
{
    const struct binding *binding = work->binding;
    size_t count;
    const struct settings_row *rows = work_lookup_rows(work, &count);

    if (count > 0)
        return take_rows(work, rows, count);
    for (size_t i = 0; binding->lookup[i] != NULL; i++) {
        const struct field_rule *rule = binding_rule(binding, binding->lookup[i]);
        if (!take_lookup(work, binding->lookup[i], rule->from))
            return false;
    }
    return true;
}
