/* Account, as describe shows it in a developer org of 2026 (API 65.0), fields of every org. */
#include "schema/standard.h"

/* clang-format off */
static const struct standard_field fields[] = {
    {"Id", FIELD_ID, FILTER | DEFAULTED | ID_LOOKUP, .length = 18},
    {"IsDeleted", FIELD_BOOLEAN, FILTER | DEFAULTED},
    {"MasterRecordId", FIELD_REFERENCE, NIL | FILTER, .length = 18},
    {"Name", FIELD_STRING, WRITE | FILTER, .length = 255},
    {"Type", FIELD_PICKLIST, WRITE | NIL | FILTER, .length = 255,
     .picklist = "Prospect|Customer - Direct|Customer - Channel|Channel Partner / Reseller|"
                 "Installation Partner|Technology Partner|Other"},
    {"ParentId", FIELD_REFERENCE, WRITE | NIL | FILTER, .length = 18},
    {"BillingStreet", FIELD_TEXTAREA, WRITE | NIL | FILTER, .length = 255},
    {"BillingCity", FIELD_STRING, WRITE | NIL | FILTER, .length = 40},
    {"BillingState", FIELD_STRING, WRITE | NIL | FILTER, .length = 80},
    {"BillingPostalCode", FIELD_STRING, WRITE | NIL | FILTER, .length = 20},
    {"BillingCountry", FIELD_STRING, WRITE | NIL | FILTER, .length = 80},
    {"BillingLatitude", FIELD_DOUBLE, WRITE | NIL | FILTER, .precision = 18, .scale = 15},
    {"BillingLongitude", FIELD_DOUBLE, WRITE | NIL | FILTER, .precision = 18, .scale = 15},
    {"BillingGeocodeAccuracy", FIELD_PICKLIST, WRITE | NIL | FILTER | RESTRICTED, .length = 40,
     .picklist = "Address|NearAddress|Block|Street|ExtendedZip|Zip|Neighborhood|City|County|"
                 "State|Unknown"},
    {"BillingAddress", FIELD_ADDRESS, NIL | FILTER},
    {"ShippingStreet", FIELD_TEXTAREA, WRITE | NIL | FILTER, .length = 255},
    {"ShippingCity", FIELD_STRING, WRITE | NIL | FILTER, .length = 40},
    {"ShippingState", FIELD_STRING, WRITE | NIL | FILTER, .length = 80},
    {"ShippingPostalCode", FIELD_STRING, WRITE | NIL | FILTER, .length = 20},
    {"ShippingCountry", FIELD_STRING, WRITE | NIL | FILTER, .length = 80},
    {"ShippingLatitude", FIELD_DOUBLE, WRITE | NIL | FILTER, .precision = 18, .scale = 15},
    {"ShippingLongitude", FIELD_DOUBLE, WRITE | NIL | FILTER, .precision = 18, .scale = 15},
    {"ShippingGeocodeAccuracy", FIELD_PICKLIST, WRITE | NIL | FILTER | RESTRICTED, .length = 40,
     .picklist = "Address|NearAddress|Block|Street|ExtendedZip|Zip|Neighborhood|City|County|"
                 "State|Unknown"},
    {"ShippingAddress", FIELD_ADDRESS, NIL | FILTER},
    {"Phone", FIELD_PHONE, WRITE | NIL | FILTER, .length = 40},
    {"Fax", FIELD_PHONE, WRITE | NIL | FILTER, .length = 40},
    {"AccountNumber", FIELD_STRING, WRITE | NIL | FILTER, .length = 40},
    {"Website", FIELD_URL, WRITE | NIL | FILTER, .length = 255},
    {"PhotoUrl", FIELD_URL, NIL | FILTER, .length = 255},
    {"Sic", FIELD_STRING, WRITE | NIL | FILTER, .length = 20},
    {"Industry", FIELD_PICKLIST, WRITE | NIL | FILTER, .length = 255,
     .picklist = "Agriculture|Apparel|Banking|Biotechnology|Chemicals|Communications|"
                 "Construction|Consulting|Education|Electronics|Energy|Engineering|"
                 "Entertainment|Environmental|Finance|Food & Beverage|Government|Healthcare|"
                 "Hospitality|Insurance|Machinery|Manufacturing|Media|Not For Profit|Recreation|"
                 "Retail|Shipping|Technology|Telecommunications|Transportation|Utilities|Other"},
    {"AnnualRevenue", FIELD_CURRENCY, WRITE | NIL | FILTER, .precision = 18},
    {"NumberOfEmployees", FIELD_INT, WRITE | NIL | FILTER, .digits = 8},
    {"Ownership", FIELD_PICKLIST, WRITE | NIL | FILTER, .length = 255,
     .picklist = "Public|Private|Subsidiary|Other"},
    {"TickerSymbol", FIELD_STRING, WRITE | NIL | FILTER, .length = 20},
    {"Description", FIELD_TEXTAREA, WRITE | NIL, .length = 32000},
    {"Rating", FIELD_PICKLIST, WRITE | NIL | FILTER, .length = 255, .picklist = "Hot|Warm|Cold"},
    {"Site", FIELD_STRING, WRITE | NIL | FILTER, .length = 80},
    {"OwnerId", FIELD_REFERENCE, WRITE | FILTER | DEFAULTED, .length = 18},
    {"CreatedDate", FIELD_DATETIME, FILTER | DEFAULTED},
    {"CreatedById", FIELD_REFERENCE, FILTER | DEFAULTED, .length = 18},
    {"LastModifiedDate", FIELD_DATETIME, FILTER | DEFAULTED},
    {"LastModifiedById", FIELD_REFERENCE, FILTER | DEFAULTED, .length = 18},
    {"SystemModstamp", FIELD_DATETIME, FILTER | DEFAULTED},
    {"LastActivityDate", FIELD_DATE, NIL | FILTER},
    {"LastViewedDate", FIELD_DATETIME, NIL | FILTER},
    {"LastReferencedDate", FIELD_DATETIME, NIL | FILTER},
    {"Jigsaw", FIELD_STRING, WRITE | NIL | FILTER, .length = 20},
    {"JigsawCompanyId", FIELD_STRING, NIL | FILTER, .length = 20},
    {"AccountSource", FIELD_PICKLIST, WRITE | NIL | FILTER, .length = 255,
     .picklist = "Web|Phone Inquiry|Partner Referral|Purchased List|Other"},
    {"SicDesc", FIELD_STRING, WRITE | NIL | FILTER, .length = 80},
};
/* clang-format on */

const struct standard_object standard_account = {
    "Account",
    fields,
    sizeof(fields) / sizeof(fields[0]),
};
