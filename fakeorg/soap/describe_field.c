/* Writes one field of a describe result. */
#include "fakeorg/soap/describe.h"

#include <string.h>

#include "fakeorg/soap/xml_write.h"

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

/* Only booleans have a defaultValue; a picklist's default is marked in its entries. */
static void write_default(struct buf *out, const struct field_fact *fact)
{
    if (fact->type != FIELD_BOOLEAN)
        return;
    buf_format(out,
               "<defaultValue xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
               "xsi:type=\"xsd:boolean\">%s</defaultValue>",
               fact->fallback == NULL ? "false" : fact->fallback);
}

/* Elements that depend on more than the type. */
static const char *extra_of(const struct field_fact *fact)
{
    if (fact->type == FIELD_TEXTAREA)
        return "plaintextarea";
    return fact->compound != NULL && strcmp(fact->compound, "Name") == 0 ? "personname" : NULL;
}

/* Children in the order of the WSDL's Field. */
void describe_field(struct buf *out, const struct field *field)
{
    const struct field_fact *fact = &field->fact;
    const struct field_type_info *type = field_type_info(fact->type);
    bool is_name = strcmp(fact->name, "Name") == 0, is_long = field_has(field, UNFILTERED);
    bool is_list = is_long || fact->type == FIELD_MULTIPICKLIST; /* not sortable, not groupable */
    bool is_fraction = is_number(fact->type) && fact->type != FIELD_INT;
    bool polymorphic = fact->refs != NULL && strchr(fact->refs, '|') != NULL;
    char relationship[FIELD_NAME_MAX];

    buf_text(out, "<fields>");
    xml_boolean(out, "aggregatable", !is_list && type->kind != KIND_COMPOUND);
    xml_boolean(out, "aiPredictionField", false);
    xml_boolean(out, "autoNumber", false);
    xml_integer(out, "byteLength", length_of(fact) * (type->kind == KIND_ID ? 1 : 3));
    xml_boolean(out, "calculated", false);
    xml_boolean(out, "caseSensitive", field_has(field, CASED));
    if (fact->compound != NULL)
        xml_element(out, "compoundFieldName", fact->compound);
    xml_boolean(out, "createable", field_has(field, CREATE));
    xml_boolean(out, "custom", field_has(field, CUSTOM));
    write_default(out, fact);
    xml_boolean(out, "defaultedOnCreate", field_has(field, DEFAULTED));
    xml_boolean(out, "deprecatedAndHidden", false);
    xml_integer(out, "digits", fact->type == FIELD_INT ? fact->size : 0);
    xml_boolean(out, "externalId", field_has(field, EXTERNAL));
    if (extra_of(fact) != NULL)
        xml_element(out, "extraTypeInfo", extra_of(fact));
    xml_boolean(out, "filterable", !is_long);
    xml_boolean(out, "groupable", !is_list && !is_fraction && fact->type != FIELD_DATETIME);
    xml_boolean(out, "idLookup", field_has(field, LOOKUP));
    xml_element(out, "label", field->label);
    xml_integer(out, "length", length_of(fact));
    xml_element(out, "name", fact->name);
    xml_boolean(out, "nameField", is_name);
    if (fact->type == FIELD_REFERENCE)
        xml_boolean(out, "namePointing", polymorphic);
    xml_boolean(out, "nillable", field_has(field, NIL));
    xml_boolean(out, "permissionable", field_has(field, NIL) && field_has(field, RW));
    write_picklist(out, fact);
    xml_boolean(out, "polymorphicForeignKey", polymorphic);
    xml_integer(out, "precision", is_fraction ? fact->size : 0);
    xml_boolean(out, "queryByDistance", false);
    write_references(out, fact);
    if (field_relationship(field, relationship))
        xml_element(out, "relationshipName", relationship);
    xml_boolean(out, "restrictedPicklist", field_has(field, RESTRICTED));
    xml_integer(out, "scale", fact->scale);
    xml_boolean(out, "searchPrefilterable", false);
    xml_element(out, "soapType", type->soap);
    xml_boolean(out, "sortable", !is_list && type->kind != KIND_COMPOUND);
    xml_element(out, "type", type->name);
    xml_boolean(out, "unique", field_has(field, UNIQUE));
    xml_boolean(out, "updateable", field_has(field, UPDATE));
    buf_text(out, "</fields>");
}
