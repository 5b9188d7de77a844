#include "salesforce/soap/describe.h"

#include <limits.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "salesforce/soap/call.h"
#include "salesforce/soap/write.h"

void describe_write(struct buf *out, const struct org_connection *connection, const void *what)
{
    const struct describe *describe = what;

    soap_open(out, connection->session_id, connection->org->config.client_name);
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

        if (field_name == NULL || !soap_api_name(field_name))
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

        if (name != NULL && soap_api_name(name) && schema_object(schema, name) == NULL)
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

static int describe(struct org_connection *connection, const char *const *objects, size_t count,
                    struct schema **ret, struct org_fault *fault)
{
    struct describe what = {objects, count};
    struct call call = {.kind = CALL_DESCRIBE,
                        .answer = "describeSObjectsResponse",
                        .what = &what,
                        .write = describe_write};
    struct soap_doc *doc;
    struct schema *schema;
    struct err err = {0};

    if (count > DESCRIBE_MAX)
        return fault_set(fault, FAULT_FROM_CALL, FAULT_REQUEST_TOO_LARGE,
                         "at most %d objects in one describe", DESCRIBE_MAX);
    doc = call_run(connection, &call, fault);
    if (doc == NULL)
        return -1;
    schema = describe_read(soap_doc_content(doc), &what, &err);
    soap_doc_free(doc);
    if (schema == NULL)
        return call_unreadable(connection, &call, &err, fault);
    *ret = schema;
    return 0;
}

/* One more object for schema, hidden when the user cannot see it. */
static int describe_one(struct org_connection *connection, const char *object,
                        struct schema *schema, size_t *hidden, struct org_fault *fault)
{
    struct schema *one = NULL;
    struct schema_object *unseen;
    struct err err;
    int rc = 0;

    if (describe(connection, &object, 1, &one, fault) == 0) {
        rc = schema_move(schema, one, &err);
        schema->described_ms = one->described_ms;
        schema_unref(one);
    } else if (fault->class == ORG_STALE_SCHEMA) {
        unseen = schema_add_object(schema, object);
        if (unseen != NULL)
            unseen->hidden = true;
        else
            rc = err_memory(&err);
        ++*hidden;
    } else {
        return -1;
    }
    return rc == 0 ? 0 : fault_from_err(fault, &err);
}

static int describe_each(struct org_connection *connection, const char *const *objects,
                         size_t count, struct schema **ret, struct org_fault *fault)
{
    struct schema *schema = schema_new();
    size_t hidden = 0;
    struct err err;
    int rc = 0;

    if (schema == NULL) {
        err_memory(&err);
        return fault_from_err(fault, &err);
    }
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = describe_one(connection, objects[i], schema, &hidden, fault);
    if (rc == 0 && hidden < count) {
        *ret = schema;
        return 0;
    }
    schema_unref(schema);
    return -1;
}

int org_describe(struct org_connection *connection, const char *const *objects, size_t count,
                 struct schema **ret, struct org_fault *fault)
{
    if (describe(connection, objects, count, ret, fault) == 0)
        return 0;
    if (fault->class != ORG_STALE_SCHEMA || count < 2)
        return -1;
    return describe_each(connection, objects, count, ret,
                         fault); /* one unseen object faults them all */
}
