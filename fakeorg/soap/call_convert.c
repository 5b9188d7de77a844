/* convertLead: checks each lead, then converts them. */
#include "fakeorg/soap/call_convert.h"

#include <string.h>

#include "fakeorg/data/convert.h"
#include "fakeorg/data/users.h"
#include "fakeorg/rules/locks.h"
#include "fakeorg/rules/record_check.h"
#include "fakeorg/soap/arrange.h"
#include "fakeorg/soap/results.h"
#include "fakeorg/soap/sequence.h"

#define MAX_LEADS 100

/* The children of leadConverts in the order of the WSDL. */
enum child {
    ACCOUNT_ID,
    ACCOUNT_RECORD,
    BYPASS_ACCOUNT_CHECK,
    BYPASS_CONTACT_CHECK,
    CONTACT_ID,
    CONTACT_RECORD,
    STATUS,
    NO_OPPORTUNITY,
    LEAD_ID,
    OPPORTUNITY_ID,
    OPPORTUNITY_NAME,
    OPPORTUNITY_RECORD,
    OVERWRITE_SOURCE,
    OWNER_ID,
    PERSON_ACCOUNT_ID,
    PERSON_ACCOUNT_RECORD,
    SEND_MAIL,
    CHILDREN
};

enum kind { TEXT, BOOLEAN, RECORD };

static const struct {
    const char *name;
    enum kind kind;
    bool required; /* except booleans, unless requests are strict */
} children[CHILDREN] = {
    [ACCOUNT_ID] = {"accountId", TEXT, false},
    [ACCOUNT_RECORD] = {"accountRecord", RECORD, false},
    [BYPASS_ACCOUNT_CHECK] = {"bypassAccountDedupeCheck", BOOLEAN, false},
    [BYPASS_CONTACT_CHECK] = {"bypassContactDedupeCheck", BOOLEAN, false},
    [CONTACT_ID] = {"contactId", TEXT, false},
    [CONTACT_RECORD] = {"contactRecord", RECORD, false},
    [STATUS] = {"convertedStatus", TEXT, true},
    [NO_OPPORTUNITY] = {"doNotCreateOpportunity", BOOLEAN, true},
    [LEAD_ID] = {"leadId", TEXT, true},
    [OPPORTUNITY_ID] = {"opportunityId", TEXT, false},
    [OPPORTUNITY_NAME] = {"opportunityName", TEXT, false},
    [OPPORTUNITY_RECORD] = {"opportunityRecord", RECORD, false},
    [OVERWRITE_SOURCE] = {"overwriteLeadSource", BOOLEAN, true},
    [OWNER_ID] = {"ownerId", TEXT, false},
    [PERSON_ACCOUNT_ID] = {"relatedPersonAccountId", TEXT, false},
    [PERSON_ACCOUNT_RECORD] = {"relatedPersonAccountRecord", RECORD, false},
    [SEND_MAIL] = {"sendNotificationEmail", BOOLEAN, true}, /* this org sends no mail */
};

/* The content of a leadConverts element; NULL for what is nil, empty or missing. */
struct lead_convert {
    const char *texts[CHILDREN];
};

static bool is_true(const struct lead_convert *request, enum child child)
{
    const char *text = request->texts[child];

    return text != NULL && (text[0] == 't' || text[0] == '1');
}

static int check_child(struct soap_call *call, enum child child, const struct xml_node *node)
{
    static const char *const booleans[] = {"true", "false", "1", "0"};

    if (children[child].kind == TEXT)
        return 0;
    if (children[child].kind == RECORD)
        return api_error_set(call->request.error, API_ERROR_UNEXPECTED, "FUNCTIONALITY_NOT_ENABLED",
                             "fakeorg converts leads without %s", node->name);
    for (size_t i = 0; i < sizeof booleans / sizeof booleans[0]; i++)
        if (strcmp(booleans[i], node->text) == 0)
            return 0;
    return api_error_set(call->request.error, API_ERROR_CLIENT, NULL,
                         "'%s' is not a valid value for the type xsd:boolean", node->text);
}

static void arrange(struct xml_node *node)
{
    const char *names[CHILDREN];

    for (enum child i = 0; i < CHILDREN; i++)
        names[i] = children[i].name;
    arrange_children(node, names, CHILDREN);
}

