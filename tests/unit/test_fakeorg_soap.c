#include "fakeorg_answers.h"

#include "base/clock.h"

TEST(a_sign_in_gives_a_session_and_an_address_to_call)
{
    struct org_under_test org;

    org_begin(&org);
    const char *answer = buf_peek(&org.answer);
    CHECK_STR(text_in(answer, "serverUrl"),
              "http://org.test:1234/services/Soap/u/64.0/00D000000000001");
    CHECK_STR(text_in(answer, "passwordExpired"), "false");
    CHECK_STR(text_in(answer, "sessionSecondsValid"), "7200");
    CHECK(strncmp(org.session, "00D000000000001!", 16) == 0);
    CHECK(!holds(answer, "LimitInfoHeader"));

    char first[SESSION_ID_MAX];
    strcpy(first, org.session);
    org_sign_in(&org);
    CHECK_STR(org.session, first);
    org_end(&org);
}

TEST(a_wrong_password_is_refused_with_a_bare_faultcode)
{
    static const char *const bad[][2] = {{"integration@example.com", "tokensecret"},
                                         {"integration@example.com", "secrettokenx"},
                                         {"integration@example.com", ""},
                                         {"somebody@example.com", "secrettoken"}};
    struct org_under_test org;

    org_begin(&org);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *body = mem_format("<p:login><p:username>%s</p:username><p:password>%s</p:password>"
                                "</p:login>",
                                bad[i][0], bad[i][1]);
        const char *answer = org_call(&org, "64.0", body);
        CHECK_INT(org.status, 500);
        CHECK_STR(text_in(answer, "faultcode"), "INVALID_LOGIN");
        CHECK_STR(text_in(answer, "sf:exceptionCode"), "INVALID_LOGIN");
        mem_free(body);
    }
    org_end(&org);
}

