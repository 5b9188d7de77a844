/* The table of the SOAP API's operations. */
#include "fakeorg/soap/calls.h"

#include "fakeorg/soap/call_login.h"
#include "fakeorg/soap/call_describe.h"
#include "fakeorg/soap/call_query.h"
#include "fakeorg/soap/call_retrieve.h"
#include "fakeorg/soap/call_save.h"
#include "fakeorg/soap/call_delete.h"
#include "fakeorg/soap/call_convert.h"

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