static int read_request(struct soap_call *call, struct xml_node *node, struct lead_convert *request)
{
    bool lax = quirk_is(&call->request.quirks, QUIRK_REQUESTS, "lax");

    *request = (struct lead_convert){0};
    if (lax)
        arrange(node);
    const struct xml_node *at = node->first;
    for (enum child i = 0; i < CHILDREN; i++) {
        if (!xml_is(at, NS_PARTNER, children[i].name)) {
            if (children[i].required && !(lax && children[i].kind == BOOLEAN))
                return api_error_set(call->request.error, API_ERROR_CLIENT, NULL,
                                     "%s: missing required element %s", node->name,
                                     children[i].name);
            continue;
        }
        if (!at->nil && (at->text[0] != '\0' || children[i].kind != TEXT)) {
            if (check_child(call, i, at) < 0)
                return -1;
            request->texts[i] = at->text;
        }
        at = at->next;
    }
    return at == NULL ? 0 : sequence_misplaced(at, call->request.error);
}

/* The undeleted record of an object that a child names; NULL if none, or with an
   error in save. */
static int find_record(const struct save_context *ctx, struct save *save, const char *text,
                       const char *object, struct record **ret_record)
{
    struct save target = {.id_text = text, .object = orgdata_any_object(ctx->org, object)};

    *ret_record = NULL;
    if (text == NULL)
        return 0;
    if (save_find(ctx, &target) < 0)
        return -1;
    *ret_record = target.record;
    if (target.errors != NULL)
        save->errors = target.errors;
    return 0;
}

/* The lead is updated, the others are created. */
static int check_permissions(const struct save_context *ctx, struct save *save)
{
    const struct object *account = orgdata_any_object(ctx->org, "Account");
    const struct object *contact = orgdata_any_object(ctx->org, "Contact");

    if ((save->object->permissions & MAY_UPDATE) != 0 &&
        (account->permissions & contact->permissions & MAY_CREATE) != 0)
        return 0;
    return save_fail(ctx, save, "INSUFFICIENT_ACCESS_OR_READONLY", NULL,
                     "insufficient access rights on object id");
}

static int check_lead(const struct save_context *ctx, struct save *save,
                      const struct lead_convert *request)
{
    const char *status = request->texts[STATUS] == NULL ? "" : request->texts[STATUS];

    save->id_text = request->texts[LEAD_ID] == NULL ? "" : request->texts[LEAD_ID];
    save->object = orgdata_any_object(ctx->org, "Lead");
    if (save_find(ctx, save) < 0)
        return -1;
    if (save->errors != NULL)
        return 0;
    if (convert_done(save->record))
        return save_fail(ctx, save, "CANNOT_UPDATE_CONVERTED_LEAD", NULL,
                         "cannot reference converted lead");
    if (strcmp(status, convert_status(ctx->org)) != 0)
        return save_fail(ctx, save, "INVALID_STATUS", "Status", "invalid convertedStatus: %.80s",
                         status);
    if (is_true(request, NO_OPPORTUNITY) && request->texts[OPPORTUNITY_NAME] != NULL)
        return save_fail(ctx, save, "FIELD_INTEGRITY_EXCEPTION", NULL,
                         "opportunityName must be empty if doNotCreateOpportunity is true");
    return locks_check(ctx, save, save->record);
}

/* accountId and contactId: both undeleted, and the contact belongs to the account. */
static int check_parents(const struct save_context *ctx, struct save *save,
                         const struct lead_convert *request, struct convert_wish *wish)
{
    if (find_record(ctx, save, request->texts[ACCOUNT_ID], "Account", &wish->account) < 0)
        return -1;
    if (save->errors != NULL)
        return 0;
    if (find_record(ctx, save, request->texts[CONTACT_ID], "Contact", &wish->contact) < 0)
        return -1;
    if (save->errors != NULL || wish->contact == NULL)
        return 0;
    if (wish->account == NULL)
        return save_fail(ctx, save, "REQUIRED_FIELD_MISSING", "AccountId",
                         "contactId needs an accountId");
    const char *parent = record_value_named(wish->contact, "AccountId");
    if (parent == NULL || strcmp(parent, wish->account->id) != 0)
        return save_fail(ctx, save, "INVALID_CROSS_REFERENCE_KEY", NULL,
                         "invalid cross reference id");
    return 0;
}