TEST(versions_decide_who_may_sign_in_and_call)
{
    struct org_under_test org;
    const char *login = "<p:login><p:username>integration@example.com</p:username>"
                        "<p:password>secrettoken</p:password></p:login>";

    org_begin(&org);
    CHECK(holds(org_call(&org, "65.0", login),
                "The SOAP Login operation is not available in the API version specified (65.0)."));
    CHECK_INT(org.status, 500);
    CHECK(holds(org_call(&org, "31.0", login), "<loginResponse>"));
    CHECK(holds(org_call(&org, "68.0/00D000000000001", "<p:getUserInfo/>"), "<userEmail>"));
    static const char *const bad[] = {"30.0", "69.0", "64", "64.1", "x", "", "64.0x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(holds(org_call(&org, bad[i], login), "UNSUPPORTED_API_VERSION"));
    org_end(&org);
}

TEST(calls_need_the_current_session)
{
    struct org_under_test org;

    org_begin(&org);
    session_expire(&org.service->access.session);
    const char *answer = org_call(&org, "64.0", "<p:getServerTimestamp/>");
    CHECK_INT(org.status, 500);
    CHECK_STR(text_in(answer, "faultcode"), "sf:INVALID_SESSION_ID");
    CHECK(!holds(answer, "LimitInfoHeader"));
    char old[SESSION_ID_MAX];
    strcpy(old, org.session);
    org_sign_in(&org);
    CHECK(strcmp(old, org.session) != 0);
    org_call(&org, "64.0", "<p:getServerTimestamp/>");
    CHECK_INT(org.status, 200);
    org.session[0] = '\0';
    CHECK(holds(org_call(&org, "64.0", "<p:getServerTimestamp/>"), "INVALID_SESSION_ID"));
    org_end(&org);
}

TEST(an_idle_session_expires_and_a_used_one_does_not)
{
    struct org_under_test org;

    clock_freeze(1700000000000);
    org_begin(&org);
    for (int i = 0; i < 3; i++) {
        clock_advance((7200 - 1) * 1000);
        org_call(&org, "64.0", "<p:getServerTimestamp/>");
        CHECK_INT(org.status, 200);
    }
    clock_advance((7200 + 1) * 1000);
    CHECK(holds(org_call(&org, "64.0", "<p:getServerTimestamp/>"), "INVALID_SESSION_ID"));
    clock_thaw();
    org_end(&org);
}

TEST(calls_are_counted_against_a_limit_that_rolls_over_a_day)
{
    struct org_under_test org;

    clock_freeze(1700000000000);
    org_begin(&org);
    org.service->access.limits.at[LIMIT_DAILY_CALLS] = 2;
    CHECK_STR(text_in(org_call(&org, "64.0", "<p:getServerTimestamp/>"), "current"), "1");
    clock_advance(3600 * 1000);
    const char *answer = org_call(&org, "64.0", "<p:getServerTimestamp/>");
    CHECK_STR(text_in(answer, "current"), "2");
    CHECK_STR(text_in(answer, "limit"), "2");
    CHECK_STR(text_in(answer, "type"), "API REQUESTS");
    answer = org_call(&org, "64.0", "<p:getServerTimestamp/>");
    CHECK_INT(org.status, 500);
    CHECK_STR(text_in(answer, "faultstring"),
              "REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded.");
    clock_advance((int64_t)23 * 3600 * 1000);
    org_sign_in(&org);
    CHECK_STR(text_in(org_call(&org, "64.0", "<p:getServerTimestamp/>"), "current"), "2");
    clock_advance((int64_t)48 * 3600 * 1000);
    org_sign_in(&org);
    CHECK_STR(text_in(org_call(&org, "64.0", "<p:getServerTimestamp/>"), "current"), "1");
    clock_thaw();
    org_end(&org);
}

TEST(describe_reports_types_and_flags_of_every_field)
{
    struct org_under_test org;

    org_begin(&org);
    const char *answer =
        org_call(&org, "64.0",
                 "<p:describeSObjects><p:sObjectType>lead</p:sObjectType>"
                 "<p:sObjectType>Account</p:sObjectType><p:sObjectType>Contact</p:sObjectType>"
                 "</p:describeSObjects>");
    CHECK_INT(org.status, 200);
    CHECK(holds(answer, "<keyPrefix>00Q</keyPrefix>"));
    CHECK(holds(answer, "<keyPrefix>001</keyPrefix>"));
    CHECK(holds(answer, "<keyPrefix>003</keyPrefix>"));
    const char *email = strstr(answer, "<label>Email</label>");
    CHECK_STR(text_in(email, "length"), "80");
    CHECK_STR(text_in(email, "type"), "email");
    const char *tier = strstr(answer, "<name>Tier__c</name>");
    CHECK_STR(text_in(tier, "restrictedPicklist"), "true");
    CHECK_STR(text_in(tier, "picklistValues"),
              "<active>true</active><defaultValue>false</defaultValue><label>gold</label>"
              "<value>gold</value>");
    const char *score = strstr(answer, "<name>Score__c</name>");
    CHECK_STR(text_in(score, "precision"), "6");
    CHECK_STR(text_in(score, "scale"), "2");
    CHECK(holds(org_call(&org, "64.0",
                         "<p:describeSObjects><p:sObjectType>Car</p:sObjectType>"
                         "</p:describeSObjects>"),
                "InvalidSObjectFault"));
    org_end(&org);
}

TEST(a_created_record_is_filled_in_as_the_org_does)
{
    struct org_under_test org;

    org_begin(&org);
    const char *answer =
        org_create(&org, LEAD("<s:Id xsi:nil='true'/><s:FirstName> Jane </s:FirstName>"
                              "<s:LastName>Doe</s:LastName><s:Company>A &amp; B</s:Company>"
                              "<s:Email>Jane@X.com</s:Email><s:Title></s:Title><City>Bern</City>"
                              "<s:AnnualRevenue>3.5E8</s:AnnualRevenue>"));
    CHECK_STR(text_in(answer, "id"), "00Q000000000001EAA");
    CHECK_STR(text_in(answer, "success"), "true");
    answer = org_query(&org, "SELECT Id, Name, Email, Title, City, Company, Status, OwnerId, "
                             "IsConverted, AnnualRevenue, Active__c FROM Lead");
    CHECK(holds(answer,
                "<records xsi:type=\"sf:sObject\"><sf:type>Lead</sf:type>"
                "<sf:Id>00Q000000000001EAA</sf:Id><sf:Id>00Q000000000001EAA</sf:Id>"
                "<sf:Name>Jane Doe</sf:Name><sf:Email>jane@x.com</sf:Email>"
                "<sf:Title xsi:nil=\"true\"/><sf:City>Bern</sf:City>"
                "<sf:Company>A &amp; B</sf:Company><sf:Status>Open - Not Contacted</sf:Status>"
                "<sf:OwnerId>005000000000001AAA</sf:OwnerId>"
                "<sf:IsConverted>false</sf:IsConverted>"
                "<sf:AnnualRevenue>350000000.0</sf:AnnualRevenue>"
                "<sf:Active__c>false</sf:Active__c></records><size>1</size>"));
    CHECK(holds(org_query(&org, "SELECT Name FROM Lead"),
                "<sf:Id xsi:nil=\"true\"/><sf:Name>Jane Doe</sf:Name>"));
    org_end(&org);
}

TEST(a_bad_record_fails_alone_and_says_why)
{
    static const struct {
        const char *record, *field, *code;
    } cases[] = {
        {LEAD("<s:FirstName>x</s:FirstName>"), "LastName", "REQUIRED_FIELD_MISSING"},
        {LEAD("<s:LastName> </s:LastName><s:Company>c</s:Company>"), "LastName",
         "REQUIRED_FIELD_MISSING"},
        {LEAD("<s:Id>00Q000000000001</s:Id>" DOE), "Id", "INVALID_FIELD_FOR_INSERT_UPDATE"},
        {LEAD(DOE "<s:Name>n</s:Name>"), "Name", "INVALID_FIELD_FOR_INSERT_UPDATE"},
        {LEAD(DOE "<s:EmailBouncedReason>n</s:EmailBouncedReason>"), "EmailBouncedReason",
         "INVALID_FIELD_FOR_INSERT_UPDATE"},
        {LEAD(DOE "<s:PostalCode>123456789012345678901</s:PostalCode>"), "PostalCode",
         "STRING_TOO_LONG"},
        {LEAD(DOE "<s:Email>nobody</s:Email>"), "Email", "INVALID_EMAIL_ADDRESS"},
        {LEAD(DOE "<s:Tier__c>iron</s:Tier__c>"), "Tier__c",
         "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"},
        {LEAD(DOE "<s:NumberOfEmployees>123456789</s:NumberOfEmployees>"), "NumberOfEmployees",
         "NUMBER_OUTSIDE_VALID_RANGE"},
        {LEAD(DOE "<s:OwnerId>005000000000099</s:OwnerId>"), "OwnerId",
         "INVALID_CROSS_REFERENCE_KEY"},
        {LEAD(DOE "<s:OwnerId>005000000000004</s:OwnerId>"), "OwnerId", "INACTIVE_OWNER_OR_USER"},
        {LEAD(DOE "<s:OwnerId>me</s:OwnerId>"), "OwnerId", "MALFORMED_ID"},
    };
    struct org_under_test org;

    org_begin(&org);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *records = mem_format("%s%s", cases[i].record, LEAD(DOE));
        const char *answer = org_create(&org, records);
        CHECK_INT(org.status, 200);
        CHECK_STR(text_in(answer, "statusCode"), cases[i].code);
        CHECK_STR(text_in(answer, "fields"), cases[i].field);
        CHECK(holds(answer, "</errors><id xsi:nil=\"true\"/><success>false</success></result>"
                            "<result><id>00Q"));
        mem_free(records);
    }
    CHECK_INT(orgdata_object(org.service->org, "Lead")->live_count, sizeof cases / sizeof cases[0]);
    org_end(&org);
}

