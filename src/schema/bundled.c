/* The standard objects from their tables, for use without an org. */
#include "schema/standard.h"

#include <string.h>

#include "base/mem.h"

static int add_picklist(struct schema_field *field, const char *values)
{
    size_t count = 1;

    for (const char *p = values; *p != '\0'; p++)
        count += *p == '|';
    field->picklist = mem_zero(count, sizeof(char *));
    if (field->picklist == NULL)
        return -1;
    while (field->picklist_count < count) {
        size_t len = strcspn(values, "|");
        char *value = mem_text_n(values, len);
        if (value == NULL)
            return -1;
        field->picklist[field->picklist_count++] = value;
        values += len + 1;
    }
    return 0;
}

static int add_field(struct schema_object *object, const struct standard_field *from)
{
    struct schema_field *field = schema_add_field(object, from->name);

    if (field == NULL)
        return -1;
    field->type = from->type;
    field->length = from->length;
    field->precision = from->precision;
    field->scale = from->scale;
    field->digits = from->digits;
    field->nillable = from->flags & NIL;
    field->createable = from->flags & CREATE;
    field->updateable = from->flags & UPDATE;
    field->filterable = from->flags & FILTER;
    field->defaulted_on_create = from->flags & DEFAULTED;
    field->restricted_picklist = from->flags & RESTRICTED;
    field->id_lookup = from->flags & ID_LOOKUP;
    return from->picklist == NULL ? 0 : add_picklist(field, from->picklist);
}

static int add_object(struct schema *schema, const struct standard_object *from)
{
    struct schema_object *object = schema_add_object(schema, from->name);

    if (object == NULL)
        return -1;
    object->createable = object->updateable = object->queryable = true;
    for (size_t i = 0; i < from->count; i++) {
        if (add_field(object, &from->fields[i]) < 0)
            return -1;
    }
    schema_object_sort(object);
    return 0;
}

struct schema *schema_standard(struct err *err)
{
    struct schema *schema = schema_new();

    if (schema == NULL || add_object(schema, &standard_lead) < 0 ||
        add_object(schema, &standard_account) < 0 || add_object(schema, &standard_contact) < 0) {
        schema_unref(schema);
        err_memory(err);
        return NULL;
    }
    return schema;
}
