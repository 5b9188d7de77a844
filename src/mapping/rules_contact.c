#include "mapping/rules.h"

/* What convertLead itself does with the fields of a Lead; custom fields go to the
   Contact's field of the same name. */
const struct contact_row rules_contact[] = {
    {"FirstName", "FirstName"},
    {"LastName", "LastName"},
    {"Salutation", "Salutation"},
    {"Title", "Title"},
    {"Email", "Email"},
    {"Phone", "Phone"},
    {"MobilePhone", "MobilePhone"},
    {"Fax", "Fax"},
    {"Street", "MailingStreet"},
    {"City", "MailingCity"},
    {"State", "MailingState"},
    {"PostalCode", "MailingPostalCode"},
    {"Country", "MailingCountry"},
    {"LeadSource", "LeadSource"},
    {"Description", "Description"},
    {"Company", NULL},
    {"Website", NULL},
    {"Rating", NULL},
    {"Industry", NULL},
    {"NumberOfEmployees", NULL},
    {"AnnualRevenue", NULL},
};

const size_t rules_contact_count = sizeof(rules_contact) / sizeof(rules_contact[0]);
