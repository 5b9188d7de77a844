/* Describes objects by name, or all of them in brief. */
#include "fakeorg/soap/call_describe.h"

#include "fakeorg/soap/describe.h"

#define MAX_OBJECTS 100

static int describe_one(struct soap_call *call, const char *name)
{
    const struct object *object = orgdata_object(call->request.service->org, name);

    if (object == NULL)
        return api_error_set(call->request.error, API_ERROR_SOBJECT, "INVALID_TYPE",
                             "sObject type '%.200s' is not supported.", name);
    buf_text(call->out, "<result>");
    describe_object(call->out, call->request.service->org, object, false);
    buf_text(call->out, "</result>");
    return 0;
}

int call_describe_sobjects(struct soap_call *call)
{
    size_t count = 0;

    for (const struct xml_node *node = call->body->first; node != NULL; node = node->next) {
        if (++count > MAX_OBJECTS)
            return api_error_set(call->request.error, API_ERROR_UNEXPECTED, "EXCEEDED_ID_LIMIT",
                                 "cannot describe more than %d objects in this call", MAX_OBJECTS);
        if (describe_one(call, node->text) < 0)
            return -1;
    }
    return 0;
}

int call_describe_global(struct soap_call *call)
{
    buf_text(call->out, "<result>");
    xml_element(call->out, "encoding", "UTF-8");
    xml_integer(call->out, "maxBatchSize", CALL_MAX_RECORDS);
    for (size_t i = 0; i < ORGDATA_OBJECTS; i++) {
        const struct object *object = &call->request.service->org->objects[i];
        if ((object->permissions & MAY_READ) == 0)
            continue;
        buf_text(call->out, "<sobjects>");
        describe_object(call->out, call->request.service->org, object, true);
        buf_text(call->out, "</sobjects>");
    }
    buf_text(call->out, "</result>");
    return 0;
}
