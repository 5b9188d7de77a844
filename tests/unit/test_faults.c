#include "check.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "salesforce/faults.h"
#include "salesforce/soap/fault.h"

static void read_fault(const char *inside, enum fault_from from, struct org_fault *fault)
{
    struct err err = {0};
    char text[4000];
    struct soap_doc *doc;

    snprintf(text, sizeof text,
             "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\""
             " xmlns:sf=\"urn:fault.partner.soap.sforce.com\"><soapenv:Body><soapenv:Fault>%s"
             "</soapenv:Fault></soapenv:Body></soapenv:Envelope>",
             inside);
    doc = soap_read(text, strlen(text), &err);
    CHECK(doc != NULL);
    CHECK_INT(soap_fault_read(fault, from, soap_doc_content(doc)), -1);
    soap_doc_free(doc);
}

TEST(a_code_comes_from_the_detail_before_the_faultcode)
{
    struct org_fault fault;

    read_fault("<faultcode>sf:OTHER</faultcode><faultstring>OTHER: text</faultstring>"
               "<detail><sf:MalformedQueryFault><sf:exceptionCode>MALFORMED_QUERY"
               "</sf:exceptionCode><sf:exceptionMessage>unexpected token</sf:exceptionMessage>"
               "<sf:row>1</sf:row></sf:MalformedQueryFault></detail>",
               FAULT_FROM_CALL, &fault);
    CHECK_STR(fault.code, "MALFORMED_QUERY");
    CHECK_STR(fault.message, "unexpected token");
    CHECK(!fault.outcome_unknown);
}

TEST(a_code_without_detail_loses_its_prefix_if_it_has_one)
{
    struct org_fault fault;

    read_fault("<faultcode>sf:INVALID_LOGIN</faultcode><faultstring>x</faultstring>",
               FAULT_FROM_SIGN_IN, &fault);
    CHECK_STR(fault.code, "INVALID_LOGIN");
    CHECK_INT(fault.class, ORG_STOP);
    read_fault("<faultcode>INVALID_LOGIN</faultcode><faultstring>x</faultstring>",
               FAULT_FROM_SIGN_IN, &fault);
    CHECK_STR(fault.code, "INVALID_LOGIN");
    read_fault("<faultcode>soapenv:Client</faultcode>"
               "<faultstring>'abc' is not a valid value for the type xsd:double</faultstring>",
               FAULT_FROM_CALL, &fault);
    CHECK_INT(fault.class, ORG_BISECT);
    CHECK_STR(fault.message, "'abc' is not a valid value for the type xsd:double");
    read_fault("", FAULT_FROM_CALL, &fault);
    CHECK_INT(fault.class, ORG_RETRY);
}

