/* Sets a reference by a key of its target record. */
#include "fakeorg/soap/parent.h"

#include <string.h>
#include <strings.h>

#include "fakeorg/data/value.h"
#include "fakeorg/rules/keys.h"
#include "fakeorg/soap/sequence.h"

static struct field *reference_named(const struct object *object, const char *relationship)
{
    char name[FIELD_NAME_MAX];

    for (size_t i = 0; i < object->field_count; i++)
        if (!field_has(object->fields[i], HIDDEN) && field_relationship(object->fields[i], name) &&
            strcasecmp(name, relationship) == 0)
            return object->fields[i];
    return NULL;
}

/* Sets the reference to the only record with the key. */
static int set(const struct save_context *ctx, struct save *save, struct field *reference,
               struct object *object, struct field *key, const char *text)
{
    struct record *records[KEYS_MAX_NAMED];
    size_t count = 0;

    if (keys_find(ctx, object, key, text, records, &count) < 0)
        return -1;
    if (count == 0)
        return save_fail(ctx, save, "INVALID_FIELD", NULL,
                         "Foreign key external ID: %.255s not found for field %s in entity %s",
                         text, key->fact.name, object->name);
    if (count > 1)
        return keys_fail_several(ctx, save, key, records, count);
    return save_set(ctx, save, reference, records[0]->id);
}

int parent_read(struct soap_call *call, const struct save_context *ctx, struct save *save,
                const struct xml_node *node)
{
    struct field *reference = reference_named(save->object, node->name);
    const struct xml_node *type = node->first, *child = type->next;
    const char *text = NULL;

    if (reference == NULL)
        return call_unknown_field(call, save->object, node->name);
    struct object *object = xml_is(type, NS_SOBJECT, "type")
                                ? orgdata_object(call->request.service->org, type->text)
                                : NULL;
    if (object == NULL)
        return api_error_set(call->request.error, API_ERROR_SOBJECT, "INVALID_TYPE",
                             "Must send a concrete entity type.");
    while (child != NULL && child->nil)
        child = child->next; /* a nil Id, which the schema requires */
    if (child == NULL || child->next != NULL)
        return child == NULL ? 0 : sequence_misplaced(child->next, call->request.error);
    struct field *key = object_field(object, child->name);
    if (key == NULL || !field_has(key, LOOKUP))
        return call_unknown_field(call, object, child->name);
    if (value_decode(key, child->text, call->request.arena, &text, call->request.error) < 0)
        return -1;
    return text == NULL ? 0 : set(ctx, save, reference, object, key, text);
}
