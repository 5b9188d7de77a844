/* Writes one object of a describe result. */
#include "fakeorg/soap/describe.h"

#include <string.h>

#include "fakeorg/soap/xml_write.h"

/* The value of an element of the table below. */
enum element_value {
    NO,
    YES,
    CREATEABLE,
    UPDATEABLE,
    DELETABLE,
    NOTHING, /* nil */
    PREFIX,
    LABEL,
    PLURAL,
    NAME,
    FIELDS,
    CHILDREN,
    RECORD_TYPES,
    SCOPES
};

/* In the order of the WSDL; describeGlobal has those marked, describeSObjects all. */
static const struct {
    const char *name;
    enum element_value value;
    bool global;
} elements[] = {
    {"activateable", NO, true},
    {"associateEntityType", NOTHING, true},
    {"associateParentEntity", NOTHING, true},
    {"childRelationships", CHILDREN, false},
    {"compactLayoutable", YES, false},
    {"createable", CREATEABLE, true},
    {"custom", NO, true},
    {"customSetting", NO, true},
    {"deepCloneable", NO, true},
    {"defaultImplementation", NOTHING, false},
    {"deletable", DELETABLE, true},
    {"deprecatedAndHidden", NO, true},
    {"feedEnabled", YES, true},
    {"fields", FIELDS, false},
    {"hasSubtypes", NO, true},
    {"idEnabled", YES, true},
    {"implementedBy", NOTHING, false},
    {"implementsInterfaces", NOTHING, false},
    {"isInterface", NO, true},
    {"isSubtype", NO, true},
    {"keyPrefix", PREFIX, true},
    {"label", LABEL, true},
    {"labelPlural", PLURAL, true},
    {"layoutable", YES, true},
    {"mergeable", DELETABLE, true},
    {"mruEnabled", YES, true},
    {"name", NAME, true},
    {"networkScopeFieldName", NOTHING, false},
    {"queryable", YES, true},
    {"recordTypeInfos", RECORD_TYPES, false},
    {"replicateable", YES, true},
    {"retrieveable", YES, true},
    {"searchLayoutable", YES, false},
    {"searchable", YES, true},
    {"supportedScopes", SCOPES, false},
    {"triggerable", YES, true},
    {"undeletable", DELETABLE, true},
    {"updateable", UPDATEABLE, true},
    {"urlDetail", NOTHING, false},
    {"urlEdit", NOTHING, false},
    {"urlNew", NOTHING, false},
};

static bool leads_to(const struct field *field, const char *object)
{
    const char *at = field->fact.refs;
    size_t len = strlen(object);

    while (at != NULL && *at != '\0') {
        size_t part = strcspn(at, "|");
        if (part == len && memcmp(at, object, len) == 0)
            return true;
        at += part + (at[part] == '|');
    }
    return false;
}

/* Child relationship names that cannot be derived from a field's name. */
static const char *children_name(const struct object *child, const struct field *field)
{
    if (strcmp(field->fact.name, "AccountId") == 0)
        return child->plural;
    return strcmp(field->fact.name, "ParentId") == 0 ? "ChildAccounts" : NULL;
}

static void write_child(struct buf *out, const struct object *child, const struct field *field)
{
    const char *name = children_name(child, field);

    buf_text(out, "<childRelationships>");
    xml_boolean(out, "cascadeDelete", strcmp(field->fact.name, "AccountId") == 0);
    xml_element(out, "childSObject", child->name);
    xml_boolean(out, "deprecatedAndHidden", false);
    xml_element(out, "field", field->fact.name);
    if (name != NULL)
        xml_element(out, "relationshipName", name);
    xml_boolean(out, "restrictedDelete", false);
    buf_text(out, "</childRelationships>");
}

static void write_children(struct buf *out, const struct orgdata *org, const struct object *object)
{
    for (size_t i = 0; i < ORGDATA_OBJECTS; i++)
        for (size_t k = 0; k < org->objects[i].field_count; k++) {
            const struct field *field = org->objects[i].fields[k];
            if (field->fact.type == FIELD_REFERENCE && leads_to(field, object->name) &&
                !field_has(field, HIDDEN) && (org->objects[i].permissions & MAY_READ) != 0)
                write_child(out, &org->objects[i], field);
        }
}

/* The master record type, which every object has. */
static void write_record_types(struct buf *out)
{
    buf_text(out, "<recordTypeInfos><active>true</active><available>true</available>"
                  "<defaultRecordTypeMapping>true</defaultRecordTypeMapping>"
                  "<developerName>Master</developerName><master>true</master><name>Master</name>"
                  "<recordTypeId>012000000000000AAA</recordTypeId></recordTypeInfos>");
}

static void write_fields(struct buf *out, const struct object *object)
{
    for (size_t i = 0; i < object->field_count; i++)
        if (!field_has(object->fields[i], HIDDEN))
            describe_field(out, object->fields[i]);
}

static void write_element(struct buf *out, const struct orgdata *org, const struct object *object,
                          const char *name, enum element_value value)
{
    static const unsigned permissions[] = {
        [CREATEABLE] = MAY_CREATE, [UPDATEABLE] = MAY_UPDATE, [DELETABLE] = MAY_DELETE};

    switch (value) {
    case NO:
    case YES:
        xml_boolean(out, name, value == YES);
        break;
    case CREATEABLE:
    case UPDATEABLE:
    case DELETABLE:
        xml_boolean(out, name, (object->permissions & permissions[value]) != 0);
        break;
    case NOTHING:
        xml_nil(out, name);
        break;
    case PREFIX:
        xml_element(out, name, object->prefix);
        break;
    case LABEL:
    case NAME:
        xml_element(out, name, object->name);
        break;
    case PLURAL:
        xml_element(out, name, object->plural);
        break;
    case FIELDS:
        write_fields(out, object);
        break;
    case CHILDREN:
        write_children(out, org, object);
        break;
    case RECORD_TYPES:
        write_record_types(out);
        break;
    case SCOPES:
        buf_text(out, "<supportedScopes><label>All records</label><name>everything</name>"
                      "</supportedScopes><supportedScopes><label>My records</label>"
                      "<name>mine</name></supportedScopes>");
        break;
    }
}

void describe_object(struct buf *out, const struct orgdata *org, const struct object *object,
                     bool global)
{
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
        if (elements[i].global || !global)
            write_element(out, org, object, elements[i].name, elements[i].value);
}
