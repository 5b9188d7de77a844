/* Walks the children of an element along the list of allowed ones. */
#include "fakeorg/soap/sequence.h"

#include <string.h>

#include "fakeorg/soap/xml_write.h"

int sequence_misplaced(const struct xml_node *node, struct api_error *error)
{
    return api_error_set(error, API_ERROR_CLIENT, NULL, "Element {%s}%s invalid at this location",
                         node->space, node->name);
}

int sequence_check(const struct xml_node *node, const char *const children[SEQUENCE_MAX],
                   struct api_error *error)
{
    const struct xml_node *child = node->first;

    for (size_t i = 0; i < SEQUENCE_MAX && children[i] != NULL; i++) {
        const char *name = children[i] + strspn(children[i], "!*");
        if (children[i][0] == '!' && !xml_is(child, NS_PARTNER, name)) {
            /* Distinguishes an element that is out of order from one that is missing. */
            if (xml_child(node, NS_PARTNER, name) != NULL)
                break;
            return api_error_set(error, API_ERROR_CLIENT, NULL, "%s: missing required element %s",
                                 node->name, name);
        }
        while (xml_is(child, NS_PARTNER, name)) {
            child = child->next;
            if (children[i][0] != '*')
                break;
        }
    }
    return child == NULL ? 0 : sequence_misplaced(child, error);
}
