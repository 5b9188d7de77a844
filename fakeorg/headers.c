#include "fakeorg/headers.h"

#include <stdlib.h>
#include <string.h>

#include "fakeorg/ids.h"
#include "fakeorg/xml_write.h"

#define BATCH_DEFAULT 2000
#define BATCH_LEAST   200
#define BATCH_MOST    2000
#define MAX_CHILDREN  4

/* Children in the order of the WSDL; "!" before one that must stand, "*" before
   one that may stand more than once. */
static const struct {
    const char *name;
    const char *children[MAX_CHILDREN];
} declared[] = {
    {"SessionHeader", {"!sessionId"}},
    {"CallOptions", {"!client", "!defaultNamespace"}},
    {"QueryOptions", {"batchSize"}},
    {"AllOrNoneHeader", {"!allOrNone"}},
    {"AssignmentRuleHeader", {"!assignmentRuleId", "!useDefaultRule"}},
    {"AllowFieldTruncationHeader", {"!allowFieldTruncation"}},
    {"DuplicateRuleHeader", {"!allowSave", "!includeRecordDetails", "!runAsCurrentUser"}},
    {"EmailHeader", {"!triggerAutoResponseEmail", "!triggerOtherEmail", "!triggerUserEmail"}},
    {"MruHeader", {"!updateMru"}},
    {"DisableFeedTrackingHeader", {"!disableFeedTracking"}},
    {"StreamingEnabledHeader", {"!streamingEnabled"}},
    {"LocaleOptions", {"language", "localizeErrors"}},
    {"OwnerChangeOptions", {"*options"}},
    {"PackageVersionHeader", {"*packageVersions"}},
    {"DebuggingHeader", {"*categories", "!debugLevel"}},
    {"LoginScopeHeader", {"!organizationId", "portalId"}},
    {"UserTerritoryDeleteHeader", {"!transferToUserId"}},
};

static int check_children(const struct xml_node *header, const char *const *children,
                          struct fault *fault)
{
    const struct xml_node *child = header->first;

    for (size_t i = 0; i < MAX_CHILDREN && children[i] != NULL; i++) {
        const char *name = children[i] + strspn(children[i], "!*");
        bool found = xml_is(child, NS_PARTNER, name);
        if (!found && children[i][0] == '!')
            return fault_fill(fault, FAULT_CLIENT, NULL, "%s: missing required element %s",
                              header->name, name);
        while (xml_is(child, NS_PARTNER, name)) {
            child = child->next;
            if (children[i][0] != '*')
                break;
        }
    }
    if (child != NULL)
        return fault_fill(fault, FAULT_CLIENT, NULL,
                          "Element {%s}%s invalid at this location in %s", child->space,
                          child->name, header->name);
    return 0;
}

static int check(const struct xml_node *header, struct fault *fault)
{
    if (strcmp(header->space, NS_PARTNER) != 0) {
        if (!header->must_understand)
            return 0; /* not for us */
        return fault_fill(fault, FAULT_CLIENT, NULL, "must understand header {%s}%s", header->space,
                          header->name);
    }
    for (size_t i = 0; i < sizeof declared / sizeof declared[0]; i++)
        if (strcmp(declared[i].name, header->name) == 0)
            return check_children(header, declared[i].children, fault);
    return fault_fill(fault, FAULT_UNEXPECTED, "INVALID_SOAP_HEADER", "unknown header: %s",
                      header->name);
}

/* The text of a header's child; NULL when it is nil or not there. */
static const char *text_of(const struct xml_node *header, const char *name, const char *child)
{
    const struct xml_node *node = xml_child(xml_child(header, NS_PARTNER, name), NS_PARTNER, child);

    return node == NULL || node->nil ? NULL : node->text;
}

static int flag_of(const struct xml_node *header, const char *name, const char *child,
                   bool *ret_flag, struct fault *fault)
{
    const char *text = text_of(header, name, child);

    *ret_flag = text != NULL && (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
    if (text == NULL || *ret_flag || strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
        return 0;
    return fault_fill(fault, FAULT_CLIENT, NULL,
                      "'%s' is not a valid value for the type xsd:boolean", text);
}

static int read_batch_size(const struct xml_node *header, size_t *ret_size, struct fault *fault)
{
    const char *text = text_of(header, "QueryOptions", "batchSize");
    char *end;

    *ret_size = BATCH_DEFAULT;
    if (text == NULL)
        return 0;
    long size = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0')
        return fault_fill(fault, FAULT_CLIENT, NULL,
                          "'%s' is not a valid value for the type xsd:int", text);
    *ret_size = size < BATCH_LEAST ? BATCH_LEAST : size > BATCH_MOST ? BATCH_MOST : (size_t)size;
    return 0;
}

int headers_read(const struct xml_node *header, struct headers *ret_headers, struct fault *fault)
{
    struct headers h = {0};
    char id[ID_MAX];

    for (const struct xml_node *node = header == NULL ? NULL : header->first; node != NULL;
         node = node->next)
        if (check(node, fault) < 0)
            return -1;
    h.session_id = text_of(header, "SessionHeader", "sessionId");
    h.client = text_of(header, "CallOptions", "client");
    h.assignment_rule_id = text_of(header, "AssignmentRuleHeader", "assignmentRuleId");
    if (flag_of(header, "AllOrNoneHeader", "allOrNone", &h.all_or_none, fault) < 0 ||
        flag_of(header, "AllowFieldTruncationHeader", "allowFieldTruncation", &h.truncate, fault) <
            0 ||
        flag_of(header, "DuplicateRuleHeader", "allowSave", &h.allow_save, fault) < 0 ||
        flag_of(header, "AssignmentRuleHeader", "useDefaultRule", &h.use_default_rule, fault) < 0 ||
        read_batch_size(header, &h.batch_size, fault) < 0)
        return -1;
    if (h.assignment_rule_id != NULL &&
        !id_read(h.assignment_rule_id, strlen(h.assignment_rule_id), id))
        return fault_fill(fault, FAULT_UNEXPECTED, "MALFORMED_ID", "bad id %s",
                          h.assignment_rule_id);
    *ret_headers = h;
    return 0;
}
