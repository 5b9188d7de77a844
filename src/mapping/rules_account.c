#include "mapping/rules.h"

/* Group -> Account. */
static const struct rule rows[] = {
    {"AccountNumber", .from = {GROUP_ID}},
    {"Name", .from = {TRAIT("name")}},
    {"NumberOfEmployees", .from = {TRAIT("employees")}},
    {"Phone", .from = {TRAIT("phone")}},
    {"Fax", .from = {TRAIT("fax")}},
    {"Website", .from = {TRAIT("website")}},
    {"Description", .from = {TRAIT("description")}},
    {"Industry", .from = {TRAIT("industry")}},
    {"AnnualRevenue", .from = {TRAIT("annualRevenue")}},
    {"Rating", .from = {TRAIT("rating")}},
    {"Type", .from = {TRAIT("type")}},
    {"BillingStreet", .from = {STREET}, .when = IF_BILLING},
    {"BillingCity", .from = {CITY}, .when = IF_BILLING},
    {"BillingState", .from = {STATE}, .when = IF_BILLING},
    {"BillingPostalCode", .from = {POSTAL_CODE}, .when = IF_BILLING},
    {"BillingCountry", .from = {COUNTRY}, .when = IF_BILLING},
    {"ShippingStreet", .from = {STREET}, .when = IF_SHIPPING},
    {"ShippingCity", .from = {CITY}, .when = IF_SHIPPING},
    {"ShippingState", .from = {STATE}, .when = IF_SHIPPING},
    {"ShippingPostalCode", .from = {POSTAL_CODE}, .when = IF_SHIPPING},
    {"ShippingCountry", .from = {COUNTRY}, .when = IF_SHIPPING},
};

const struct rules rules_account = {
    .object = "Account",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
    .lookup = "AccountNumber",
    .create_needs = "Name",
};
