/* What was meant for one object, for the record of another that it became: a Lead, its Contact. */
#include "mapping/mapping.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "mapping/binding.h"
#include "mapping/work.h"

/* A converted value, to be converted again: the successor's field of the
   same name may be shorter or of another type. */
static struct found found_again(const struct mapping_write *write)
{
    static const enum doc_type types[] = {
        [VALUE_TEXT] = DOC_STRING,
        [VALUE_NUMBER] = DOC_NUMBER,
        [VALUE_BOOLEAN] = DOC_TRUE,
        [VALUE_NULL] = DOC_NULL,
    };
    const char *text = write->value.text;

    return (struct found){
        .kind = write->value.kind == VALUE_NULL ? FOUND_NULL : FOUND_VALUE,
        .type = types[write->value.kind],
        .text = (char *)text, /* borrowed: found_done is never called */
        .len = text == NULL ? 0 : strlen(text),
        .trait = write->trait,
    };
}

/* NULL when the successor has none. */
static const struct schema_field *successor_field(const struct successor *successor,
                                                  const struct schema_object *object,
                                                  const char *name)
{
    const struct schema_field *field;

    for (size_t i = 0; i < successor->rename_count; i++) {
        const struct field_rename *rename = &successor->renames[i];
        if (strcasecmp(rename->field, name) == 0)
            return rename->successor == NULL ? NULL : schema_field(object, rename->successor);
    }
    field = schema_field(object, name);
    return field != NULL && field->custom ? field : NULL;
}

static void take_write(struct work *work, const struct mapping_write *write)
{
    const struct successor *successor = work->binding->successor;
    const struct schema_field *field = successor_field(successor, work->object, write->field);
    struct found found = found_again(write);

    if (field == NULL)
        record_note(&work->record, write->trait, successor->no_field,
                    "%s %s has no field for %s of the %s.",
                    strcmp(object_article(successor->object), "a") == 0 ? "A" : "An",
                    successor->object, write->field, work->binding->object);
    else if (!field->updateable)
        record_note(&work->record, write->trait, "not_writable",
                    "%s of %s cannot be set by this user.", field->name, successor->object);
    else if (!record_has(&work->record, field->name))
        work_put(work, field, &found);
}

int mapping_to_successor(const struct binding *binding, const struct mapping_write *writes,
                         size_t count, const struct schema *schema, struct mapping_result *ret,
                         struct err *err)
{
    /* null_clears has already been applied to nulls among the writes. */
    static const struct destination_settings clears = {.null_clears = true};
    const char *object = binding->successor->object;
    struct mapping_result result = {.outcome = MAPPING_WRITE, .binding = binding, .object = object};
    struct work work = {
        .to = &clears,
        .binding = binding,
        .object = schema_object(schema, object),
        .record = {.result = &result},
    };

    if (work.object == NULL)
        record_reject(&work.record, "object_not_visible",
                      "This user cannot see the object %s in %s.", object,
                      bindings_of(&clears).integration);
    for (size_t i = 0; i < count && work.object != NULL; i++)
        if (!mapping_is_default(&writes[i]))
            take_write(&work, &writes[i]);
    record_finish(&work.record);
    if (work.record.no_memory) {
        mapping_result_done(&result);
        return err_memory(err);
    }
    *ret = result;
    return 0;
}
