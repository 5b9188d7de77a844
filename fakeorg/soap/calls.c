#include "fakeorg/soap/call.h"

#include <string.h>

static const struct soap_operation operations[OPERATIONS] = {
    [OPERATION_LOGIN] = {call_login, H_CALL | H_LOGIN_SCOPE, {"!username", "!password"}},
    [OPERATION_LOGOUT] = {call_logout, H_ANY_CALL, {NULL}},
    [OPERATION_USER_INFO] = {call_get_user_info, H_ANY_CALL, {NULL}},
    [OPERATION_TIMESTAMP] = {call_get_server_timestamp, H_ANY_CALL, {NULL}},
    [OPERATION_DESCRIBE_ALL] = {call_describe_global, H_DESCRIBE, {NULL}},
    [OPERATION_DESCRIBE] = {call_describe_sobjects, H_DESCRIBE | H_LOCALE, {"*sObjectType"}},
    [OPERATION_QUERY] = {call_query, H_ANY_CALL | H_QUERY | H_MRU | H_PACKAGE, {"!queryString"}},
    [OPERATION_QUERY_ALL] = {call_query_all, H_ANY_CALL | H_QUERY, {"!queryString"}},
    [OPERATION_QUERY_MORE] = {call_query_more, H_ANY_CALL | H_QUERY, {"!queryLocator"}},
    [OPERATION_RETRIEVE] = {call_retrieve,
                            H_ANY_CALL | H_QUERY | H_MRU | H_PACKAGE,
                            {"!fieldList", "!sObjectType", "*ids"}},
    [OPERATION_CREATE] = {call_create, H_CREATE, {"*sObjects"}},
    [OPERATION_UPDATE] = {call_update, H_UPDATE, {"*sObjects"}},
    [OPERATION_UPSERT] = {call_upsert, H_UPDATE, {"!externalIDFieldName", "*sObjects"}},
    [OPERATION_DELETE] = {call_delete, H_DELETE, {"*ids"}},
    [OPERATION_CONVERT_LEAD] = {call_convert_lead, H_ANY_CHANGE, {"*leadConverts"}},
};

const struct soap_operation *soap_operation(enum operation operation)
{
    return &operations[operation];
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
