/* Lead, as describe shows it in a developer org of 2026 (API 65.0), fields of every org. */
#include "schema/standard.h"

static const struct standard_field fields[] = {
    {"Id", FIELD_ID, .flags = FILTER | DEFAULTED | ID_LOOKUP, .length = 18},
    {"IsDeleted", FIELD_BOOLEAN, .flags = FILTER | DEFAULTED},
    {"MasterRecordId", FIELD_REFERENCE, .flags = NIL | FILTER, .length = 18},
    {"LastName", FIELD_STRING, .flags = WRITE | FILTER, .length = 80},
    {"FirstName", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 40},
    {"Salutation", FIELD_PICKLIST, .flags = WRITE | NIL | FILTER, .length = 40,
     .picklist = "Mr.|Ms.|Mrs.|Dr.|Prof.|Mx."},
    {"Name", FIELD_STRING, .flags = FILTER, .length = 121},
    {"Title", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 128},
    {"Company", FIELD_STRING, .flags = WRITE | FILTER, .length = 255},
    {"Street", FIELD_TEXTAREA, .flags = WRITE | NIL | FILTER, .length = 255},
    {"City", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 40},
    {"State", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 80},
    {"PostalCode", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 20},
    {"Country", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 80},
    {"Latitude", FIELD_DOUBLE, .flags = WRITE | NIL | FILTER, .precision = 18, .scale = 15},
    {"Longitude", FIELD_DOUBLE, .flags = WRITE | NIL | FILTER, .precision = 18, .scale = 15},
    {"GeocodeAccuracy", FIELD_PICKLIST, .flags = WRITE | NIL | FILTER | RESTRICTED, .length = 40,
     .picklist = "Address|NearAddress|Block|Street|ExtendedZip|Zip|Neighborhood|City|County|"
                 "State|Unknown"},
    {"Address", FIELD_ADDRESS, .flags = NIL | FILTER},
    {"Phone", FIELD_PHONE, .flags = WRITE | NIL | FILTER, .length = 40},
    {"MobilePhone", FIELD_PHONE, .flags = WRITE | NIL | FILTER, .length = 40},
    {"Fax", FIELD_PHONE, .flags = WRITE | NIL | FILTER, .length = 40},
    {"Email", FIELD_EMAIL, .flags = WRITE | NIL | FILTER | ID_LOOKUP, .length = 80},
    {"Website", FIELD_URL, .flags = WRITE | NIL | FILTER, .length = 255},
    {"PhotoUrl", FIELD_URL, .flags = NIL | FILTER, .length = 255},
    {"Description", FIELD_TEXTAREA, .flags = WRITE | NIL, .length = 32000},
    {"LeadSource", FIELD_PICKLIST, .flags = WRITE | NIL | FILTER, .length = 255,
     .picklist = "Web|Phone Inquiry|Partner Referral|Purchased List|Other"},
    {"Status", FIELD_PICKLIST, .flags = WRITE | FILTER | DEFAULTED, .length = 255,
     .picklist = "Open - Not Contacted|Working - Contacted|Closed - Converted|"
                 "Closed - Not Converted"},
    {"Industry", FIELD_PICKLIST, .flags = WRITE | NIL | FILTER, .length = 255,
     .picklist = "Agriculture|Apparel|Banking|Biotechnology|Chemicals|Communications|"
                 "Construction|Consulting|Education|Electronics|Energy|Engineering|"
                 "Entertainment|Environmental|Finance|Food & Beverage|Government|Healthcare|"
                 "Hospitality|Insurance|Machinery|Manufacturing|Media|Not For Profit|Recreation|"
                 "Retail|Shipping|Technology|Telecommunications|Transportation|Utilities|Other"},
    {"Rating", FIELD_PICKLIST, .flags = WRITE | NIL | FILTER, .length = 255,
     .picklist = "Hot|Warm|Cold"},
    {"AnnualRevenue", FIELD_CURRENCY, .flags = WRITE | NIL | FILTER, .precision = 18},
    {"NumberOfEmployees", FIELD_INT, .flags = WRITE | NIL | FILTER, .digits = 8},
    {"OwnerId", FIELD_REFERENCE, .flags = WRITE | FILTER | DEFAULTED, .length = 18},
    {"IsConverted", FIELD_BOOLEAN, .flags = CREATE | FILTER | DEFAULTED},
    {"ConvertedDate", FIELD_DATE, .flags = NIL | FILTER},
    {"ConvertedAccountId", FIELD_REFERENCE, .flags = NIL | FILTER, .length = 18},
    {"ConvertedContactId", FIELD_REFERENCE, .flags = NIL | FILTER, .length = 18},
    {"ConvertedOpportunityId", FIELD_REFERENCE, .flags = NIL | FILTER, .length = 18},
    {"IsUnreadByOwner", FIELD_BOOLEAN, .flags = WRITE | FILTER | DEFAULTED},
    {"CreatedDate", FIELD_DATETIME, .flags = FILTER | DEFAULTED},
    {"CreatedById", FIELD_REFERENCE, .flags = FILTER | DEFAULTED, .length = 18},
    {"LastModifiedDate", FIELD_DATETIME, .flags = FILTER | DEFAULTED},
    {"LastModifiedById", FIELD_REFERENCE, .flags = FILTER | DEFAULTED, .length = 18},
    {"SystemModstamp", FIELD_DATETIME, .flags = FILTER | DEFAULTED},
    {"LastActivityDate", FIELD_DATE, .flags = NIL | FILTER},
    {"LastViewedDate", FIELD_DATETIME, .flags = NIL | FILTER},
    {"LastReferencedDate", FIELD_DATETIME, .flags = NIL | FILTER},
    {"Jigsaw", FIELD_STRING, .flags = WRITE | NIL | FILTER, .length = 20},
    {"JigsawContactId", FIELD_STRING, .flags = NIL | FILTER, .length = 20},
    {"EmailBouncedReason", FIELD_STRING, .flags = UPDATE | NIL | FILTER, .length = 255},
    {"EmailBouncedDate", FIELD_DATETIME, .flags = UPDATE | NIL | FILTER},
};

const struct standard_object standard_lead = {
    "Lead",
    fields,
    sizeof(fields) / sizeof(fields[0]),
};