TEST(a_fault_saves_nothing)
{
    static const struct {
        const char *record, *code;
    } cases[] = {
        {LEAD(DOE "<s:nope__c>1</s:nope__c>"), "sf:INVALID_FIELD"},
        {LEAD("<s:fieldsToNull>nope</s:fieldsToNull>" DOE), "sf:INVALID_FIELD"},
        {LEAD(DOE "<s:Score__c>abc</s:Score__c>"), "soapenv:Client"},
        {LEAD(DOE "<s:Seen__c>2026-06-03 14:26:34</s:Seen__c>"), "soapenv:Client"},
        {LEAD(DOE "<s:Id xsi:nil='true'/>"), "soapenv:Client"},
        {LEAD(DOE "<p:City>Bern</p:City>"), "soapenv:Client"},
        {"<p:sObjects><s:type>Car</s:type></p:sObjects>", "sf:INVALID_TYPE"},
        {"<p:sObjects><p:type>Lead</p:type></p:sObjects>", "sf:INVALID_TYPE"},
        {"<p:sObjects/>", "sf:INVALID_TYPE"},
        {"<s:sObjects><s:type>Lead</s:type>" DOE "</s:sObjects>", "soapenv:Client"},
    };
    struct org_under_test org;
    struct err err = {0};

    org_begin(&org);
    CHECK_INT(quirks_set(&org.service->quirks, "requests=strict", &err), 0);
    CHECK_INT(quirks_set(&org.service->quirks, "field-order=strict", &err), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *records = mem_format("%s%s", LEAD(DOE), cases[i].record);
        const char *answer = org_create(&org, records);
        CHECK_INT(org.status, 500);
        CHECK_STR(text_in(answer, "faultcode"), cases[i].code);
        mem_free(records);
    }
    CHECK(holds(org_create(&org, LEAD("<s:nope__c>1</s:nope__c>")),
                "INVALID_FIELD: No such column &#39;nope__c&#39; on entity &#39;Lead&#39;. If you "
                "are attempting to use a custom field"));
    CHECK_INT(orgdata_object(org.service->org, "Lead")->live_count, 0);
    org_end(&org);
}

