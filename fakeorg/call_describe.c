#include "fakeorg/call.h"

#include <string.h>

#define MAX_OBJECTS 100

static void write_picklist(struct buf *out, const struct field_fact *fact)
{
    const char *at = fact->values;

    while (at != NULL && *at != '\0') {
        char value[256];
        size_t part = strcspn(at, "|"), len = part < sizeof value ? part : sizeof value - 1;
        memcpy(value, at, len);
        value[len] = '\0';
        buf_text(out, "<picklistValues>");
        xml_boolean(out, "active", true);
        xml_boolean(out, "defaultValue",
                    fact->fallback != NULL && strcmp(fact->fallback, value) == 0);
        xml_element(out, "label", value);
        xml_element(out, "value", value);
        buf_text(out, "</picklistValues>");
        at += part + (at[part] == '|');
    }
}

static void write_references(struct buf *out, const struct field_fact *fact)
{
    const char *at = fact->refs;

    while (at != NULL && *at != '\0') {
        size_t part = strcspn(at, "|");
        buf_format(out, "<referenceTo>%.*s</referenceTo>", (int)part, at);
        at += part + (at[part] == '|');
    }
}

static bool is_number(enum field_type type)
{
    return field_type_info(type)->kind == KIND_NUMBER;
}

static int length_of(const struct field_fact *fact)
{
    enum field_kind kind = field_type_info(fact->type)->kind;

    return kind == KIND_TEXT || kind == KIND_ID ? fact->size : 0;
}

/* Children in the order of the WSDL's Field. */
static void write_field(struct buf *out, const struct field *field)
{
    const struct field_fact *fact = &field->fact;
    const struct field_type_info *type = field_type_info(fact->type);
    bool is_name = strcmp(fact->name, "Name") == 0, is_long = field_has(field, UNFILTERED);
    bool is_fraction = is_number(fact->type) && fact->type != FIELD_INT;

    buf_text(out, "<fields>");
    xml_boolean(out, "aggregatable", !is_long && type->kind != KIND_COMPOUND);
    xml_boolean(out, "aiPredictionField", false);
    xml_boolean(out, "autoNumber", false);
    xml_integer(out, "byteLength", length_of(fact) * (type->kind == KIND_ID ? 1 : 3));
    xml_boolean(out, "calculated", false);
    xml_boolean(out, "caseSensitive", field_has(field, CASED));
    if (fact->compound != NULL)
        xml_element(out, "compoundFieldName", fact->compound);
    xml_boolean(out, "createable", field_has(field, CREATE));
    xml_boolean(out, "custom", field_has(field, CUSTOM));
    if (fact->type == FIELD_BOOLEAN)
        xml_boolean(out, "defaultValue", false);
    xml_boolean(out, "defaultedOnCreate", field_has(field, DEFAULTED));
    xml_boolean(out, "deprecatedAndHidden", false);
    xml_integer(out, "digits", fact->type == FIELD_INT ? fact->size : 0);
    xml_boolean(out, "externalId", field_has(field, EXTERNAL));
    xml_boolean(out, "filterable", !is_long);
    xml_boolean(out, "groupable", !is_long && !is_fraction && fact->type != FIELD_DATETIME);
    xml_boolean(out, "idLookup", field_has(field, LOOKUP));
    xml_element(out, "label", field->label);
    xml_integer(out, "length", length_of(fact));
    xml_element(out, "name", fact->name);
    xml_boolean(out, "nameField", is_name);
    xml_boolean(out, "nillable", field_has(field, NIL));
    xml_boolean(out, "permissionable", field_has(field, NIL) && field_has(field, RW));
    write_picklist(out, fact);
    xml_boolean(out, "polymorphicForeignKey",
                fact->refs != NULL && strchr(fact->refs, '|') != NULL);
    xml_integer(out, "precision", is_fraction ? fact->size : 0);
    xml_boolean(out, "queryByDistance", false);
    write_references(out, fact);
    xml_boolean(out, "restrictedPicklist", field_has(field, RESTRICTED));
    xml_integer(out, "scale", fact->scale);
    xml_boolean(out, "searchPrefilterable", false);
    xml_element(out, "soapType", type->soap);
    xml_boolean(out, "sortable", !is_long && type->kind != KIND_COMPOUND);
    xml_element(out, "type", type->name);
    xml_boolean(out, "unique", field_has(field, UNIQUE));
    xml_boolean(out, "updateable", field_has(field, UPDATE));
    buf_text(out, "</fields>");
}

/* Children in the order of the WSDL's DescribeSObjectResult. */
static void write_object(struct buf *out, const struct object *object)
{
    buf_text(out, "<result>");
    xml_boolean(out, "activateable", false);
    xml_nil(out, "associateEntityType");
    xml_nil(out, "associateParentEntity");
    xml_boolean(out, "compactLayoutable", true);
    xml_boolean(out, "createable", (object->permissions & MAY_CREATE) != 0);
    xml_boolean(out, "custom", false);
    xml_boolean(out, "customSetting", false);
    xml_boolean(out, "deepCloneable", false);
    xml_nil(out, "defaultImplementation");
    xml_boolean(out, "deletable", (object->permissions & MAY_DELETE) != 0);
    xml_boolean(out, "deprecatedAndHidden", false);
    xml_boolean(out, "feedEnabled", true);
    for (size_t i = 0; i < object->field_count; i++)
        if (!field_has(object->fields[i], HIDDEN))
            write_field(out, object->fields[i]);
    xml_boolean(out, "hasSubtypes", false);
    xml_boolean(out, "idEnabled", true);
    xml_nil(out, "implementedBy");
    xml_nil(out, "implementsInterfaces");
    xml_boolean(out, "isInterface", false);
    xml_boolean(out, "isSubtype", false);
    xml_element(out, "keyPrefix", object->prefix);
    xml_element(out, "label", object->name);
    xml_element(out, "labelPlural", object->plural);
    xml_boolean(out, "layoutable", true);
    xml_boolean(out, "mergeable", true);
    xml_boolean(out, "mruEnabled", true);
    xml_element(out, "name", object->name);
    xml_nil(out, "networkScopeFieldName");
    xml_boolean(out, "queryable", true);
    xml_boolean(out, "replicateable", true);
    xml_boolean(out, "retrieveable", true);
    xml_boolean(out, "searchLayoutable", true);
    xml_boolean(out, "searchable", true);
    xml_boolean(out, "triggerable", true);
    xml_boolean(out, "undeletable", true);
    xml_boolean(out, "updateable", (object->permissions & MAY_UPDATE) != 0);
    xml_nil(out, "urlDetail");
    xml_nil(out, "urlEdit");
    xml_nil(out, "urlNew");
    buf_text(out, "</result>");
}

int call_describe_sobjects(struct call *call)
{
    size_t count = 0;

    for (const struct xml_node *node = call->request->first; node != NULL; node = node->next) {
        if (!xml_is(node, NS_PARTNER, "sObjectType"))
            return fault_fill(call->fault, FAULT_CLIENT, NULL,
                              "Element {%s}%s invalid at this location", node->space, node->name);
        if (++count > MAX_OBJECTS)
            return fault_fill(call->fault, FAULT_UNEXPECTED, "EXCEEDED_ID_LIMIT",
                              "cannot describe more than %d objects in this call", MAX_OBJECTS);
        const struct object *object = orgdata_object(call->service->org, node->text);
        if (object == NULL)
            return fault_fill(call->fault, FAULT_SOBJECT, "INVALID_TYPE",
                              "sObject type '%s' is not supported.", node->text);
        write_object(call->out, object);
    }
    return 0;
}
