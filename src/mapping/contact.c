/* What was meant for a Lead, for the Contact it became. */
#include "mapping/mapping.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "mapping/rules.h"
#include "mapping/work.h"

/* A value once converted, as something to convert again: the Contact's field of the same
   name may be shorter or of another type. */
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
        .text = (char *)text, /* lent: never freed as found */
        .len = text == NULL ? 0 : strlen(text),
        .trait = write->trait,
    };
}

/* NULL when the Contact has none. */
static const struct schema_field *contact_field(const struct schema_object *contact,
                                                const char *lead)
{
    const struct schema_field *field;

    for (size_t i = 0; i < rules_contact_count; i++) {
        if (strcasecmp(rules_contact[i].lead, lead) == 0)
            return rules_contact[i].contact == NULL
                       ? NULL
                       : schema_field(contact, rules_contact[i].contact);
    }
    field = schema_field(contact, lead);
    return field != NULL && field->custom ? field : NULL;
}

static void take_write(struct work *work, const struct mapping_write *write)
{
    const struct schema_field *field = contact_field(work->object, write->field);
    struct found found = found_again(write);

    if (field == NULL)
        record_note(&work->record, write->trait, "not_on_contact",
                    "A Contact has no field for %s of the Lead.", write->field);
    else if (!field->updateable)
        record_note(&work->record, write->trait, "not_writable",
                    "%s of Contact cannot be set by this user.", field->name);
    else if (!record_has(&work->record, field->name))
        work_put(work, field, &found);
}

int mapping_to_contact(const struct mapping_write *writes, size_t count,
                       const struct schema *schema, struct mapping_result *ret, struct err *err)
{
    /* A null among the writes was let through by null_clears already. */
    static const struct destination_settings clears = {.null_clears = true};
    struct mapping_result result = {.outcome = MAPPING_WRITE, .object = "Contact"};
    struct work work = {
        .to = &clears,
        .object = schema_object(schema, "Contact"),
        .record = {.result = &result},
    };

    if (work.object == NULL)
        record_reject(&work.record, "object_not_visible",
                      "This user cannot see the object Contact in Salesforce.");
    for (size_t i = 0; i < count && work.object != NULL; i++) {
        bool filler = writes[i].create_only && writes[i].trait[0] == '\0';
        if (!filler)
            take_write(&work, &writes[i]);
    }
    record_finish(&work.record);
    if (work.record.no_memory) {
        mapping_result_done(&result);
        return err_memory(err);
    }
    *ret = result;
    return 0;
}