TEST(a_call_takes_200_records_and_10_changes_of_type)
{
    struct org_under_test org;
    struct buf records;

    org_begin(&org);
    buf_init(&records, 1 << 20);
    for (int i = 0; i < 200; i++)
        buf_text(&records, LEAD(DOE));
    org_create(&org, buf_peek(&records));
    CHECK_INT(orgdata_object(org.service->org, "Lead")->live_count, 200);
    buf_text(&records, LEAD(DOE));
    CHECK(holds(org_create(&org, buf_peek(&records)), "EXCEEDED_ID_LIMIT"));
    buf_clear(&records);
    for (int i = 0; i < 5; i++)
        buf_text(&records, LEAD(DOE) "<p:sObjects><s:type>Account</s:type><s:Name>n</s:Name>"
                                     "</p:sObjects>");
    org_create(&org, buf_peek(&records));
    CHECK_INT(org.status, 200);
    buf_text(&records, LEAD(DOE));
    CHECK(holds(org_create(&org, buf_peek(&records)), "EXCEEDED_MAX_TYPES_LIMIT"));
    buf_done(&records);
    org_end(&org);
}

TEST(all_or_none_fails_the_good_ones_too)
{
    struct org_under_test org;

    org_begin(&org);
    org.headers = "<p:AllOrNoneHeader><p:allOrNone>true</p:allOrNone></p:AllOrNoneHeader>";
    const char *answer = org_create(&org, LEAD(DOE) LEAD("<s:FirstName>x</s:FirstName>"));
    CHECK_STR(text_in(answer, "statusCode"), "ALL_OR_NONE_OPERATION_ROLLED_BACK");
    CHECK(holds(answer, "REQUIRED_FIELD_MISSING"));
    CHECK(!holds(answer, "<success>true"));
    CHECK_INT(orgdata_object(org.service->org, "Lead")->live_count, 0);
    CHECK(holds(org_create(&org, LEAD(DOE) LEAD(DOE)), "<success>true"));
    org_end(&org);
}