/* An id of 18 characters in the arena; NULL if none, or with an error in save. */
static int read_id(const struct save_context *ctx, struct save *save, const char *text,
                   const char **ret_id)
{
    char id[ID_MAX];

    *ret_id = NULL;
    if (text == NULL)
        return 0;
    if (!id_read(text, strlen(text), id))
        return save_fail(ctx, save, "MALFORMED_ID", NULL, "bad id %.200s", text);
    *ret_id = arena_text(ctx->arena, id, strlen(id));
    return *ret_id == NULL ? api_error_memory(ctx->error) : 0;
}

static int check_wish(const struct save_context *ctx, struct save *save,
                      const struct lead_convert *request, struct convert_wish *wish)
{
    *wish = (struct convert_wish){.overwrite_source = is_true(request, OVERWRITE_SOURCE),
                                  .opportunity = !is_true(request, NO_OPPORTUNITY)};
    if (check_lead(ctx, save, request) < 0 || save->errors != NULL)
        return save->errors == NULL ? -1 : 0;
    if (check_parents(ctx, save, request, wish) < 0)
        return -1;
    if (save->errors == NULL &&
        (check_permissions(ctx, save) < 0 || locks_check(ctx, save, save->record) < 0))
        return -1;
    if (save->errors == NULL && wish->opportunity &&
        read_id(ctx, save, request->texts[OPPORTUNITY_ID], &wish->opportunity_id) < 0)
        return -1;
    if (save->errors == NULL && read_id(ctx, save, request->texts[OWNER_ID], &wish->owner_id) < 0)
        return -1;
    if (save->errors == NULL && wish->owner_id != NULL && !users_active(ctx->org, wish->owner_id))
        return save_fail(ctx, save, "INVALID_CROSS_REFERENCE_KEY", "OwnerId",
                         "invalid cross reference id");
    return 0;
}

static void write_result(struct soap_call *call, const struct save *save,
                         const struct conversion *conversion)
{
    bool done = save->errors == NULL;
    bool sold = conversion->opportunity_id[0] != '\0';

    buf_text(call->out, "<result>");
    xml_element(call->out, "accountId", done ? conversion->account->id : NULL);
    xml_element(call->out, "contactId", done ? conversion->contact->id : NULL);
    results_write_errors(call, save);
    xml_element(call->out, "leadId", save->record == NULL ? NULL : save->record->id);
    xml_element(call->out, "opportunityId", done && sold ? conversion->opportunity_id : NULL);
    xml_boolean(call->out, "success", done);
    buf_text(call->out, "</result>");
}

static int convert_one(struct soap_call *call, const struct lead_convert *request)
{
    const struct save_context ctx = soap_save_context(call);
    struct conversion conversion = {0};
    struct convert_wish wish;
    struct save save = {0};

    if (check_wish(&ctx, &save, request, &wish) < 0)
        return -1;
    if (save.errors == NULL &&
        convert_lead(call->request.service->org, save.record, &wish, &conversion) < 0)
        return api_error_memory(call->request.error);
    write_result(call, &save, &conversion);
    return 0;
}

int call_convert_lead(struct soap_call *call)
{
    size_t count = 0, i = 0;

    for (const struct xml_node *node = call->body->first; node != NULL; node = node->next)
        count++;
    if (count > MAX_LEADS)
        return api_error_set(call->request.error, API_ERROR_UNEXPECTED,
                             "EXCEEDED_LEAD_CONVERT_LIMIT",
                             "cannot convert more than %d leads in this call", MAX_LEADS);
    /* All are read before the first is converted, so that a fault converts none. */
    struct lead_convert *requests = arena_take(call->request.arena, (count + 1) * sizeof *requests);
    if (requests == NULL)
        return api_error_memory(call->request.error);
    for (struct xml_node *node = call->body->first; node != NULL; node = node->next)
        if (read_request(call, node, &requests[i++]) < 0)
            return -1;
    for (i = 0; i < count; i++)
        if (convert_one(call, &requests[i]) < 0)
            return -1;
    call->request.records += count;
    return 0;
}
