/* Which fields of a lead go to which fields of the account and the contact. */
#include "fakeorg/data/convert.h"

#include <string.h>

/* The target of each lead field; NULL for none. */
static const struct {
    const char *lead, *account, *contact;
} moves[] = {
    {"Company", "Name", NULL},
    {"FirstName", NULL, "FirstName"},
    {"LastName", NULL, "LastName"},
    {"Salutation", NULL, "Salutation"},
    {"Title", NULL, "Title"},
    {"Email", NULL, "Email"},
    {"Phone", "Phone", "Phone"},
    {"MobilePhone", NULL, "MobilePhone"},
    {"Fax", "Fax", "Fax"},
    {"Website", "Website", NULL},
    {"Industry", "Industry", NULL},
    {"Rating", "Rating", NULL},
    {"AnnualRevenue", "AnnualRevenue", NULL},
    {"NumberOfEmployees", "NumberOfEmployees", NULL},
    {"LeadSource", "AccountSource", "LeadSource"},
    {"Description", NULL, "Description"},
    {"Street", "BillingStreet", "MailingStreet"},
    {"City", "BillingCity", "MailingCity"},
    {"State", "BillingState", "MailingState"},
    {"PostalCode", "BillingPostalCode", "MailingPostalCode"},
    {"Country", "BillingCountry", "MailingCountry"},
    {"OwnerId", "OwnerId", "OwnerId"},
};

/* Keeps a value that is already set. */
static int fill(struct record *record, const char *name, const char *value)
{
    return record_value_named(record, name) == NULL ? record_set_named(record, name, value) : 0;
}

static int move_fields(const struct record *lead, struct record *account, struct record *contact)
{
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        const char *value = record_value_named(lead, moves[i].lead);
        if (moves[i].account != NULL && fill(account, moves[i].account, value) < 0)
            return -1;
        if (moves[i].contact != NULL && fill(contact, moves[i].contact, value) < 0)
            return -1;
    }
    return 0;
}

const char *convert_status(struct orgdata *org)
{
    static const char usual[] = "Closed - Converted";
    const struct field *status = object_any_field(orgdata_any_object(org, "Lead"), "Status");

    if (status->fact.values == NULL || field_lists(status, usual, strlen(usual)))
        return usual;
    const char *last = strrchr(status->fact.values, '|');
    return last == NULL ? status->fact.values : last + 1;
}

bool convert_done(const struct record *lead)
{
    const char *converted = record_value_named(lead, "IsConverted");

    return converted != NULL && strcmp(converted, "true") == 0;
}

static int mark(struct orgdata *org, struct record *lead, const struct conversion *conversion)
{
    const char *opportunity = conversion->opportunity_id;
    char today[ISOTIME_MAX];

    orgclock_today(&org->clock, today);
    if (record_set_named(lead, "IsConverted", "true") < 0 ||
        record_set_named(lead, "Status", convert_status(org)) < 0 ||
        record_set_named(lead, "ConvertedDate", today) < 0 ||
        record_set_named(lead, "ConvertedAccountId", conversion->account->id) < 0 ||
        record_set_named(lead, "ConvertedContactId", conversion->contact->id) < 0 ||
        record_set_named(lead, "ConvertedOpportunityId",
                         *opportunity == '\0' ? NULL : opportunity) < 0)
        return -1;
    return record_stamp(org, lead, false);
}

/* The given record, or a new one with the owner. */
static struct record *target(struct orgdata *org, struct record *given, const char *object,
                             const char *owner_id)
{
    struct record *record = given != NULL ? given : record_new(orgdata_any_object(org, object));

    if (given == NULL && record != NULL && owner_id != NULL &&
        record_set_named(record, "OwnerId", owner_id) < 0)
        return NULL;
    return record;
}

int convert_lead(struct orgdata *org, struct record *lead, const struct convert_wish *wish,
                 struct conversion *ret_conversion)
{
    struct conversion c = {0};

    c.account = target(org, wish->account, "Account", wish->owner_id);
    c.contact = target(org, wish->contact, "Contact", wish->owner_id);
    if (c.account == NULL || c.contact == NULL)
        return -1;
    if (wish->opportunity_id != NULL)
        memcpy(c.opportunity_id, wish->opportunity_id, ID_MAX);
    else if (wish->opportunity)
        id_make(OPPORTUNITY_ID_PREFIX, ++org->last_opportunity, c.opportunity_id);
    if (wish->overwrite_source && record_set_named(c.contact, "LeadSource", NULL) < 0)
        return -1;
    if (move_fields(lead, c.account, c.contact) < 0 ||
        record_set_named(c.contact, "AccountId", c.account->id) < 0 ||
        record_stamp(org, c.account, wish->account == NULL) < 0 ||
        record_stamp(org, c.contact, wish->contact == NULL) < 0 || mark(org, lead, &c) < 0)
        return -1;
    *ret_conversion = c;
    return 0;
}