TEST(truncation_is_on_request_only)
{
    struct org_under_test org;
    const char *lead = LEAD(DOE "<s:PostalCode>12345678901234567890123</s:PostalCode>");

    org_begin(&org);
    CHECK(holds(org_create(&org, lead), "STRING_TOO_LONG"));
    org.headers = "<p:AllowFieldTruncationHeader><p:allowFieldTruncation>true"
                  "</p:allowFieldTruncation></p:AllowFieldTruncationHeader>";
    CHECK(holds(org_create(&org, lead), "<success>true"));
    org.headers = NULL;
    CHECK(holds(org_query(&org, "SELECT PostalCode FROM Lead"), ">12345678901234567890<"));
    org_end(&org);
}

TEST(an_update_changes_what_it_names_and_nothing_else)
{
    struct org_under_test org;

    org_begin(&org);
    org_create(&org, LEAD(DOE "<s:FirstName>Jane</s:FirstName><s:Phone>1</s:Phone>"
                              "<s:Title>Boss</s:Title>"));
    const char *answer =
        org_update(&org, LEAD("<s:fieldsToNull>Phone</s:fieldsToNull><s:Id>00Q000000000001</s:Id>"
                              "<s:City>Bern</s:City><s:Title/><s:FirstName xsi:nil='true'/>"));
    CHECK_STR(text_in(answer, "id"), "00Q000000000001EAA");
    CHECK(holds(org_query(&org, "SELECT FirstName, Phone, Title, City, Name FROM Lead"),
                "<sf:FirstName>Jane</sf:FirstName><sf:Phone xsi:nil=\"true\"/>"
                "<sf:Title>Boss</sf:Title><sf:City>Bern</sf:City><sf:Name>Jane Doe</sf:Name>"));
    CHECK(
        holds(org_update(&org, LEAD("<s:Id>00q000000000001eaa</s:Id><s:LastName>Roe</s:LastName>")),
              "<success>true"));
    CHECK(holds(org_query(&org, "SELECT Name FROM Lead"), "Jane Roe"));
    org_end(&org);
}

