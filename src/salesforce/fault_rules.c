/* fault_rules: the tables of what each code means. */
#include "salesforce/fault_rules.h"

#include <string.h>

#define COUNT_OF(table) (sizeof(table) / sizeof(table)[0])

static const char nothing[] = "";

/* ---- calls that failed as a whole; the first row that fits decides ---- */

enum scope { ANY_CALL, SIGN_IN };

static const struct fault_rule {
    const char *code; /* a '*' at its end matches anything */
    const char *text; /* must be in the message; NULL: any */
    enum scope scope;
    enum org_class class;
    const char *advice;
} fault_rules[] = {
    /* signed out or refused */
    {"INVALID_SESSION_ID", "not valid for use with the API", ANY_CALL, ORG_STOP,
     "Give the user's profile or permission set \"API Enabled\"."},
    {"INVALID_SESSION_ID", NULL, ANY_CALL, ORG_STOP,
     "A new session was refused as well: check session settings of the org (sessions locked to an "
     "IP address, several programs with the same user)."},
    {"INVALID_LOGIN", NULL, ANY_CALL, ORG_STOP,
     "Correct user name, password or security token; see the user's login history in Setup. A "
     "changed password brings a new token by mail. Sandbox users sign in at test.salesforce.com."},
    {"LOGIN_MUST_USE_SECURITY_TOKEN", NULL, ANY_CALL, ORG_STOP,
     "Enter the user's security token, or add this machine's address to the trusted IP ranges."},
    {"PASSWORD_LOCKOUT", NULL, ANY_CALL, ORG_STOP,
     "The user is locked after wrong passwords: an administrator unlocks it in Setup, Users."},
    {"LOGIN_RATE_EXCEEDED", NULL, ANY_CALL, ORG_RETRY_LONG,
     "More than 3,600 sign-ins an hour of this user: give Leadline a user of its own."},
    {"LOGIN_DURING_RESTRICTED_TIME", NULL, ANY_CALL, ORG_STOP,
     "The profile's login hours keep the user out: widen them for the integration user."},
    {"LOGIN_DURING_RESTRICTED_DOMAIN", NULL, ANY_CALL, ORG_STOP,
     "The profile's login IP ranges keep this machine out: add its address."},
    {"LOGIN_CHALLENGE_*", NULL, ANY_CALL, ORG_STOP,
     "The org wants to verify who signs in: add this machine's address to the trusted IP ranges."},
    {"ORG_LOCKED", NULL, ANY_CALL, ORG_STOP, "The org is locked: ask Salesforce support."},
    {"TRIAL_EXPIRED", NULL, ANY_CALL, ORG_STOP, "The org's trial has ended."},
    {"CLIENT_NOT_ACCESSIBLE_FOR_USER", NULL, ANY_CALL, ORG_STOP,
     "The org does not let this user use this kind of program: see API access control in Setup."},
    {"CLIENT_REQUIRE_UPDATE_FOR_USER", NULL, ANY_CALL, ORG_STOP,
     "The org wants a newer version of the program."},
    {"MUTUAL_AUTHENTICATION_FAILED", NULL, ANY_CALL, ORG_STOP,
     "The user must sign in with a client certificate: use a user without that demand."},
    {"INACTIVE_OWNER_OR_USER", NULL, ANY_CALL, ORG_STOP,
     "The integration user is inactive: activate it."},
    {"INVALID_OPERATION_WITH_EXPIRED_PASSWORD", NULL, ANY_CALL, ORG_STOP,
     "The password has expired: set a new one, enter it with the new security token, and let "
     "the integration user's password never expire."},
    {"INVALID_OPERATION", NULL, SIGN_IN, ORG_STOP,
     "The org refuses the SOAP login: an administrator turns on \"SOAP API login()\" in Setup, "
     "User Interface."},
    {"UNSUPPORTED_API_VERSION", NULL, ANY_CALL, ORG_STOP,
     "The API version is no longer served: update Leadline."},
    {"UNSUPPORTED_CLIENT", NULL, ANY_CALL, ORG_STOP,
     "The org no longer accepts this program: update Leadline."},
    {"INSUFFICIENT_ACCESS", NULL, SIGN_IN, ORG_STOP,
     "Give the user the permissions \"API Enabled\" and \"Use Any API Auth\"."},
    {"INSUFFICIENT_ACCESS", NULL, ANY_CALL, ORG_STOP,
     "Give the user read, create and edit on the objects that Leadline writes."},
    {"FUNCTIONALITY_NOT_ENABLED", NULL, ANY_CALL, ORG_STOP,
     "The org lacks the feature that the call needs."},
    {"API_DISABLED_FOR_ORG", NULL, ANY_CALL, ORG_STOP,
     "The org's edition has no API, or the user lacks \"API Enabled\"."},
    {"TXN_SECURITY_METERING_ERROR", NULL, ANY_CALL, ORG_RETRY_LONG,
     "A transaction security policy of the org could not be evaluated."},
    {"TXN_SECURITY_RUNTIME_ERROR", NULL, ANY_CALL, ORG_RETRY_LONG,
     "A transaction security policy of the org could not be evaluated."},
    {"TXN_SECURITY_*", NULL, ANY_CALL, ORG_STOP,
     "A transaction security policy of the org forbids the call: exempt the integration user."},

    /* limits */
    {"REQUEST_LIMIT_EXCEEDED", "TotalRequests", ANY_CALL, ORG_DAY_LIMIT,
     "The org's API calls of the last 24 hours are used up; Leadline tries again by itself. See "
     "who uses them in Setup, Company Information."},
    {"REQUEST_LIMIT_EXCEEDED", "Concurrent", ANY_CALL, ORG_BUSY,
     "Too many long calls at once in the org; Leadline slows down by itself."},
    {"REQUEST_LIMIT_EXCEEDED", NULL, ANY_CALL, ORG_DAY_LIMIT,
     "A request limit of the org is used up; Leadline tries again by itself."},
    {"EXCEEDED_QUOTA", NULL, ANY_CALL, ORG_STOP, "A quota of the org is used up."},
    {"LIMIT_EXCEEDED", NULL, ANY_CALL, ORG_STOP, "A limit of the org is reached."},
    {"STORAGE_LIMIT_EXCEEDED", NULL, ANY_CALL, ORG_STOP,
     "The org's data storage is full: free some, or buy more."},

    /* temporary problems */
    {"API_CURRENTLY_DISABLED", NULL, ANY_CALL, ORG_RETRY_LONG,
     "Salesforce has switched the API off for a while."},
    {"INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", NULL, ANY_CALL, ORG_RETRY_LONG,
     "The org is read-only during maintenance."},
    {"ORG_IN_MAINTENANCE", NULL, ANY_CALL, ORG_RETRY_LONG, "The org is under maintenance."},
    {"FUNCTIONALITY_TEMPORARILY_UNAVAILABLE", NULL, ANY_CALL, ORG_RETRY_LONG, nothing},
    {"CDS_TIMEOUT_EXCEPTION", NULL, ANY_CALL, ORG_RETRY_LONG, nothing},
    {"CIRCUIT_BREAKER_OPEN_EXCEPTION", NULL, ANY_CALL, ORG_RETRY_LONG, nothing},
    {"SERVER_UNAVAILABLE", NULL, ANY_CALL, ORG_RETRY, nothing},
    {"UNABLE_TO_LOCK_ROW", NULL, ANY_CALL, ORG_RETRY, nothing},
    {"INVALID_QUERY_LOCATOR", NULL, ANY_CALL, ORG_RETRY, nothing},
    {"UNKNOWN_EXCEPTION", NULL, ANY_CALL, ORG_RETRY_FEW, nothing},
    {"INTERNAL_ERROR", NULL, ANY_CALL, ORG_RETRY_FEW, nothing},
    {"INTERNAL_SERVER_ERROR", NULL, ANY_CALL, ORG_RETRY_FEW, nothing},

    /* the call itself */
    {"INVALID_FIELD", NULL, ANY_CALL, ORG_STALE_SCHEMA,
     "A field does not exist or is hidden from the user: grant field-level security, or take it "
     "out of the mapping."},
    {"INVALID_TYPE", NULL, ANY_CALL, ORG_STALE_SCHEMA,
     "An object does not exist or is hidden from the user: grant access to it."},
    {"INVALID_TYPE_FOR_OPERATION", NULL, ANY_CALL, ORG_STALE_SCHEMA,
     "The object does not allow this operation."},
    {"Client", NULL, ANY_CALL, ORG_BISECT, "The org could not read a value of this record."},
    {"MALFORMED_ID", NULL, ANY_CALL, ORG_BISECT, "A value is no Id: see lookups in the mapping."},
    {"MALFORMED_QUERY", NULL, ANY_CALL, ORG_BISECT, "A look-up value could not be asked for."},
    {"QUERY_TOO_COMPLICATED", NULL, ANY_CALL, ORG_SPLIT, nothing},
    {"QUERY_TIMEOUT", NULL, ANY_CALL, ORG_SPLIT,
     "Make the look-up fields external ids, so that the org indexes them."},
    {"REQUEST_RUNNING_TOO_LONG", NULL, ANY_CALL, ORG_SPLIT,
     "Automation of the org takes long for many records at once."},
    {"EXCEEDED_ID_LIMIT", NULL, ANY_CALL, ORG_SPLIT, nothing},
    {"EXCEEDED_MAX_SIZE_REQUEST", NULL, ANY_CALL, ORG_SPLIT, nothing},
    {"EXCEEDED_MAX_TYPES_LIMIT", NULL, ANY_CALL, ORG_SPLIT, nothing},
    {"OPERATION_TOO_LARGE", NULL, ANY_CALL, ORG_SPLIT, nothing},
    {"XML_PARSER_ERROR", NULL, ANY_CALL, ORG_STOP, "Please report this as a fault of Leadline."},
    {"INVALID_SOAP_HEADER", NULL, ANY_CALL, ORG_STOP, "Please report this as a fault of Leadline."},
    {"MISSING_ARGUMENT", NULL, ANY_CALL, ORG_STOP, "Please report this as a fault of Leadline."},
    {"ARGUMENT_OBJECT_PARSE_ERROR", NULL, ANY_CALL, ORG_STOP,
     "Please report this as a fault of Leadline."},
    {"INVALID_ASSIGNMENT_RULE", NULL, ANY_CALL, ORG_STOP,
     "Activate a lead assignment rule in the org, or turn assignment rules off in the settings."},

    /* our own: the connection to the org, and answers that are not SOAP */
    {FAULT_CONNECTION, NULL, ANY_CALL, ORG_RETRY, "Check the network between here and Salesforce."},
    {FAULT_TIMEOUT, NULL, ANY_CALL, ORG_RETRY, nothing},
    {FAULT_TLS, NULL, ANY_CALL, ORG_RETRY, "Check for a proxy that breaks TLS 1.2 connections."},
    {FAULT_CERTIFICATE, NULL, ANY_CALL, ORG_RETRY_LONG,
     "The server's certificate is not trusted: check this machine's clock and CA certificates."},
    {FAULT_INTERRUPTED, NULL, ANY_CALL, ORG_RETRY, nothing},
    {FAULT_ADDRESS, NULL, ANY_CALL, ORG_STOP,
     "Addresses must begin with https:// (http:// on this machine only): correct login_url."},
    {FAULT_FOREIGN, NULL, ANY_CALL, ORG_STOP,
     "No session is sent outside Salesforce's domains and the host of login_url: correct "
     "login_url, "
     "and see what is between here and Salesforce."},
    {FAULT_NOT_API, NULL, ANY_CALL, ORG_RETRY,
     "What answers is not the API: check login_url, proxies and trust.salesforce.com."},
    {"HTTP_3*", NULL, ANY_CALL, ORG_STOP,
     "The server sends elsewhere: set login_url to login.salesforce.com, test.salesforce.com or "
     "the My Domain address of the org."},
    {"HTTP_404", NULL, ANY_CALL, ORG_STOP, "There is no API at this address: correct login_url."},
    {"HTTP_410", NULL, ANY_CALL, ORG_STOP, "There is no API at this address: correct login_url."},
    {"HTTP_413", NULL, ANY_CALL, ORG_SPLIT, nothing},
    {"HTTP_429", NULL, ANY_CALL, ORG_BUSY, nothing},
    {"HTTP_4*", NULL, ANY_CALL, ORG_RETRY_LONG,
     "Something before the API refuses the call: check proxies and trust.salesforce.com."},
    {"HTTP_*", NULL, ANY_CALL, ORG_RETRY, "See trust.salesforce.com for the state of the org."},
    {FAULT_ANSWER_TOO_LARGE, NULL, ANY_CALL, ORG_SPLIT, nothing},
    {FAULT_REQUEST_TOO_LARGE, NULL, ANY_CALL, ORG_SPLIT, nothing},
    {FAULT_RESULT_COUNT, NULL, ANY_CALL, ORG_RETRY,
     "The answer was changed on the way: check proxies between here and Salesforce."},
    {FAULT_UNTRUE_ANSWER, NULL, ANY_CALL, ORG_RETRY,
     "The answer was changed on the way: check proxies between here and Salesforce."},
    {FAULT_FOREIGN_ROW, NULL, ANY_CALL, ORG_RETRY_FEW,
     "The org answered a look-up with a record that was not asked for: check proxies between here "
     "and Salesforce, and how the look-up field compares in the org."},
    {FAULT_NAME, NULL, ANY_CALL, ORG_STALE_SCHEMA,
     "A name in the settings is no API name of an object or field: correct it."},
    {FAULT_MEMORY, NULL, ANY_CALL, ORG_RETRY, "This machine is out of memory."},
    {FAULT_SYSTEM, NULL, ANY_CALL, ORG_RETRY, nothing},

    /* all others: a sign-in is never repeated blindly; an unknown code never turns a whole
       queue into dead letters */
    {"*", NULL, SIGN_IN, ORG_STOP, "See the user's login history in Setup."},
    {"*", NULL, ANY_CALL, ORG_RETRY, nothing},
};