TEST(each_fault_code_has_its_class)
{
    static const struct {
        const char *code, *message;
        enum org_class class;
    } cases[] = {
        {"INVALID_SESSION_ID", "Illegal Session", ORG_STOP},
        {"PASSWORD_LOCKOUT", "", ORG_STOP},
        {"LOGIN_CHALLENGE_ISSUED", "", ORG_STOP},
        {"LOGIN_CHALLENGE_PENDING", "", ORG_STOP},
        {"MUTUAL_AUTHENTICATION_FAILED", "", ORG_STOP},
        {"INVALID_OPERATION_WITH_EXPIRED_PASSWORD", "", ORG_STOP},
        {"UNSUPPORTED_API_VERSION", "", ORG_STOP},
        {"API_DISABLED_FOR_ORG", "", ORG_STOP},
        {"API_CURRENTLY_DISABLED", "", ORG_RETRY_LONG},
        {"REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", ORG_DAY_LIMIT},
        {"REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
         ORG_BUSY},
        {"REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", ORG_BUSY},
        {"REQUEST_LIMIT_EXCEEDED", "", ORG_DAY_LIMIT},
        {"SERVER_UNAVAILABLE", "", ORG_RETRY},
        {"UNKNOWN_EXCEPTION", "", ORG_RETRY_FEW},
        {"QUERY_TIMEOUT", "", ORG_SPLIT},
        {"UNABLE_TO_LOCK_ROW", "", ORG_RETRY},
        {"ORG_IN_MAINTENANCE", "", ORG_RETRY_LONG},
        {"EXCEEDED_QUOTA", "", ORG_STOP},
        {"TXN_SECURITY_NO_ACCESS", "", ORG_STOP},
        {"TXN_SECURITY_METERING_ERROR", "", ORG_RETRY_LONG},
        {"INVALID_FIELD", "No such column 'X' on entity 'Lead'.", ORG_STALE_SCHEMA},
        {"INVALID_TYPE", "", ORG_STALE_SCHEMA},
        {"XML_PARSER_ERROR", "", ORG_STOP},
        {"EXCEEDED_ID_LIMIT", "", ORG_SPLIT},
        {"INVALID_ASSIGNMENT_RULE", "", ORG_STOP},
        {"INVALID_QUERY_LOCATOR", "", ORG_RETRY},
        {"INVALID_OPERATION", "", ORG_RETRY},
        {"A_CODE_OF_NEXT_YEAR", "", ORG_RETRY},
        {"HTTP_302", "", ORG_STOP},
        {"HTTP_404", "", ORG_STOP},
        {"HTTP_403", "", ORG_RETRY_LONG},
        {"HTTP_500", "", ORG_RETRY},
        {"HTTP_503", "", ORG_RETRY},
        {"CONNECTION", "", ORG_RETRY},
        {"ANSWER_TOO_LARGE", "", ORG_SPLIT},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct org_fault fault;

        CHECK_INT(fault_set(&fault, FAULT_FROM_CALL, cases[i].code, "%s", cases[i].message), -1);
        if (fault.class != cases[i].class)
            print_message("%s: %s\n", cases[i].code, org_class_name(fault.class));
        CHECK_INT(fault.class, cases[i].class);
        CHECK(fault.advice != NULL);
        if (fault.class == ORG_STOP)
            CHECK(fault.advice[0] != '\0');
    }
}

TEST(a_sign_in_is_stopped_by_what_it_does_not_know_and_never_searched_by_halves)
{
    static const struct {
        const char *code;
        enum org_class class;
    } cases[] = {
        {"INVALID_OPERATION", ORG_STOP},
        {"A_CODE_OF_NEXT_YEAR", ORG_STOP},
        {"INSUFFICIENT_ACCESS", ORG_STOP},
        {"Client", ORG_STOP},
        {"INVALID_FIELD", ORG_STOP},
        {"UNKNOWN_EXCEPTION", ORG_RETRY},
        {"SERVER_UNAVAILABLE", ORG_RETRY},
        {"HTTP_503", ORG_RETRY},
        {"REQUEST_LIMIT_EXCEEDED", ORG_DAY_LIMIT},
        {"LOGIN_RATE_EXCEEDED", ORG_RETRY_LONG},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct org_fault fault;

        CHECK_INT(fault_set(&fault, FAULT_FROM_SIGN_IN, cases[i].code, "x"), -1);
        CHECK_INT(fault.class, cases[i].class);
    }
}

static enum org_record_class classify(enum org_operation operation, const char *code,
                                      const char *message, bool names_fields)
{
    struct record_error error = {operation, code, message, names_fields};
    const char *advice = NULL;
    enum org_record_class class = record_class(&error, &advice);

    CHECK(advice != NULL);
    return class;
}

