/* Which binding an event uses, and the steps from a value that was found to a field. */
#include "mapping/work.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "event/optin.h"
#include "event/traits.h"
#include "mapping/text.h"

#define MAX_CONDITION 256 /* bytes of a text that a binding asks for */

/* Beside its type. */
static bool condition_holds(const struct binding_condition *condition, const struct event *event)
{
    const struct doc_node *node;
    char text[MAX_CONDITION];

    if (condition->trait == NULL)
        return true;
    node = traits_find(&event->doc, event->traits, condition->trait);
    return node != NULL && doc_text_into(&event->doc, node, text, sizeof text) &&
           strcmp(text, condition->is) == 0;
}

struct choice work_choose(const struct event *event, const struct destination_settings *to)
{
    const struct bindings bindings = bindings_of(to);
    struct choice skip = {.outcome = MAPPING_SKIP, .reason = "type_not_used"};

    if (!to->always_enabled) {
        struct optin optin = optin_read(event, bindings.integration);
        if (!optin.in) {
            skip.reason = optin.reason;
            skip.detail = optin.note;
            return skip;
        }
    }
    for (size_t i = 0; i < bindings.count; i++) {
        const struct binding *binding = &bindings.list[i];
        if (binding->event != event->type || !condition_holds(&binding->condition, event))
            continue;
        if (binding_is_on(binding, to))
            return (struct choice){MAPPING_WRITE, NULL, NULL, bindings.integration, binding};
        skip.reason = binding->version.reason;
        skip.detail = binding->version.detail;
    }
    return skip;
}

const struct settings_row *work_rows(const struct work *work, size_t *ret_count)
{
    return binding_rows(&work->binding->field_rows, work->to, ret_count);
}

const char *work_rows_key(const struct work *work)
{
    const char *key = work->binding->field_rows.key;

    return key != NULL ? key : "the settings";
}

const struct settings_row *work_lookup_rows(const struct work *work, size_t *ret_count)
{
    return binding_rows(&work->binding->lookup_rows, work->to, ret_count);
}

const struct schema_field *work_field(const struct work *work, const char *name,
                                      struct schema_field *made)
{
    const struct schema_field *field = schema_field(work->object, name);
    size_t len = strlen(name);

    if (field != NULL || !work->untyped_custom || len < 4 || strcasecmp(name + len - 3, "__c") != 0)
        return field;
    *made = (struct schema_field){
        .name = (char *)name, /* borrowed: only read while the field is written */
        .type = FIELD_UNTYPED,
        .custom = true,
        .nillable = true,
        .createable = true,
        .updateable = true,
        .filterable = true,
    };
    return made;
}

char *work_name(const struct doc *doc, const struct doc_node *member)
{
    bool removed;
    size_t len = 0;
    char *key = doc_key(doc, member, &len);
    char *name = key == NULL ? NULL : text_clean(key, len, TEXT_ONE_LINE, &removed);

    mem_free(key);
    return name;
}

bool work_writable(const struct schema_field *field, bool *ret_create_only)
{
    *ret_create_only = !field->updateable;
    return field->createable && field->type != FIELD_ID && field->type != FIELD_ADDRESS &&
           field->type != FIELD_OTHER;
}

bool work_convert(struct work *work, const struct schema_field *field, const struct found *found,
                  struct conversion *ret)
{
    struct record *record = &work->record;

    if (value_convert(found, field, ret) < 0) {
        record->no_memory = true;
        return false;
    }
    if (ret->cleaned)
        record_note(record, found->trait, "control_characters",
                    "Characters that XML cannot carry were removed.");
    if (ret->refused != NULL && strcmp(ret->refused, "not_in_picklist") == 0)
        record_note(record, found->trait, ret->refused, "%s takes only the values in its list.",
                    field->name);
    else if (ret->refused != NULL)
        record_note(record, found->trait, ret->refused, "%s takes %s.", field->name,
                    value_takes(field->type));
    else if (ret->dropped)
        record_note(record, found->trait, "not_in_picklist", "%s got only the values in its list.",
                    field->name);
    if (ret->refused == NULL && ret->truncated)
        record_note(record, found->trait, "truncated", "%s takes %d characters.", field->name,
                    field->length);
    return ret->refused == NULL;
}

static void put_null(struct work *work, const struct schema_field *field, const char *trait,
                     bool create_only)
{
    if (!work->to->null_clears)
        record_note(&work->record, trait, "null_left_out",
                    "%s stays as it is; null clears a field only with null_clears.", field->name);
    else if (!field->nillable || field->type == FIELD_BOOLEAN)
        record_note(&work->record, trait, "null_left_out", "%s cannot be empty.", field->name);
    else
        record_write(&work->record, field->name, (struct mapping_value){.kind = VALUE_NULL}, trait,
                     create_only);
}

void work_put(struct work *work, const struct schema_field *field, const struct found *found)
{
    struct conversion conversion;
    bool create_only;

    if (found->kind == FOUND_NOTHING)
        return;
    if (!work_writable(field, &create_only)) {
        record_note(&work->record, found->trait, "not_writable", "%s cannot be set%s.", field->name,
                    field->updateable ? " on create" : " by this user");
        return;
    }
    if (found->kind == FOUND_NULL)
        put_null(work, field, found->trait, create_only);
    else if (work_convert(work, field, found, &conversion))
        record_write(&work->record, field->name, conversion.value, found->trait, create_only);
}
