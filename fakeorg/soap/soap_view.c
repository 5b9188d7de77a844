/* The children of a request's element are its parts: sObjects, ids and arguments. */
#include "fakeorg/soap/soap_view.h"

#include <string.h>
#include <strings.h>

static const void *next(const void *part)
{
    const struct xml_node *node = part;

    return node->next;
}

static bool is_record(const void *part)
{
    const struct xml_node *node = part;

    return strcmp(node->name, "sObjects") == 0 || strcmp(node->name, "ids") == 0;
}

/* The Id of an sObject, or the text of an ids element. */
static const char *id(const void *part)
{
    const struct xml_node *node = part;
    const char *text = node->text;

    for (const struct xml_node *child = node->first; child != NULL; child = child->next)
        if (strcmp(child->name, "Id") == 0)
            text = child->text;
    return text;
}

static const char *value(const void *part, const char *field)
{
    const struct xml_node *node = part;

    for (const struct xml_node *child = node->first; child != NULL; child = child->next)
        if (strcasecmp(child->name, field) == 0)
            return child->text;
    return strcmp(node->name, field) == 0 ? node->text : NULL;
}

struct request_view soap_view(const struct xml_node *request, enum operation operation)
{
    return (struct request_view){.operation = operation,
                                 .first = request->first,
                                 .next = next,
                                 .is_record = is_record,
                                 .id = id,
                                 .value = value};
}
