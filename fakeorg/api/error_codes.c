/* The table of codes and their texts. */
#include "fakeorg/api/error_codes.h"

#include <string.h>

/* A code of both calls and records: where an operation saves records, the first row
   applies. */
const struct api_error_code api_error_codes[] = {
    {"INVALID_SESSION_ID", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "Invalid Session ID found in SessionHeader: Illegal Session", NULL},
    {"INVALID_SESSION_ID", "hash", OF_CALLS, API_ERROR_UNEXPECTED,
     "Invalid Session ID found in SessionHeader: Illegal Session. Session not "
     "found, missing session hash: "
     "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG=\nThis error usually occurs "
     "after a session expires or a user logs out. ",
     NULL},
    {"INVALID_SESSION_ID", "api", OF_CALLS, API_ERROR_UNEXPECTED,
     "This session is not valid for use with the API", NULL},
    {"INVALID_LOGIN", NULL, OF_CALLS, API_ERROR_LOGIN,
     "Invalid username, password, security token; or user locked out.", NULL},
    {"LOGIN_MUST_USE_SECURITY_TOKEN", NULL, OF_CALLS, API_ERROR_LOGIN,
     "Invalid username, password, security token; or user locked out. Are you at"
     " a new location? When accessing Salesforce--either via a desktop client or"
     " the API--from outside of your company's trusted networks, you must add a "
     "security token to your password to log in.",
     NULL},
    {"PASSWORD_LOCKOUT", NULL, OF_CALLS, API_ERROR_LOGIN, "The password has been locked out", NULL},
    {"LOGIN_DURING_RESTRICTED_TIME", NULL, OF_CALLS, API_ERROR_LOGIN,
     "You are not allowed to login at this time", NULL},
    {"LOGIN_DURING_RESTRICTED_DOMAIN", NULL, OF_CALLS, API_ERROR_LOGIN,
     "You are not allowed to login from this address", NULL},
    {"LOGIN_CHALLENGE_ISSUED", NULL, OF_CALLS, API_ERROR_LOGIN, "Your computer is not activated",
     NULL},
    {"LOGIN_CHALLENGE_PENDING", NULL, OF_CALLS, API_ERROR_LOGIN,
     "Your computer is still not activated", NULL},
    {"ORG_LOCKED", NULL, OF_CALLS, API_ERROR_LOGIN, "The organization is locked", NULL},
    {"TRIAL_EXPIRED", NULL, OF_CALLS, API_ERROR_LOGIN, "The trial period has expired", NULL},
    {"CLIENT_NOT_ACCESSIBLE_FOR_USER", NULL, OF_CALLS, API_ERROR_LOGIN,
     "This client is not accessible for this user", NULL},
    {"CLIENT_REQUIRE_UPDATE_FOR_USER", NULL, OF_CALLS, API_ERROR_LOGIN,
     "This client must be updated", NULL},
    {"MUTUAL_AUTHENTICATION_FAILED", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "This session could not be mutually authenticated for use with the API", NULL},
    {"INACTIVE_OWNER_OR_USER", NULL, OF_CALLS, API_ERROR_UNEXPECTED, "The user is inactive", NULL},
    {"INVALID_OPERATION_WITH_EXPIRED_PASSWORD", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "The users password has expired, you must call SetPassword before "
     "attempting any other API operations",
     NULL},
    {"INVALID_OPERATION_WITH_EXPIRED_PASSWORD", "reset", OF_CALLS, API_ERROR_UNEXPECTED,
     "Your password has expired. Please reset your password.", NULL},
    {"INVALID_OPERATION", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "SOAP API login() is disabled by default in this org. Contact the org "
     "administrator to enable SOAP API login().",
     NULL},
    {"INVALID_OPERATION", "version", OF_CALLS, API_ERROR_UNEXPECTED,
     "The SOAP Login operation is not available in the API version specified "
     "(65.0). Refer to the documentation for supported versions.",
     NULL},
    {"UNSUPPORTED_API_VERSION", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "Invalid Api version specified on URL", NULL},
    {"UNSUPPORTED_CLIENT", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "This client is no longer supported", NULL},
    {"INSUFFICIENT_ACCESS", NULL, OF_CALLS, API_ERROR_UNEXPECTED, "insufficient access rights",
     NULL},
    {"FUNCTIONALITY_NOT_ENABLED", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "This functionality is not enabled", NULL},
    {"API_DISABLED_FOR_ORG", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "API is not enabled for this Organization or Partner", NULL},
    {"API_CURRENTLY_DISABLED", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "The API is currently disabled", NULL},
    {"REQUEST_LIMIT_EXCEEDED", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "TotalRequests Limit exceeded.", NULL},
    {"REQUEST_LIMIT_EXCEEDED", "concurrent", OF_CALLS, API_ERROR_UNEXPECTED,
     "ConcurrentRequests (Concurrent API Requests) Limit exceeded.", NULL},
    {"REQUEST_LIMIT_EXCEEDED", "long", OF_CALLS, API_ERROR_UNEXPECTED,
     "ConcurrentPerOrgLongTxn Limit exceeded.", NULL},
    {"SERVER_UNAVAILABLE", NULL, OF_CALLS, API_ERROR_UNEXPECTED, "Server is unavailable", NULL},
    {"UNKNOWN_EXCEPTION", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "An unexpected error occurred. Please include this ErrorId if you contact "
     "support: 1234567890-12345 (-1234567890)",
     NULL},
    {"INTERNAL_ERROR", NULL, OF_CALLS, API_ERROR_UNEXPECTED, "An internal error occurred", NULL},
    {"INTERNAL_SERVER_ERROR", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "An internal server error occurred", NULL},
    {"QUERY_TIMEOUT", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "Your query request was running for too long.", NULL},
    {"REQUEST_RUNNING_TOO_LONG", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "Your request was running for too long, and has been stopped.", NULL},
    {"UNABLE_TO_LOCK_ROW", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "unable to obtain exclusive access to this record or 1 records: "
     "00Q000000000001AAA",
     NULL},
    {"UNABLE_TO_LOCK_ROW", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "unable to obtain exclusive access to this record", NULL},
    {"INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "Inserts, updates and deletes are not allowed during maintenance", NULL},
    {"ORG_IN_MAINTENANCE", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "The organization is in maintenance", NULL},
    {"FUNCTIONALITY_TEMPORARILY_UNAVAILABLE", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "This functionality is temporarily unavailable", NULL},
    {"CDS_TIMEOUT_EXCEPTION", NULL, OF_CALLS, API_ERROR_UNEXPECTED, "The request timed out", NULL},
    {"CIRCUIT_BREAKER_OPEN_EXCEPTION", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "The service is not available now", NULL},
    {"EXCEEDED_QUOTA", NULL, OF_CALLS, API_ERROR_UNEXPECTED, "The quota has been exceeded", NULL},
    {"LIMIT_EXCEEDED", NULL, OF_CALLS, API_ERROR_UNEXPECTED, "You have reached a limit", NULL},
    {"TXN_SECURITY_NO_ACCESS", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "A transaction security policy of your organization stands against this "
     "request",
     NULL},
    {"TXN_SECURITY_TWO_FA_REQUIRED", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "A transaction security policy of your organization stands against this "
     "request",
     NULL},
    {"TXN_SECURITY_END_A_SESSION", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "A transaction security policy of your organization stands against this "
     "request",
     NULL},
    {"TXN_SECURITY_FAIL_CLOSE", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "A transaction security policy of your organization stands against this "
     "request",
     NULL},
    {"TXN_SECURITY_METERING_ERROR", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "A transaction security policy of your organization stands against this "
     "request",
     NULL},
    {"TXN_SECURITY_RUNTIME_ERROR", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "A transaction security policy of your organization stands against this "
     "request",
     NULL},
    {"TXN_SECURITY_APEX_ERROR", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "A transaction security policy of your organization stands against this "
     "request",
     NULL},
    {"INVALID_FIELD", NULL, OF_CALLS, API_ERROR_FIELD,
     "No such column 'Gone__c' on entity 'Lead'. If you are attempting to use a "
     "custom field, be sure to append the '__c' after the custom field name. "
     "Please reference your WSDL or the describe call for the appropriate names.",
     NULL},
    {"INVALID_TYPE", NULL, OF_CALLS, API_ERROR_SOBJECT, "sObject type 'Lead' is not supported.",
     NULL},
    {"INVALID_TYPE_FOR_OPERATION", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "entity type Lead does not support this operation", NULL},
    {"CLIENT", NULL, OF_CALLS, API_ERROR_CLIENT,
     "'abc' is not a valid value for the type xsd:double", NULL},
    {"XML_PARSER_ERROR", NULL, OF_CALLS, API_ERROR_UNEXPECTED, "The XML could not be read", NULL},
    {"INVALID_SOAP_HEADER", NULL, OF_CALLS, API_ERROR_UNEXPECTED, "A SOAP header is not valid",
     NULL},
    {"MISSING_ARGUMENT", NULL, OF_CALLS, API_ERROR_UNEXPECTED, "An argument is missing", NULL},
    {"ARGUMENT_OBJECT_PARSE_ERROR", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "An argument could not be read", NULL},
    {"MALFORMED_QUERY", NULL, OF_CALLS, API_ERROR_QUERY, "unexpected token: FROM", NULL},
    {"QUERY_TOO_COMPLICATED", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "Query is either selecting too many fields or the filter conditions are too"
     " complicated.",
     NULL},
    {"MALFORMED_ID", NULL, OF_CALLS, API_ERROR_ID, "bad id 006i000004DAKd", NULL},
    {"INVALID_QUERY_LOCATOR", NULL, OF_CALLS, API_ERROR_QUERY_LOCATOR, "invalid query locator",
     NULL},
    {"EXCEEDED_ID_LIMIT", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "record limit reached. cannot submit more than 200 records into this call", NULL},
    {"EXCEEDED_MAX_SIZE_REQUEST", NULL, OF_CALLS, API_ERROR_UNEXPECTED, "The request is too large",
     NULL},
    {"EXCEEDED_MAX_TYPES_LIMIT", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "cannot submit more than 10 runs of one type into this call", NULL},
    {"OPERATION_TOO_LARGE", NULL, OF_CALLS, API_ERROR_UNEXPECTED, "The operation is too large",
     NULL},
    {"INVALID_ASSIGNMENT_RULE", NULL, OF_CALLS, API_ERROR_UNEXPECTED,
     "The assignment rule is not valid", NULL},
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "LeadTrigger: execution of AfterInsert caused by: System.DmlException: "
     "Update failed. first error: FIELD_CUSTOM_VALIDATION_EXCEPTION, Choose a "
     "region: []",
     NULL},
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "lock", OF_RECORDS, API_ERROR_UNEXPECTED,
     "LeadTrigger: execution of AfterInsert caused by: System.DmlException: "
     "Update failed. first error: UNABLE_TO_LOCK_ROW, unable to obtain exclusive"
     " access to this record: []",
     NULL},
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "queries", OF_RECORDS, API_ERROR_UNEXPECTED,
     "LeadTrigger: System.LimitException: Too many SOQL queries: 101", NULL},
    {"CANNOT_EXECUTE_FLOW_TRIGGER", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "We can't save this record because the \"Lead\" process failed.", NULL},
    {"FLOW_EXCEPTION", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "An unhandled fault has occurred in this flow", NULL},
    {"APEX_FAILED", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "An Apex script of the organization failed", NULL},
    {"ALL_OR_NONE_OPERATION_ROLLED_BACK", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "Record rolled back because not all records were valid and the request was "
     "using AllOrNone header",
     NULL},
    {"REQUEST_RUNNING_TOO_LONG", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "Your request was running for too long, and has been stopped.", NULL},
    {"QUERY_TIMEOUT", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "Your query request was running for too long.", NULL},
    {"UNKNOWN_EXCEPTION", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "An unexpected error occurred. Please include this ErrorId if you contact "
     "support: 1234567890-12345 (-1234567890)",
     NULL},
    {"INTERNAL_ERROR", NULL, OF_RECORDS, API_ERROR_UNEXPECTED, "An internal error occurred", NULL},
    {"SERVICE_UNAVAILABLE", NULL, OF_RECORDS, API_ERROR_UNEXPECTED, "The service is unavailable",
     NULL},
    {"TOO_MANY_APEX_REQUESTS", NULL, OF_RECORDS, API_ERROR_UNEXPECTED, "Too many Apex requests",
     NULL},
    {"MATCH_SERVICE_TIMED_OUT", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "The match service timed out", NULL},
    {"MATCH_SERVICE_UNAVAILABLE_ERROR", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "The match service is unavailable", NULL},
    {"STORAGE_LIMIT_EXCEEDED", NULL, OF_RECORDS, API_ERROR_UNEXPECTED, "storage limit exceeded",
     NULL},
    {"REQUIRED_FIELD_MISSING", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "Required fields are missing: [LastName]", "LastName"},
    {"STRING_TOO_LONG", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "City: data value too large: "
     "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch (max length=40)",
     "City"},
    {"INVALID_EMAIL_ADDRESS", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "Email: invalid email address: nobody", "Email"},
    {"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "bad value for restricted picklist field: Lukewarm", "Rating"},
    {"FIELD_CUSTOM_VALIDATION_EXCEPTION", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "Choose a region before you save.", NULL},
    {"FIELD_INTEGRITY_EXCEPTION", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "There's a problem with this country, even though it may appear correct. "
     "Please select a country/territory from the list of valid countries.: "
     "Country",
     "Country"},
    {"FIELD_FILTER_VALIDATION_EXCEPTION", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "Value does not exist or does not match filter criteria.", NULL},
    {"DUPLICATES_DETECTED", NULL, OF_RECORDS, API_ERROR_UNEXPECTED, "Use one of these records?",
     NULL},
    {"DUPLICATE_VALUE", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "duplicate value found: Ext__c duplicates value on record with id: "
     "00Q000000000001",
     NULL},
    {"DUPLICATE_EXTERNAL_ID", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "more than one record found for external id field", NULL},
    {"CANNOT_UPDATE_CONVERTED_LEAD", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "cannot reference converted lead", NULL},
    {"ENTITY_IS_DELETED", NULL, OF_RECORDS, API_ERROR_UNEXPECTED, "entity is deleted", NULL},
    {"INVALID_CROSS_REFERENCE_KEY", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "invalid cross reference id", NULL},
    {"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "insufficient access rights on cross-reference id", NULL},
    {"INSUFFICIENT_ACCESS_OR_READONLY", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "insufficient access rights on object id", NULL},
    {"INSUFFICIENT_ACCESS", NULL, OF_RECORDS, API_ERROR_UNEXPECTED, "insufficient access rights",
     NULL},
    {"TRANSFER_REQUIRES_READ", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "The new owner must have read permission", NULL},
    {"INVALID_FIELD_FOR_INSERT_UPDATE", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "Unable to create/update fields: City. Please check the security settings "
     "of this field and verify that it is read/write for your profile or "
     "permission set.",
     "City"},
    {"INVALID_TYPE_ON_FIELD_IN_RECORD", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "City: value not of required type: 1", "City"},
    {"NUMBER_OUTSIDE_VALID_RANGE", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "Employees: value outside of valid range on numeric field: 123456789", "NumberOfEmployees"},
    {"DATE_OUT_OF_RANGE", NULL, OF_RECORDS, API_ERROR_UNEXPECTED, "Date out of range", NULL},
    {"MALFORMED_ID", NULL, OF_RECORDS, API_ERROR_UNEXPECTED, "bad id 006i000004DAKd", NULL},
    {"INVALID_OWNER", NULL, OF_RECORDS, API_ERROR_UNEXPECTED, "The owner is not valid", "OwnerId"},
    {"INACTIVE_OWNER_OR_USER", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "operation performed with inactive user [005000000000001] as owner of lead", "OwnerId"},
    {"ENTITY_IS_LOCKED", NULL, OF_RECORDS, API_ERROR_UNEXPECTED, "the entity is locked for editing",
     NULL},
    {"RECORD_LOCKED", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "the record you are trying to edit, or one of its related records, is "
     "currently being modified by another user",
     NULL},
    {"MISSING_ARGUMENT", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "Id not specified in an update call", "Id"},
    {"LICENSE_LIMIT_EXCEEDED", NULL, OF_RECORDS, API_ERROR_UNEXPECTED, "license limit exceeded",
     NULL},
    {"LIMIT_EXCEEDED", NULL, OF_RECORDS, API_ERROR_UNEXPECTED, "You have reached a limit", NULL},
    {"TXN_SECURITY_NO_ACCESS", NULL, OF_RECORDS, API_ERROR_UNEXPECTED,
     "A transaction security policy of your organization stands against this "
     "request",
     NULL},
};

const size_t api_error_codes_count = sizeof api_error_codes / sizeof api_error_codes[0];

const struct api_error_code *api_error_code_find(const char *code, const char *variant,
                                                 enum code_scope scope)
{
    for (size_t i = 0; i < api_error_codes_count; i++) {
        const struct api_error_code *row = &api_error_codes[i];
        if (row->scope != scope || strcmp(row->code, code) != 0)
            continue;
        if (variant == NULL || (row->variant != NULL && strcmp(row->variant, variant) == 0))
            return row;
    }
    return NULL;
}
