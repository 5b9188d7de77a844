/* The children of an sObject: fieldsToNull, Id and fields. */
#include "fakeorg/soap/decode.h"

#include <string.h>

#include "fakeorg/data/value.h"
#include "fakeorg/soap/parent.h"
#include "fakeorg/soap/sequence.h"

/* Fields are in the sObject namespace or, also accepted by the service, in none. */
static bool is_field(const struct xml_node *node)
{
    return strcmp(node->space, NS_SOBJECT) == 0 || node->space[0] == '\0';
}

static bool is_named(const struct xml_node *node, const char *name)
{
    return node != NULL && is_field(node) && strcmp(node->name, name) == 0;
}

/* The types allowed in xsi:type for a kind of field; a date may be sent as a dateTime,
   which is truncated. */
static const char *const wire_types[][7] = {
    [KIND_TEXT] = {"string", "ID"},
    [KIND_ID] = {"ID", "string"},
    [KIND_BOOLEAN] = {"boolean"},
    [KIND_NUMBER] = {"double", "int", "long", "short", "decimal", "float", "integer"},
    [KIND_TIME] = {"dateTime", "date", "time"},
    [KIND_COMPOUND] = {"address", "location"},
};

/* xsi:type is optional, but must match the field. */
static bool type_fits(const struct field *field, const char *type)
{
    const char *const *types = wire_types[field_type_info(field->fact.type)->kind];

    if (type == NULL || strcmp(type, "anyType") == 0)
        return true;
    for (size_t i = 0; i < sizeof wire_types[0] / sizeof wire_types[0][0] && types[i] != NULL; i++)
        if (strcmp(types[i], type) == 0)
            return true;
    return false;
}

/* The text of a field's element, without the time in the value of a date field. */
static const char *text_of(struct soap_call *call, const struct field *field,
                           const struct xml_node *node)
{
    const char *t = strchr(node->text, 'T');

    if (field->fact.type != FIELD_DATE || t == NULL || node->type == NULL ||
        strcmp(node->type, "dateTime") != 0)
        return node->text;
    return arena_text(call->request.arena, node->text, (size_t)(t - node->text));
}

/* value as text is stored, depending on quirks: in its case, with its white space. */
static const char *stored_text(struct soap_call *call, const struct field *field, const char *raw,
                               const char *value)
{
    bool email = field->fact.type == FIELD_EMAIL;

    if (field_type_info(field->fact.type)->kind != KIND_TEXT)
        return value;
    if (quirk_is(&call->request.quirks, QUIRK_TEXTS, "kept") && !email)
        return arena_text(call->request.arena, raw, strlen(raw));
    if (email && quirk_is(&call->request.quirks, QUIRK_EMAILS, "kept"))
        return arena_text(call->request.arena, raw + strspn(raw, " \t\r\n"), strlen(value));
    return value;
}

static int read_field(struct soap_call *call, const struct save_context *ctx, struct save *save,
                      const struct xml_node *node)
{
    struct field *field = object_field(save->object, node->name);
    const char *text = NULL;

    if (field == NULL && node->first != NULL)
        return parent_read(call, ctx, save, node);
    if (field == NULL)
        return call_unknown_field(call, save->object, node->name);
    if (!type_fits(field, node->type))
        return save_fail(ctx, save, "INVALID_TYPE_ON_FIELD_IN_RECORD", field->fact.name,
                         "%s: value not of required type: %s", field->label, node->text);
    if (!node->nil) {
        const char *raw = text_of(call, field, node);
        if (raw == NULL)
            return api_error_memory(call->request.error);
        if (value_decode(field, raw, call->request.arena, &text, call->request.error) < 0)
            return -1;
        if (text != NULL && (text = stored_text(call, field, raw, text)) == NULL)
            return api_error_memory(call->request.error);
    }
    /* Nil and empty elements clear nothing; fieldsToNull does. */
    if (text == NULL && !quirk_is(&call->request.quirks, QUIRK_NIL, "clears"))
        return 0;
    return save_set(ctx, save, field, text);
}

static int read_null(struct soap_call *call, const struct save_context *ctx, struct save *save,
                     const struct xml_node *node)
{
    struct field *field = object_field(save->object, node->text);

    return field == NULL ? call_unknown_field(call, save->object, node->text)
                         : save_set(ctx, save, field, NULL);
}

/* fieldsToNull, Id and fields; the first two before all fields, unless a quirk allows
   them anywhere. */
static int read_children(struct soap_call *call, const struct save_context *ctx, struct save *save,
                         const struct xml_node *child)
{
    bool lax = quirk_is(&call->request.quirks, QUIRK_FIELD_ORDER, "lax");
    bool id_seen = false, field_seen = false;
    int rc = 0;

    for (; child != NULL && rc == 0; child = child->next) {
        bool null = is_named(child, "fieldsToNull"), id = is_named(child, "Id");
        bool late = !lax && (field_seen || (id_seen && null));
        if (!is_field(child) || is_named(child, "type") || (id && id_seen) ||
            ((null || id) && late))
            return sequence_misplaced(child, call->request.error);
        if (id && !child->nil && child->text[0] != '\0')
            save->id_text = child->text;
        id_seen = id_seen || id;
        field_seen = field_seen || !(null || id);
        if (null && !child->nil) /* .NET sends this when none is to be cleared */
            rc = read_null(call, ctx, save, child);
        else if (!null && !id)
            rc = read_field(call, ctx, save, child);
    }
    return rc;
}

int save_decode(struct soap_call *call, const struct save_context *ctx, const struct xml_node *node,
                bool create, struct save *ret_save)
{
    const struct xml_node *type = node->first;

    *ret_save = (struct save){.create = create};
    if (!xml_is(type, NS_SOBJECT, "type"))
        return api_error_set(call->request.error, API_ERROR_SOBJECT, "INVALID_TYPE",
                             "Must send a concrete entity type.");
    ret_save->object = orgdata_object(call->request.service->org, type->text);
    if (ret_save->object == NULL)
        return api_error_set(call->request.error, API_ERROR_SOBJECT, "INVALID_TYPE",
                             "sObject type '%.200s' is not supported.", type->text);
    return read_children(call, ctx, ret_save, type->next);
}
