/* fault: code and message of a SOAP Fault. */
#include "salesforce/soap/fault.h"

#include <string.h>

static const char *text_of(const struct soap_node *node, const char *name)
{
    const struct soap_node *child = soap_child(node, SOAP_ANY, name);

    return child != NULL && !child->nil && child->text[0] != '\0' ? child->text : NULL;
}

int soap_fault_read(struct org_fault *fault, enum fault_from from, const struct soap_node *node)
{
    const struct soap_node *detail = soap_child(node, SOAP_ANY, "detail");
    const char *code = NULL, *message = NULL, *prefixed;

    for (detail = detail != NULL ? detail->first : NULL; detail != NULL && code == NULL;
         detail = detail->next) {
        code = text_of(detail, "exceptionCode");
        message = text_of(detail, "exceptionMessage");
    }
    if (code == NULL) {
        prefixed = text_of(node, "faultcode");
        code = prefixed != NULL && strchr(prefixed, ':') != NULL ? strchr(prefixed, ':') + 1
                                                                 : prefixed;
    }
    if (message == NULL)
        message = text_of(node, "faultstring");
    return fault_fill(fault, from, code != NULL ? code : "Server", message != NULL ? message : "");
}
