/* What operations of the SOAP API have in common. */
#include "fakeorg/soap/soap_call.h"

struct save_context soap_save_context(const struct soap_call *call)
{
    struct save_context ctx = request_save_context(&call->request);

    ctx.all_or_none = call->headers.all_or_none;
    ctx.truncate = call->headers.truncate;
    ctx.allow_save = call->headers.allow_save;
    ctx.use_default_rule = call->headers.use_default_rule;
    ctx.assignment_rule_id = call->headers.assignment_rule_id;
    return ctx;
}

const char *call_argument(struct soap_call *call, const char *name)
{
    const struct xml_node *node = xml_child(call->body, NS_PARTNER, name);

    if (node == NULL || node->nil) {
        api_error_set(call->request.error, API_ERROR_CLIENT, NULL,
                      "%s: missing required element %s", call->body->name, name);
        return NULL;
    }
    return node->text;
}

int call_unknown_field(struct soap_call *call, const struct object *object, const char *name)
{
    api_error_set(call->request.error, API_ERROR_FIELD, "INVALID_FIELD",
                  "No such column '%.200s' on entity '%s'. If you are attempting to use a "
                  "custom field, be sure to append the '__c' after the custom field name. "
                  "Please reference your WSDL or the describe call for the appropriate names.",
                  name, object->name);
    if (quirk_is(&call->request.quirks, QUIRK_FIELD_PLACE, "1"))
        call->request.error->row = call->request.error->column = 1;
    return -1;
}
