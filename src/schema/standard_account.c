/* Account, as describe shows it in a developer org of 2026 (API 65.0), fields of every org. */
#include "schema/standard.h"

static const struct standard_field fields[] = {
    {"Id", FIELD_ID, .flags = FILTER | DEFAULTED | ID_LOOKUP, .length = 18},
    {"IsDeleted", FIELD_BOOLEAN, .flags = FILTER | DEFAULTED},
    {"MasterRecordId", FIELD_REFERENCE, .flags = NIL | FILTER, .length = 18},
    {"Name", FIELD_STRING, .flags = WRITE | FILTER, .length = 255},
    {"Type", FIELD_PICKLIST, .flags = WRITE | NIL | FILTER, .length = 255,
     .picklist = "Prospect|Customer - Direct|Customer - Channel|Channel Partner / Reseller|"
                 "Installation Partner|Technology Partner|Other"},
    {"ParentId", FIELD_REFERENCE, .flags = WRITE | NIL | FILTER, .length = 18},
    {"BillingStreet", FIELD_TEXTAREA, .flags = WRITE | NIL | FILTER, .length = 255},
    {"BillingCity", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 40},
    {"BillingState", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 80},
    {"BillingPostalCode", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 20},
    {"BillingCountry", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 80},
    {"BillingLatitude", FIELD_DOUBLE, .flags = WRITE | NIL | FILTER, .precision = 18, .scale = 15},
    {"BillingLongitude", FIELD_DOUBLE, .flags = WRITE | NIL | FILTER, .precision = 18, .scale = 15},
    {"BillingGeocodeAccuracy", FIELD_PICKLIST, .flags = WRITE | NIL | FILTER | RESTRICTED,
     .length = 40,
     .picklist = "Address|NearAddress|Block|Street|ExtendedZip|Zip|Neighborhood|City|County|"
                 "State|Unknown"},
    {"BillingAddress", FIELD_ADDRESS, .flags = NIL | FILTER},
    {"ShippingStreet", FIELD_TEXTAREA, .flags = WRITE | NIL | FILTER, .length = 255},
    {"ShippingCity", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 40},
    {"ShippingState", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 80},
    {"ShippingPostalCode", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 20},
    {"ShippingCountry", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 80},
    {"ShippingLatitude", FIELD_DOUBLE, .flags = WRITE | NIL | FILTER, .precision = 18, .scale = 15},
    {"ShippingLongitude", FIELD_DOUBLE, .flags = WRITE | NIL | FILTER, .precision = 18,
     .scale = 15},
    {"ShippingGeocodeAccuracy", FIELD_PICKLIST, .flags = WRITE | NIL | FILTER | RESTRICTED,
     .length = 40,
     .picklist = "Address|NearAddress|Block|Street|ExtendedZip|Zip|Neighborhood|City|County|"
                 "State|Unknown"},
    {"ShippingAddress", FIELD_ADDRESS, .flags = NIL | FILTER},
    {"Phone", FIELD_PHONE, .flags = WRITE | NIL | FILTER, .length = 40},
    {"Fax", FIELD_PHONE, .flags = WRITE | NIL | FILTER, .length = 40},
    {"AccountNumber", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 40},
    {"Website", FIELD_URL, .flags = WRITE | NIL | FILTER, .length = 255},
    {"PhotoUrl", FIELD_URL, .flags = NIL | FILTER, .length = 255},
    {"Sic", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 20},
    {"Industry", FIELD_PICKLIST, .flags = WRITE | NIL | FILTER, .length = 255,
     .picklist = "Agriculture|Apparel|Banking|Biotechnology|Chemicals|Communications|"
                 "Construction|Consulting|Education|Electronics|Energy|Engineering|"
                 "Entertainment|Environmental|Finance|Food & Beverage|Government|Healthcare|"
                 "Hospitality|Insurance|Machinery|Manufacturing|Media|Not For Profit|Recreation|"
                 "Retail|Shipping|Technology|Telecommunications|Transportation|Utilities|Other"},
    {"AnnualRevenue", FIELD_CURRENCY, .flags = WRITE | NIL | FILTER, .precision = 18},
    {"NumberOfEmployees", FIELD_INT, .flags = WRITE | NIL | FILTER, .digits = 8},
    {"Ownership", FIELD_PICKLIST, .flags = WRITE | NIL | FILTER, .length = 255,
     .picklist = "Public|Private|Subsidiary|Other"},
    {"TickerSymbol", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 20},
    {"Description", FIELD_TEXTAREA, .flags = WRITE | NIL, .length = 32000},
    {"Rating", FIELD_PICKLIST, .flags = WRITE | NIL | FILTER, .length = 255,
     .picklist = "Hot|Warm|Cold"},
    {"Site", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 80},
    {"OwnerId", FIELD_REFERENCE, .flags = WRITE | FILTER | DEFAULTED, .length = 18},
    {"CreatedDate", FIELD_DATETIME, .flags = FILTER | DEFAULTED},
    {"CreatedById", FIELD_REFERENCE, .flags = FILTER | DEFAULTED, .length = 18},
    {"LastModifiedDate", FIELD_DATETIME, .flags = FILTER | DEFAULTED},
    {"LastModifiedById", FIELD_REFERENCE, .flags = FILTER | DEFAULTED, .length = 18},
    {"SystemModstamp", FIELD_DATETIME, .flags = FILTER | DEFAULTED},
    {"LastActivityDate", FIELD_DATE, .flags = NIL | FILTER},
    {"LastViewedDate", FIELD_DATETIME, .flags = NIL | FILTER},
    {"LastReferencedDate", FIELD_DATETIME, .flags = NIL | FILTER},
    {"Jigsaw", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 20},
    {"JigsawCompanyId", FIELD_STRING, .flags = NIL | FILTER, .length = 20},
    {"AccountSource", FIELD_PICKLIST, .flags = WRITE | NIL | FILTER, .length = 255,
     .picklist = "Web|Phone Inquiry|Partner Referral|Purchased List|Other"},
    {"SicDesc", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 80},
};

const struct standard_object standard_account = {
    "Account",
    fields,
    sizeof(fields) / sizeof(fields[0]),
};