/* A sign-in has no records to search or halves to cut; and it must not lead to a
   class that ends in dead letters. */
static enum org_class sign_in_class(enum org_class class)
{
    switch (class) {
    case ORG_RETRY_FEW:
        return ORG_RETRY;
    case ORG_BISECT:
    case ORG_STALE_SCHEMA:
    case ORG_SPLIT:
        return ORG_STOP;
    default:
        return class;
    }
}

/* ---- single records; the first row that fits decides ---- */

enum when { ALWAYS, ON_UPDATE, OWN_ID /* on update, with no field named */ };

static const struct record_rule {
    const char *code;
    const char *text;
    enum when when;
    enum org_record_class class;
    const char *advice;
} record_rules[] = {
    {"UNABLE_TO_LOCK_ROW", NULL, ALWAYS, ORG_RECORD_RETRY, nothing},
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "UNABLE_TO_LOCK_ROW", ALWAYS, ORG_RECORD_RETRY,
     nothing},
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Too many SOQL queries", ALWAYS, ORG_RECORD_RETRY,
     "An Apex trigger asks one query a record: have it handle many records at once."},
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", NULL, ALWAYS, ORG_RECORD_DEAD,
     "An Apex trigger of the org failed: its name and cause are in the message."},
    {"CANNOT_EXECUTE_FLOW_TRIGGER", NULL, ALWAYS, ORG_RECORD_RETRY_FEW,
     "A flow of the org failed: see the flow error mail of its administrator."},
    {"FLOW_EXCEPTION", NULL, ALWAYS, ORG_RECORD_RETRY_FEW,
     "A flow of the org failed: see the flow error mail of its administrator."},
    {"APEX_FAILED", NULL, ALWAYS, ORG_RECORD_RETRY_FEW, "Apex code of the org failed."},
    {"ALL_OR_NONE_OPERATION_ROLLED_BACK", NULL, ALWAYS, ORG_RECORD_RETRY, nothing},
    {"REQUEST_RUNNING_TOO_LONG", NULL, ALWAYS, ORG_RECORD_RETRY, nothing},
    {"QUERY_TIMEOUT", NULL, ALWAYS, ORG_RECORD_RETRY, nothing},
    {"UNKNOWN_EXCEPTION", NULL, ALWAYS, ORG_RECORD_RETRY, nothing},
    {"INTERNAL_ERROR", NULL, ALWAYS, ORG_RECORD_RETRY, nothing},
    {"SERVICE_UNAVAILABLE", NULL, ALWAYS, ORG_RECORD_RETRY, nothing},
    {"TOO_MANY_APEX_REQUESTS", NULL, ALWAYS, ORG_RECORD_RETRY, nothing},
    {"MATCH_SERVICE_TIMED_OUT", NULL, ALWAYS, ORG_RECORD_RETRY, nothing},
    {"MATCH_SERVICE_UNAVAILABLE_ERROR", NULL, ALWAYS, ORG_RECORD_RETRY, nothing},
    {"ENTITY_IS_LOCKED", NULL, ALWAYS, ORG_RECORD_RETRY,
     "The record waits for an approval, which locks it."},
    {"RECORD_LOCKED", NULL, ALWAYS, ORG_RECORD_RETRY,
     "The record waits for an approval, which locks it."},

    {"STORAGE_LIMIT_EXCEEDED", NULL, ALWAYS, ORG_RECORD_STOP,
     "The org's data storage is full: free some, or buy more."},
    {"LICENSE_LIMIT_EXCEEDED", NULL, ALWAYS, ORG_RECORD_STOP, "A licence of the org is used up."},
    {"LIMIT_EXCEEDED", NULL, ALWAYS, ORG_RECORD_STOP, "A limit of the org is reached."},
    {"TXN_SECURITY_NO_ACCESS", NULL, ALWAYS, ORG_RECORD_STOP,
     "A transaction security policy of the org forbids the write: exempt the integration user."},

    {"DUPLICATES_DETECTED", NULL, ALWAYS, ORG_RECORD_DUPLICATE,
     "A duplicate rule of the org found a record like this one."},
    {"DUPLICATE_VALUE", "duplicate id in list", ON_UPDATE, ORG_RECORD_RETRY, nothing},
    {"DUPLICATE_VALUE", NULL, ALWAYS, ORG_RECORD_DUPLICATE,
     "Another record holds a value that must be unique."},
    {"CANNOT_UPDATE_CONVERTED_LEAD", NULL, ALWAYS, ORG_RECORD_CONVERTED,
     "The Lead has been converted: see converted_lead in the settings."},
    {"ENTITY_IS_DELETED", NULL, ON_UPDATE, ORG_RECORD_LOST, nothing},
    {"ENTITY_IS_DELETED", NULL, ALWAYS, ORG_RECORD_DEAD,
     "A record that this one points to has been deleted."},
    {"INVALID_CROSS_REFERENCE_KEY", NULL, OWN_ID, ORG_RECORD_LOST, nothing},
    {"INVALID_CROSS_REFERENCE_KEY", NULL, ALWAYS, ORG_RECORD_DEAD,
     "A lookup field points to a record that does not exist."},

    {"STRING_TOO_LONG", NULL, ALWAYS, ORG_RECORD_DROP_FIELD, "A text is longer than its field."},
    {"INVALID_EMAIL_ADDRESS", NULL, ALWAYS, ORG_RECORD_DROP_FIELD,
     "The org does not take the value for an e-mail address."},
    {"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", NULL, ALWAYS, ORG_RECORD_DROP_FIELD,
     "The value is not in the restricted picklist: add it there, or map it to one that is."},
    {"FIELD_INTEGRITY_EXCEPTION", NULL, ALWAYS, ORG_RECORD_DROP_FIELD,
     "The value does not fit the others; country and state must be known to the org where their "
     "picklists are on."},
    {"INVALID_FIELD_FOR_INSERT_UPDATE", NULL, ALWAYS, ORG_RECORD_DROP_FIELD,
     "The field cannot be written by this user."},
    {"INVALID_TYPE_ON_FIELD_IN_RECORD", NULL, ALWAYS, ORG_RECORD_DROP_FIELD,
     "The value does not fit the field's type."},
    {"NUMBER_OUTSIDE_VALID_RANGE", NULL, ALWAYS, ORG_RECORD_DROP_FIELD,
     "The number has more digits than the field."},
    {"DATE_OUT_OF_RANGE", NULL, ALWAYS, ORG_RECORD_DROP_FIELD,
     "The date lies outside what Salesforce holds."},

    {"REQUIRED_FIELD_MISSING", NULL, ALWAYS, ORG_RECORD_DEAD,
     "The org requires a field that the event does not have: map one to it, or give it a "
     "default."},
    {"FIELD_CUSTOM_VALIDATION_EXCEPTION", NULL, ALWAYS, ORG_RECORD_DEAD,
     "A validation rule of the org refuses the record; its text is in the message."},
    {"FIELD_FILTER_VALIDATION_EXCEPTION", NULL, ALWAYS, ORG_RECORD_DEAD,
     "A lookup filter of the org refuses the value."},
    {"DUPLICATE_EXTERNAL_ID", NULL, ALWAYS, ORG_RECORD_DEAD,
     "Several records of the org hold this external id: merge them."},
    {"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", NULL, ALWAYS, ORG_RECORD_DEAD,
     "The user may not see or edit a record that this one points to."},
    {"INSUFFICIENT_ACCESS_OR_READONLY", NULL, ALWAYS, ORG_RECORD_DEAD,
     "The user may not edit this record: give it \"Modify All\" on the object, or share it."},
    {"INSUFFICIENT_ACCESS", NULL, ALWAYS, ORG_RECORD_DEAD, "The user may not write this record."},
    {"TRANSFER_REQUIRES_READ", NULL, ALWAYS, ORG_RECORD_DEAD,
     "The record's new owner may not read its object."},
    {"MALFORMED_ID", NULL, ALWAYS, ORG_RECORD_DEAD, "A value is no Id of that object."},
    {"INVALID_OWNER", NULL, ALWAYS, ORG_RECORD_DEAD, "The owner cannot own records."},
    {"INACTIVE_OWNER_OR_USER", NULL, ALWAYS, ORG_RECORD_DEAD,
     "The owner is inactive: correct the assignment rule, or the owner of the record."},
    {"MISSING_ARGUMENT", NULL, ALWAYS, ORG_RECORD_DEAD,
     "Please report this as a fault of Leadline."},
    {"*", NULL, ALWAYS, ORG_RECORD_DEAD, "See the message, then retry or discard."},
};