TEST(a_record_that_cannot_be_updated_says_why)
{
    static const struct {
        const char *record, *code;
    } cases[] = {
        {LEAD("<s:City>x</s:City>"), "MISSING_ARGUMENT"},
        {LEAD("<s:Id>00Q1</s:Id>"), "MALFORMED_ID"},
        {LEAD("<s:Id>00Q000000000009</s:Id>"), "INVALID_CROSS_REFERENCE_KEY"},
        {LEAD("<s:Id>001000000000001</s:Id>"), "INVALID_CROSS_REFERENCE_KEY"},
        {LEAD("<s:Id>00Q000000000002</s:Id>"), "ENTITY_IS_DELETED"},
        {LEAD("<s:Id>00Q000000000003</s:Id>"), "CANNOT_UPDATE_CONVERTED_LEAD"},
        {LEAD("<s:fieldsToNull>LastName</s:fieldsToNull><s:Id>00Q000000000001</s:Id>"),
         "REQUIRED_FIELD_MISSING"},
        {LEAD("<s:Id>00Q000000000001</s:Id><s:IsConverted>true</s:IsConverted>"),
         "INVALID_FIELD_FOR_INSERT_UPDATE"},
    };
    struct org_under_test org;

    org_begin(&org);
    org_create(&org, LEAD(DOE) LEAD(DOE) LEAD(DOE "<s:IsConverted>true</s:IsConverted>"));
    CHECK_INT(record_delete(orgdata_object(org.service->org, "Lead")->records[1]), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_STR(text_in(org_update(&org, cases[i].record), "statusCode"), cases[i].code);
    const char *twice =
        org_update(&org, LEAD("<s:Id>00Q000000000001</s:Id><s:City>A</s:City>")
                             LEAD("<s:Id>00Q000000000001EAA</s:Id><s:City>B</s:City>"));
    CHECK(holds(twice, "<success>true</success></result><result><errors>"));
    CHECK(holds(twice, "duplicate id in list"));
    CHECK(holds(org_query(&org, "SELECT City FROM Lead WHERE Id = &apos;00Q000000000001&apos;"),
                "<sf:City>A<"));
    org_end(&org);
}

TEST(more_than_a_page_of_rows_is_fetched_by_locator)
{
    struct org_under_test org;
    struct buf records;
    char body[256];
    size_t rows = 200;

    org_begin(&org);
    buf_init(&records, 1 << 20);
    for (int i = 0; i < 200; i++)
        buf_text(&records, LEAD(DOE));
    org_create(&org, buf_peek(&records));
    org_create(&org, buf_peek(&records));
    org_create(&org, LEAD(DOE));
    org.headers = "<p:QueryOptions><p:batchSize>10</p:batchSize></p:QueryOptions>";
    const char *answer = org_query(&org, "SELECT Id FROM Lead");
    CHECK_STR(text_in(answer, "done"), "false");
    CHECK_STR(text_in(answer, "size"), "401");
    while (strcmp(text_in(answer, "done"), "false") == 0) {
        snprintf(body, sizeof body,
                 "<p:queryMore><p:queryLocator>%s</p:queryLocator></p:queryMore>",
                 text_in(answer, "queryLocator"));
        answer = org_call(&org, "64.0", body);
        for (const char *at = answer; (at = strstr(at, "<records")) != NULL; at++)
            rows++;
    }
    CHECK_INT(rows, 401);
    CHECK(holds(answer, "<queryLocator xsi:nil=\"true\"/>"));
    CHECK(holds(org_call(&org, "64.0",
                         "<p:queryMore><p:queryLocator>0r8000000000009AAA-200</p:queryLocator>"
                         "</p:queryMore>"),
                "InvalidQueryLocatorFault"));
    buf_done(&records);
    org_end(&org);
}

#define SOAP_ENVELOPE(inside)                                                                      \
    "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'>" inside "</e:Envelope>"

TEST(envelopes_and_headers_that_break_the_rules_are_faults)
{
    static const char *const envelopes[] = {
        "",
        "<a/>",
        "<!DOCTYPE a><a/>",
        "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Body/></e:Envelope>",
        SOAP_ENVELOPE(""),
        SOAP_ENVELOPE("<e:Body/>"),
        SOAP_ENVELOPE("<e:Body><a/><b/></e:Body>"),
        SOAP_ENVELOPE("<e:Body><getUserInfo/></e:Body>")};
    static const char *const headers[] = {
        "<p:Nonsense/>",
        "<p:AllOrNoneHeader/>",
        "<p:AllOrNoneHeader><p:allOrNone>maybe</p:allOrNone></p:AllOrNoneHeader>",
        "<p:AllOrNoneHeader><allOrNone>true</allOrNone></p:AllOrNoneHeader>",
        "<p:DuplicateRuleHeader><p:allowSave>true</p:allowSave></p:DuplicateRuleHeader>",
        "<p:CallOptions><p:defaultNamespace/><p:client/></p:CallOptions>",
        "<p:QueryOptions><p:batchSize>many</p:batchSize></p:QueryOptions>",
        ("<p:AssignmentRuleHeader><p:assignmentRuleId>x</p:assignmentRuleId>"
         "<p:useDefaultRule xsi:nil='true'/></p:AssignmentRuleHeader>"),
        "<x xmlns='urn:x' e:mustUnderstand='1'/>"};
    struct org_under_test org;
    struct err err = {0};

    org_begin(&org);
    CHECK_INT(quirks_set(&org.service->quirks, "requests=strict", &err), 0);
    for (size_t i = 0; i < sizeof envelopes / sizeof envelopes[0]; i++) {
        CHECK_STR(text_in(org_send(&org, "64.0", envelopes[i]), "faultcode"), "soapenv:Client");
        CHECK_INT(org.status, 500);
    }
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        bool query = holds(headers[i], "QueryOptions");
        org.headers = headers[i];
        if (query)
            org_query(&org, "SELECT Id FROM Lead");
        else
            org_call(&org, "64.0", "<p:create/>");
        CHECK(holds(buf_peek(&org.answer), "<faultcode>"));
        CHECK_INT(org.status, 500);
    }
    org.headers = "<x xmlns='urn:x'/><p:CallOptions><p:client>t/1</p:client>"
                  "<p:defaultNamespace xsi:nil='true'/></p:CallOptions>";
    org_call(&org, "64.0", "<p:getServerTimestamp/>");
    CHECK_INT(org.status, 200);
    org.headers = NULL;
    CHECK(holds(org_call(&org, "64.0", "<p:fly/>"), "No operation available"));
    org_end(&org);
}

