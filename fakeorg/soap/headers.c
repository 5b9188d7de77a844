/* The table of headers and of their children. */
#include "fakeorg/soap/headers.h"

#include <stdlib.h>
#include <string.h>

#include "fakeorg/soap/arrange.h"
#include "fakeorg/data/ids.h"
#include "fakeorg/soap/sequence.h"
#include "fakeorg/soap/xml_write.h"

#define BATCH_LEAST 200
#define BATCH_MOST  2000

/* Children in the notation of sequence.h. */
static const struct {
    const char *name;
    enum header_bit bit;
    const char *children[SEQUENCE_MAX];
} known[] = {
    {"SessionHeader", H_SESSION, {"!sessionId"}},
    {"CallOptions", H_CALL, {"!client", "!defaultNamespace"}},
    {"QueryOptions", H_QUERY, {"batchSize"}},
    {"AllOrNoneHeader", H_ALL_OR_NONE, {"!allOrNone"}},
    {"AssignmentRuleHeader", H_ASSIGNMENT, {"!assignmentRuleId", "!useDefaultRule"}},
    {"AllowFieldTruncationHeader", H_TRUNCATION, {"!allowFieldTruncation"}},
    {"DuplicateRuleHeader",
     H_DUPLICATE,
     {"!allowSave", "!includeRecordDetails", "!runAsCurrentUser"}},
    {"EmailHeader",
     H_EMAIL,
     {"!triggerAutoResponseEmail", "!triggerOtherEmail", "!triggerUserEmail"}},
    {"MruHeader", H_MRU, {"!updateMru"}},
    {"DisableFeedTrackingHeader", H_FEED, {"!disableFeedTracking"}},
    {"StreamingEnabledHeader", H_STREAMING, {"!streamingEnabled"}},
    {"LocaleOptions", H_LOCALE, {"language", "localizeErrors"}},
    {"OwnerChangeOptions", H_OWNER_CHANGE, {"*options"}},
    {"PackageVersionHeader", H_PACKAGE, {"*packageVersions"}},
    {"DebuggingHeader", H_DEBUGGING, {"*categories", "!debugLevel"}},
    {"LoginScopeHeader", H_LOGIN_SCOPE, {"!organizationId", "portalId"}},
    {"UserTerritoryDeleteHeader", H_TERRITORY, {"!transferToUserId"}},
};

static int check(struct xml_node *header, unsigned declared, struct arena *arena,
                 struct headers *headers, struct api_error *error)
{
    if (strcmp(header->space, NS_PARTNER) != 0) {
        if (!header->must_understand)
            return 0; /* not addressed to us */
        return api_error_set(error, API_ERROR_CLIENT, NULL, "must understand header {%s}%s",
                             header->space, header->name);
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].name, header->name) != 0)
            continue;
        if ((declared & known[i].bit) == 0)
            headers->undeclared = known[i].name;
        if (arena != NULL) {
            arrange_children(header, known[i].children, SEQUENCE_MAX);
            if (arrange_missing(header, known[i].children, SEQUENCE_MAX, arena) < 0)
                return api_error_memory(error);
        }
        return sequence_check(header, known[i].children, error);
    }
    return api_error_set(error, API_ERROR_UNEXPECTED, "INVALID_SOAP_HEADER", "unknown header: %s",
                         header->name);
}

/* Reads the Header element; decides which of its headers count. */
struct block {
    const struct xml_node *header;
    unsigned declared;
};

/* The text of a header's child; NULL when it is nil or missing, or the header does not count. */
static const char *text_of(const struct block *block, enum header_bit bit, const char *child)
{
    size_t i = 0;

    if ((block->declared & bit) == 0)
        return NULL;
    while (known[i].bit != bit)
        i++;
    const struct xml_node *node = xml_child(block->header, NS_PARTNER, known[i].name);
    node = xml_child(node, NS_PARTNER, child);
    return node == NULL || node->nil ? NULL : node->text;
}

static int flag_of(const struct block *block, enum header_bit bit, const char *child,
                   bool *ret_flag, struct api_error *error)
{
    const char *text = text_of(block, bit, child);

    *ret_flag = text != NULL && (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
    if (text == NULL || *ret_flag || strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
        return 0;
    return api_error_set(error, API_ERROR_CLIENT, NULL,
                         "'%s' is not a valid value for the type xsd:boolean", text);
}

static int read_batch_size(const struct block *block, size_t *ret_size, struct api_error *error)
{
    const char *text = text_of(block, H_QUERY, "batchSize");
    char *end;

    *ret_size = 0;
    if (text == NULL)
        return 0;
    long size = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0')
        return api_error_set(error, API_ERROR_CLIENT, NULL,
                             "'%s' is not a valid value for the type xsd:int", text);
    *ret_size = size < BATCH_LEAST ? BATCH_LEAST : size > BATCH_MOST ? BATCH_MOST : (size_t)size;
    return 0;
}

int headers_read(struct xml_node *header, unsigned declared, struct arena *arena,
                 struct headers *ret_headers, struct api_error *error)
{
    const struct block block = {header, declared};
    struct headers h = {0};
    char id[ID_MAX];

    for (struct xml_node *node = header == NULL ? NULL : header->first; node != NULL;
         node = node->next)
        if (check(node, declared, arena, &h, error) < 0)
            return -1;
    h.session_id = text_of(&block, H_SESSION, "sessionId");
    h.client = text_of(&block, H_CALL, "client");
    h.assignment_rule_id = text_of(&block, H_ASSIGNMENT, "assignmentRuleId");
    if (flag_of(&block, H_ALL_OR_NONE, "allOrNone", &h.all_or_none, error) < 0 ||
        flag_of(&block, H_TRUNCATION, "allowFieldTruncation", &h.truncate, error) < 0 ||
        flag_of(&block, H_DUPLICATE, "allowSave", &h.allow_save, error) < 0 ||
        flag_of(&block, H_DUPLICATE, "includeRecordDetails", &h.include_record_details, error) <
            0 ||
        flag_of(&block, H_ASSIGNMENT, "useDefaultRule", &h.use_default_rule, error) < 0 ||
        read_batch_size(&block, &h.batch_size, error) < 0)
        return -1;
    if (h.assignment_rule_id != NULL &&
        !id_read(h.assignment_rule_id, strlen(h.assignment_rule_id), id))
        return api_error_set(error, API_ERROR_ID, "MALFORMED_ID", "bad id %s",
                             h.assignment_rule_id);
    *ret_headers = h;
    return 0;
}