TEST(each_record_code_has_its_class)
{
    static const struct {
        const char *code, *message;
        enum org_record_class class;
    } cases[] = {
        {"UNABLE_TO_LOCK_ROW", "", ORG_RECORD_RETRY},
        {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "T: UNABLE_TO_LOCK_ROW, unable to obtain",
         ORG_RECORD_RETRY},
        {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Too many SOQL queries: 101", ORG_RECORD_RETRY},
        {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "NullPointerException", ORG_RECORD_DEAD},
        {"FLOW_EXCEPTION", "", ORG_RECORD_RETRY_FEW},
        {"STORAGE_LIMIT_EXCEEDED", "", ORG_RECORD_STOP},
        {"REQUIRED_FIELD_MISSING", "", ORG_RECORD_DEAD},
        {"STRING_TOO_LONG", "", ORG_RECORD_DROP_FIELD},
        {"INVALID_FIELD_FOR_INSERT_UPDATE", "", ORG_RECORD_DROP_FIELD},
        {"DUPLICATES_DETECTED", "", ORG_RECORD_DUPLICATE},
        {"DUPLICATE_VALUE", "", ORG_RECORD_DUPLICATE},
        {"DUPLICATE_VALUE", "duplicate id in list: 00Q000000000001AAA", ORG_RECORD_RETRY},
        {"DUPLICATE_EXTERNAL_ID", "", ORG_RECORD_DEAD},
        {"CANNOT_UPDATE_CONVERTED_LEAD", "", ORG_RECORD_CONVERTED},
        {"RECORD_LOCKED", "", ORG_RECORD_RETRY},
        {"TXN_SECURITY_NO_ACCESS", "", ORG_RECORD_STOP},
        {"A_CODE_OF_NEXT_YEAR", "", ORG_RECORD_DEAD},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_INT(classify(ORG_UPDATE, cases[i].code, cases[i].message, false), cases[i].class);
}

TEST(a_bad_reference_means_the_record_itself_only_when_nothing_else_can_be_meant)
{
    CHECK_INT(classify(ORG_UPDATE, "INVALID_CROSS_REFERENCE_KEY", "", false), ORG_RECORD_LOST);
    CHECK_INT(classify(ORG_UPDATE, "INVALID_CROSS_REFERENCE_KEY", "", true), ORG_RECORD_DEAD);
    CHECK_INT(classify(ORG_CREATE, "INVALID_CROSS_REFERENCE_KEY", "", false), ORG_RECORD_DEAD);
    CHECK_INT(classify(ORG_UPDATE, "ENTITY_IS_DELETED", "", false), ORG_RECORD_LOST);
    CHECK_INT(classify(ORG_CREATE, "ENTITY_IS_DELETED", "", false), ORG_RECORD_DEAD);
}

TEST(a_long_message_is_cut_between_characters)
{
    struct org_fault fault;
    char text[2000], small[8];

    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xC3\xA9", 3);
    fault_set(&fault, FAULT_FROM_CALL, "X", "%s", text);
    CHECK_INT(strlen(fault.message), sizeof fault.message - 2);
    CHECK(utf8_valid(fault.message, strlen(fault.message)));
    fault_copy_text(small, sizeof small, "ab\xC3\xC3\xA9\xF0\x9F\x98\x80");
    CHECK_STR(small, "ab?\xC3\xA9");
}

TEST(the_document_holds_the_tables_as_they_are)
{
    struct buf tables, page;
    FILE *file = fopen(TEST_DATA "/../../docs/salesforce.md", "r");
    int c;

    CHECK(file != NULL);
    buf_init(&tables, 1000000);
    buf_init(&page, 1000000);
    while ((c = getc(file)) != EOF)
        buf_char(&page, (char)c);
    fclose(file);
    faults_print(&tables);
    if (strstr(buf_peek(&page), buf_peek(&tables)) == NULL)
        printf("docs/salesforce.md should hold:\n%s", buf_peek(&tables));
    CHECK(strstr(buf_peek(&page), buf_peek(&tables)) != NULL);
    buf_done(&tables);
    buf_done(&page);
}

TEST_MAIN(TEST_CASE(a_code_comes_from_the_detail_before_the_faultcode),
          TEST_CASE(a_code_without_detail_loses_its_prefix_if_it_has_one),
          TEST_CASE(each_fault_code_has_its_class),
          TEST_CASE(a_sign_in_is_stopped_by_what_it_does_not_know_and_never_searched_by_halves),
          TEST_CASE(each_record_code_has_its_class),
          TEST_CASE(a_bad_reference_means_the_record_itself_only_when_nothing_else_can_be_meant),
          TEST_CASE(a_long_message_is_cut_between_characters),
          TEST_CASE(the_document_holds_the_tables_as_they_are))
