#include "fakeorg/convert.h"

#include <string.h>

/* Where a lead's fields go; NULL for nowhere. */
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

static int move_fields(const struct record *lead, struct record *account, struct record *contact)
{
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        const char *value = record_value_named(lead, moves[i].lead);
        if (moves[i].account != NULL && record_set_named(account, moves[i].account, value) < 0)
            return -1;
        if (moves[i].contact != NULL && record_set_named(contact, moves[i].contact, value) < 0)
            return -1;
    }
    return 0;
}

static int mark(const struct orgdata *org, struct record *lead, const char *account,
                const char *contact)
{
    char today[ISOTIME_MAX];

    orgclock_today(&org->clock, today);
    if (record_set_named(lead, "IsConverted", "true") < 0 ||
        record_set_named(lead, "Status", "Closed - Converted") < 0 ||
        record_set_named(lead, "ConvertedDate", today) < 0 ||
        record_set_named(lead, "ConvertedAccountId", account) < 0 ||
        record_set_named(lead, "ConvertedContactId", contact) < 0)
        return -1;
    return 0;
}

int convert_lead(struct orgdata *org, struct record *lead, struct record **ret_account,
                 struct record **ret_contact, struct err *err)
{
    const char *converted = record_value_named(lead, "IsConverted");

    if (converted == NULL)
        return err_set(err, ERR_INVALID, "%s is no lead", lead->id);
    if (lead->deleted)
        return err_set(err, ERR_INVALID, "%s is deleted", lead->id);
    if (strcmp(converted, "true") == 0)
        return err_set(err, ERR_INVALID, "%s is converted already", lead->id);
    struct record *account = record_new(orgdata_any_object(org, "Account"));
    struct record *contact = record_new(orgdata_any_object(org, "Contact"));
    if (account == NULL || contact == NULL || move_fields(lead, account, contact) < 0 ||
        record_set_named(contact, "AccountId", account->id) < 0 ||
        record_stamp(org, account, true) < 0 || record_stamp(org, contact, true) < 0 ||
        mark(org, lead, account->id, contact->id) < 0 || record_stamp(org, lead, false) < 0)
        return err_memory(err);
    *ret_account = account;
    *ret_contact = contact;
    return 0;
}
