/* retrieve: writes records by Id. */
#include "fakeorg/soap/call_retrieve.h"

#include <ctype.h>
#include <string.h>

#include "fakeorg/soap/value_write.h"

#define MAX_IDS 2000

struct selection {
    struct object *object;
    struct field **fields;
    size_t count;
};

static int add_field(struct soap_call *call, struct selection *selection, const char *name)
{
    struct field *field = object_field(selection->object, name);

    if (field == NULL)
        return call_unknown_field(call, selection->object, name);
    for (size_t i = 0; i < selection->count; i++)
        if (selection->fields[i] == field)
            return api_error_set(call->request.error, API_ERROR_FIELD, "INVALID_FIELD",
                                 "duplicate field selected: %s", field->fact.name);
    selection->fields[selection->count++] = field;
    return 0;
}

/* "Id, LastName,Email" */
static int read_fields(struct soap_call *call, const char *list, struct selection *selection)
{
    size_t capacity = 1;

    for (const char *c = list; *c != '\0'; c++)
        capacity += *c == ',';
    selection->fields = arena_take(call->request.arena, capacity * sizeof(struct field *));
    if (selection->fields == NULL)
        return api_error_memory(call->request.error);
    for (;;) {
        list += strspn(list, " \t\r\n");
        size_t part = strcspn(list, ","), len = part;
        while (len > 0 && isspace((unsigned char)list[len - 1]))
            len--;
        char *name = arena_text(call->request.arena, list, len);
        if (name == NULL)
            return api_error_memory(call->request.error);
        if (add_field(call, selection, name) < 0)
            return -1;
        if (list[part] == '\0')
            return 0;
        list += part + 1;
    }
}

/* Id comes first and once (recorded), nil if it was not requested. */
static void write_record(struct soap_call *call, const struct selection *selection,
                         const struct record *record)
{
    bool has_id = false;

    for (size_t i = 0; i < selection->count; i++)
        has_id = has_id || selection->fields[i]->fact.type == FIELD_ID;
    buf_format(call->out, "<result xsi:type=\"sf:sObject\"><sf:type>%s</sf:type>",
               selection->object->name);
    xml_element(call->out, "sf:Id", has_id ? record->id : NULL);
    for (size_t i = 0; i < selection->count; i++)
        if (selection->fields[i]->fact.type != FIELD_ID)
            value_write_of(call->out, record, selection->fields[i]);
    buf_text(call->out, "</result>");
}

/* Nil for records that are missing, deleted, or of another object. */
static int write_ids(struct soap_call *call, const struct selection *selection,
                     const struct xml_node *node)
{
    char id[ID_MAX];
    size_t count = 0;

    for (; node != NULL; node = node->next) {
        if (++count > MAX_IDS)
            return api_error_set(
                call->request.error, API_ERROR_UNEXPECTED, "EXCEEDED_ID_LIMIT",
                "record limit reached. cannot retrieve more than %d records in this "
                "call",
                MAX_IDS);
        if (!id_read(node->text, strlen(node->text), id))
            return api_error_set(call->request.error, API_ERROR_ID, "MALFORMED_ID",
                                 "malformed id %.200s", node->text);
        const struct record *record = orgdata_record(call->request.service->org, id);
        if (record == NULL || record->deleted || record->object != selection->object)
            xml_nil(call->out, "result");
        else
            write_record(call, selection, record);
    }
    call->request.records += count;
    return 0;
}

int call_retrieve(struct soap_call *call)
{
    const struct xml_node *list = call->body->first, *type = list->next;
    struct selection selection = {0};

    selection.object = orgdata_object(call->request.service->org, type->text);
    if (selection.object == NULL)
        return api_error_set(call->request.error, API_ERROR_SOBJECT, "INVALID_TYPE",
                             "sObject type '%.200s' is not supported.", type->text);
    if (read_fields(call, list->text, &selection) < 0)
        return -1;
    return write_ids(call, &selection, type->next);
}
