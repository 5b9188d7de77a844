#include "mapping/rules.h"

/* Identify -> Lead. */
static const struct rule rows[] = {
    {"Email", .from = {TRAIT("email"), USER_ID_IF_ADDRESS}},
    {"FirstName", .from = {TRAIT("firstName"), FIRST_WORD("name")}},
    {"LastName", .from = {TRAIT("lastName"), REST("name")}, .filler = "n/a"},
    {"Company", .from = {IF_TEXT("company"), TRAIT("company.name")}, .filler = "n/a"},
    {"Title", .from = {TRAIT("title"), TRAIT("position"), TRAIT("jobTitle")}},
    {"Phone", .from = {TRAIT("phone"), FIRST_OF("phones")}},
    {"MobilePhone", .from = {TRAIT("mobilePhone"), TRAIT("mobile")}},
    {"Fax", .from = {TRAIT("fax")}},
    {"Website", .from = {TRAIT("website"), FIRST_OF("websites"), TRAIT("company.website")}},
    {"Street", .from = {STREET}},
    {"City", .from = {CITY}},
    {"State", .from = {STATE}},
    {"PostalCode", .from = {POSTAL_CODE}},
    {"Country", .from = {COUNTRY}},
    {"Rating", .from = {TRAIT("rating")}},
    {"LeadSource", .from = {TRAIT("leadSource")}},
    {"Salutation", .from = {TRAIT("salutation")}},
    {"Description", .from = {TRAIT("description"), TRAIT("background")}},
    {"Industry", .from = {TRAIT("industry"), TRAIT("company.industry")}},
    {"NumberOfEmployees",
     .from = {TRAIT("employees"), TRAIT("company.employees"), TRAIT("company.employee_count")}},
    {"AnnualRevenue", .from = {TRAIT("annualRevenue"), TRAIT("company.annualRevenue")}},
};

const struct rules rules_lead = {
    .object = "Lead",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
    .lookup = "Email",
};