/* ---- looking up ---- */

static bool code_fits(const char *pattern, const char *code)
{
    size_t len = strlen(pattern);

    if (len > 0 && pattern[len - 1] == '*')
        return strncmp(pattern, code, len - 1) == 0;
    return strcmp(pattern, code) == 0;
}

static bool text_fits(const char *text, const char *message)
{
    return text == NULL || strstr(message, text) != NULL;
}

void fault_classify(struct org_fault *fault, enum fault_from from)
{
    for (size_t i = 0; i < COUNT_OF(fault_rules); i++) {
        const struct fault_rule *rule = &fault_rules[i];

        if (!code_fits(rule->code, fault->code) || !text_fits(rule->text, fault->message) ||
            (rule->scope == SIGN_IN && from != FAULT_FROM_SIGN_IN))
            continue;
        fault->class = from == FAULT_FROM_SIGN_IN ? sign_in_class(rule->class) : rule->class;
        fault->advice = rule->advice;
        return;
    }
}

enum org_record_class record_class(const struct record_error *error, const char **ret_advice)
{
    const struct record_rule *rule = record_rules;
    bool update = error->operation == ORG_UPDATE;

    while (!code_fits(rule->code, error->code) || !text_fits(rule->text, error->message) ||
           (rule->when == ON_UPDATE && !update) ||
           (rule->when == OWN_ID && (!update || error->names_fields)))
        rule++; /* the last row matches everything */
    *ret_advice = rule->advice;
    return rule->class;
}

