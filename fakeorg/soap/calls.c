#include "fakeorg/soap/call.h"

#include <string.h>

static const struct operation operations[] = {
    {"login", call_login, H_CALL | H_LOGIN_SCOPE, {"!username", "!password"}, true},
    {"logout", call_logout, H_ANY_CALL, {NULL}, false},
    {"getUserInfo", call_get_user_info, H_ANY_CALL, {NULL}, false},
    {"getServerTimestamp", call_get_server_timestamp, H_ANY_CALL, {NULL}, false},
    {"describeGlobal", call_describe_global, H_DESCRIBE, {NULL}, false},
    {"describeSObjects", call_describe_sobjects, H_DESCRIBE | H_LOCALE, {"*sObjectType"}, false},
    {"query", call_query, H_ANY_CALL | H_QUERY | H_MRU | H_PACKAGE, {"!queryString"}, false},
    {"queryAll", call_query_all, H_ANY_CALL | H_QUERY, {"!queryString"}, false},
    {"queryMore", call_query_more, H_ANY_CALL | H_QUERY, {"!queryLocator"}, false},
    {"retrieve",
     call_retrieve,
     H_ANY_CALL | H_QUERY | H_MRU | H_PACKAGE,
     {"!fieldList", "!sObjectType", "*ids"},
     false},
    {"create", call_create, H_CREATE, {"*sObjects"}, false},
    {"update", call_update, H_UPDATE, {"*sObjects"}, false},
    {"upsert", call_upsert, H_UPDATE, {"!externalIDFieldName", "*sObjects"}, false},
    {"delete", call_delete, H_DELETE, {"*ids"}, false},
    {"convertLead", call_convert_lead, H_ANY_CHANGE, {"*leadConverts"}, false},
};

#define OPERATIONS (sizeof operations / sizeof operations[0])
_Static_assert(OPERATIONS < QUOTA_OPERATIONS, "quota.h counts too few operations");

const struct operation *operation_named(const char *name)
{
    for (size_t i = 0; i < OPERATIONS; i++)
        if (strcmp(operations[i].name, name) == 0)
            return &operations[i];
    return NULL;
}

size_t operation_position(const struct operation *operation)
{
    return operation == NULL ? OPERATIONS : (size_t)(operation - operations);
}

size_t operations_count(void)
{
    return OPERATIONS;
}

const char *operation_name(size_t position)
{
    return position < OPERATIONS ? operations[position].name : "unknown";
}

const char *call_argument(struct call *call, const char *name)
{
    const struct xml_node *node = xml_child(call->request, NS_PARTNER, name);

    if (node == NULL || node->nil) {
        api_error_set(call->error, API_ERROR_CLIENT, NULL, "%s: missing required element %s",
                      call->request->name, name);
        return NULL;
    }
    return node->text;
}

int call_unknown_field(struct call *call, const struct object *object, const char *name)
{
    api_error_set(call->error, API_ERROR_FIELD, "INVALID_FIELD",
                  "No such column '%.200s' on entity '%s'. If you are attempting to use a "
                  "custom field, be sure to append the '__c' after the custom field name. "
                  "Please reference your WSDL or the describe call for the appropriate names.",
                  name, object->name);
    if (switch_is(&call->switches, SWITCH_FIELD_PLACE, "1"))
        call->error->row = call->error->column = 1;
    return -1;
}
