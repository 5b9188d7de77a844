/* describe: describeSObjects() into a schema. */
#include "salesforce/soap/describe.h"

#include <limits.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "salesforce/names.h"
#include "salesforce/soap/call.h"
#include "salesforce/soap/write.h"

void describe_write(struct buf *out, const struct org_connection *connection, const void *what)
{
    const struct describe *describe = what;

    soap_open(out, connection->session.id, connection->org->config.client_name);
    soap_body(out);
    buf_text(out, "<p:describeSObjects>");
    for (size_t i = 0; i < describe->count; i++)
        soap_partner(out, "sObjectType", describe->objects[i]);
    buf_text(out, "</p:describeSObjects>");
    soap_close(out);
}

static int read_number(const struct soap_node *node, const char *name)
{
    return (int)soap_child_number(node, name, INT_MAX, 0);
}

/* The active values; the inactive ones are refused by a restricted picklist. */
static int read_picklist(const struct soap_node *node, struct schema_field *field)
{
    size_t count = 0;
    const struct soap_node *entry;

    for (entry = soap_child(node, SOAP_PARTNER, "picklistValues"); entry != NULL;
         entry = soap_again(entry))
        count++;
    if (count == 0)
        return 0;
    field->picklist = mem_zero(count, sizeof *field->picklist);
    if (field->picklist == NULL)
        return -1;
    for (entry = soap_child(node, SOAP_PARTNER, "picklistValues"); entry != NULL;
         entry = soap_again(entry)) {
        const char *value = soap_child_text(entry, "value");

        if (value == NULL || !soap_child_true(entry, "active"))
            continue;
        field->picklist[field->picklist_count] = mem_text(value);
        if (field->picklist[field->picklist_count] == NULL)
            return -1;
        field->picklist_count++;
    }
    return 0;
}

static int read_field(const struct soap_node *node, struct schema_field *field)
{
    const char *label = soap_child_text(node, "label");
    const char *type = soap_child_text(node, "type");

    field->type = field_type_parse(type != NULL ? type : "");
    field->length = read_number(node, "length");
    field->precision = read_number(node, "precision");
    field->scale = read_number(node, "scale");
    field->digits = read_number(node, "digits");
    field->custom = soap_child_true(node, "custom");
    field->nillable = soap_child_true(node, "nillable");
    field->createable = soap_child_true(node, "createable");
    field->updateable = soap_child_true(node, "updateable");
    field->filterable = soap_child_true(node, "filterable");
    field->defaulted_on_create = soap_child_true(node, "defaultedOnCreate");
    field->restricted_picklist = soap_child_true(node, "restrictedPicklist");
    field->id_lookup = soap_child_true(node, "idLookup");
    field->external_id = soap_child_true(node, "externalId");
    field->unique = soap_child_true(node, "unique");
    field->case_sensitive = soap_child_true(node, "caseSensitive");
    if (label != NULL) {
        field->label = mem_text(label);
        if (field->label == NULL)
            return -1;
    }
    return read_picklist(node, field);
}

static int read_object(const struct soap_node *node, const char *name, struct schema *schema,
                       struct err *err)
{
    struct schema_object *object = schema_add_object(schema, name);
    const struct soap_node *child;

    if (object == NULL)
        return err_memory(err);
    object->createable = soap_child_true(node, "createable");
    object->updateable = soap_child_true(node, "updateable");
    object->queryable = soap_child_true(node, "queryable");
    for (child = soap_child(node, SOAP_PARTNER, "fields"); child != NULL;
         child = soap_again(child)) {
        const char *field_name = soap_child_text(child, "name");
        struct schema_field *field;

        if (field_name == NULL || !names_valid(field_name))
            continue;
        field = schema_add_field(object, field_name);
        if (field == NULL || read_field(child, field) < 0)
            return err_memory(err);
    }
    schema_object_sort(object);
    return 0;
}

struct schema *describe_read(const struct soap_node *response, const struct describe *what,
                             struct err *err)
{
    struct schema *schema = schema_new();
    const struct soap_node *result;
    int rc = schema != NULL ? 0 : err_memory(err);

    for (result = soap_child(response, SOAP_PARTNER, "result"); rc == 0 && result != NULL;
         result = soap_again(result)) {
        const char *name = soap_child_text(result, "name");

        if (name != NULL && names_valid(name) && schema_object(schema, name) == NULL)
            rc = read_object(result, name, schema, err);
    }
    for (size_t i = 0; rc == 0 && i < what->count; i++)
        if (schema_object(schema, what->objects[i]) == NULL)
            rc = err_set(err, ERR_INVALID, "the describe lacks the object %s", what->objects[i]);
    if (rc == 0) {
        schema->described_ms = clock_steady();
        return schema;
    }
    schema_unref(schema);
    return NULL;
}

int soap_describe(struct org_connection *connection, const char *const *objects, size_t count,
                  struct schema **ret, struct org_fault *fault)
{
    struct describe what = {objects, count};
    struct soap_call call = {.kind = REQUEST_DESCRIBE,
                             .answer = "describeSObjectsResponse",
                             .what = &what,
                             .write = describe_write};
    struct soap_doc *doc;
    struct schema *schema;
    struct err err = {0};

    if (count > DESCRIBE_MAX)
        return fault_set(fault, FAULT_FROM_CALL, FAULT_REQUEST_TOO_LARGE,
                         "at most %d objects in one describe", DESCRIBE_MAX);
    doc = soap_call_run(connection, &call, fault);
    if (doc == NULL)
        return -1;
    schema = describe_read(soap_doc_content(doc), &what, &err);
    soap_doc_free(doc);
    if (schema == NULL)
        return soap_call_unreadable(connection, &call, &err, fault);
    *ret = schema;
    return 0;
}