int record_class_weight(enum org_record_class class)
{
    static const int weights[] = {
        [ORG_SAVED] = 0,
        [ORG_RECORD_DROP_FIELD] = 1,
        [ORG_RECORD_RETRY] = 2,
        [ORG_RECORD_RETRY_FEW] = 3,
        [ORG_RECORD_DUPLICATE] = 4,
        [ORG_RECORD_DEAD] = 5,
        [ORG_RECORD_CONVERTED] = 6,
        [ORG_RECORD_LOST] = 7,
        [ORG_RECORD_STOP] = 8,
    };

    return weights[class];
}

/* ---- the tables for people ---- */

static void print_row(struct buf *out, const char *code, const char *text, const char *on,
                      const char *class, const char *advice)
{
    const char *name = strcmp(code, "*") == 0 ? "any other" : code;

    buf_format(out, name == code ? "| `%s`%s" : "| %s%s", name, on);
    if (text != NULL)
        buf_format(out, ", text holds `%s`", text);
    buf_format(out, " | %s | %s |\n", class, advice);
}

void faults_print(struct buf *out)
{
    static const char *const whens[] = {"", ", on update", ", on update, no field named"};

    buf_text(
        out,
        "### Calls that failed as a whole\n\n| code | class | advice |\n| --- | --- | --- |\n");
    for (size_t i = 0; i < COUNT_OF(fault_rules); i++)
        print_row(out, fault_rules[i].code, fault_rules[i].text,
                  fault_rules[i].scope == SIGN_IN ? ", signing in" : "",
                  org_class_name(fault_rules[i].class), fault_rules[i].advice);
    buf_text(
        out,
        "\n### Records that were not saved\n\n| code | class | advice |\n| --- | --- | --- |\n");
    for (size_t i = 0; i < COUNT_OF(record_rules); i++)
        print_row(out, record_rules[i].code, record_rules[i].text, whens[record_rules[i].when],
                  org_record_class_name(record_rules[i].class), record_rules[i].advice);
}