TEST(running_out_of_memory_is_a_fault_and_never_a_crash)
{
    struct org_under_test org;

    org_begin(&org);
    org_create(&org, LEAD(DOE "<s:Email>a@b.de</s:Email>"));
    for (size_t nth = 1; nth < 60; nth++) {
        char *envelope = mem_format(
            "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "
            "xmlns:p='urn:partner.soap.sforce.com' xmlns:s='urn:sobject.partner.soap.sforce.com'>"
            "<e:Header><p:SessionHeader><p:sessionId>%s</p:sessionId></p:SessionHeader></e:Header>"
            "<e:Body>%s</e:Body></e:Envelope>",
            org.session,
            nth % 2 == 0 ? "<p:create>" LEAD(DOE "<s:Email>c@d.de</s:Email>") "</p:create>"
                         : "<p:query><p:queryString>SELECT Id FROM Lead WHERE Email IN "
                           "(&apos;c@d.de&apos;) ORDER BY Name</p:queryString></p:query>");
        struct soap_request request = {.path = "/services/Soap/u/64.0",
                                       .host = "h",
                                       .content_type = "text/xml",
                                       .has_action = true,
                                       .body = envelope,
                                       .len = strlen(envelope)};
        buf_clear(&org.answer);
        mem_fail_at(nth);
        org.status = soap_answer(org.service, &request, &org.answer);
        mem_fail_at(0);
        CHECK(org.status == 200 || org.status == 500);
        mem_free(envelope);
    }
    org_end(&org);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_CASE(a_sign_in_gives_a_session_and_an_address_to_call),
        TEST_CASE(a_wrong_password_is_refused_with_a_bare_faultcode),
        TEST_CASE(versions_decide_who_may_sign_in_and_call),
        TEST_CASE(calls_need_the_current_session),
        TEST_CASE(an_idle_session_expires_and_a_used_one_does_not),
        TEST_CASE(calls_are_counted_against_a_limit_that_rolls_over_a_day),
        TEST_CASE(describe_reports_types_and_flags_of_every_field),
        TEST_CASE(a_created_record_is_filled_in_as_the_org_does),
        TEST_CASE(a_bad_record_fails_alone_and_says_why),
        TEST_CASE(a_fault_saves_nothing),
        TEST_CASE(a_call_takes_200_records_and_10_changes_of_type),
        TEST_CASE(all_or_none_fails_the_good_ones_too),
        TEST_CASE(truncation_is_on_request_only),
        TEST_CASE(an_update_changes_what_it_names_and_nothing_else),
        TEST_CASE(a_record_that_cannot_be_updated_says_why),
        TEST_CASE(more_than_a_page_of_rows_is_fetched_by_locator),
        TEST_CASE(envelopes_and_headers_that_break_the_rules_are_faults),
        TEST_CASE(running_out_of_memory_is_a_fault_and_never_a_crash),
        TEST_CASE(every_answer_fits_the_wsdl),
    };

    return cmocka_run_group_tests(tests, answers_begin, answers_drop);
}
