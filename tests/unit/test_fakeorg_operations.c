#include "fakeorg_operations.h"

static unsigned answer_in_short(struct org_under_test *org, const char *envelope)
{
    struct soap_request request = {.path = "/services/Soap/u/64.0",
                                   .host = "h",
                                   .content_type = "text/xml",
                                   .has_action = true,
                                   .body = envelope,
                                   .len = strlen(envelope)};

    buf_clear(&org->answer);
    return soap_answer(org->service, &request, &org->answer);
}

TEST(a_logout_ends_the_session_for_all)
{
    struct org_under_test org;

    begin(&org);
    const char *answer = ask(&org, "logout", "");
    CHECK_INT(org.status, 200);
    CHECK(holds(answer, "<logoutResponse></logoutResponse>"));
    CHECK(holds(ask(&org, "getServerTimestamp", ""), "INVALID_SESSION_ID"));
    org_end(&org);
}

TEST(a_sign_in_may_name_the_org_it_means)
{
    struct org_under_test org;

    begin(&org);
    org.headers = "<p:LoginScopeHeader><p:organizationId>00D000000000001</p:organizationId>"
                  "</p:LoginScopeHeader>";
    org_sign_in(&org);
    org_end(&org);
}

TEST(describe_global_lists_what_may_be_read)
{
    struct org_under_test org;

    begin(&org);
    const char *answer = ask(&org, "describeGlobal", "");
    CHECK_INT(org.status, 200);
    CHECK_STR(text_in(answer, "encoding"), "UTF-8");
    CHECK_STR(text_in(answer, "maxBatchSize"), "200");
    CHECK(holds(answer, "<name>Lead</name>") && holds(answer, "<name>Contact</name>"));
    orgdata_object(org.service->org, "Contact")->permissions = MAY_READ;
    CHECK_STR(
        text_in(strstr(ask(&org, "describeGlobal", ""), "<name>Account</name>"), "createable"),
        "false");
    orgdata_object(org.service->org, "Contact")->permissions = 0;
    CHECK(!holds(ask(&org, "describeGlobal", ""), "<name>Contact</name>"));
    org_end(&org);
}

TEST(describe_reports_keys_relationships_and_record_types)
{
    struct org_under_test org;

    begin(&org);
    const char *answer = ask(&org, "describeSObjects",
                             "<p:sObjectType>Lead</p:sObjectType>"
                             "<p:sObjectType>Account</p:sObjectType>");
    const char *key = strstr(answer, "<label>Cased</label>"),
               *before = strstr(answer, "<label>Loose");
    CHECK_STR(text_in(key, "unique"), "true");
    CHECK_STR(text_in(before, "unique"), "false");
    CHECK_STR(text_in(before, "caseSensitive"), "true"); /* of Cased__c, the next one */
    CHECK(holds(answer, "<externalId>true</externalId>"));
    CHECK(holds(answer, "<relationshipName>Owner</relationshipName>"));
    CHECK(holds(answer, "<developerName>Master</developerName>"));
    CHECK(holds(answer, "<cascadeDelete>true</cascadeDelete><childSObject>Contact</childSObject>"));
    CHECK(holds(answer, "xsi:type=\"xsd:boolean\">false</defaultValue>"));
    org_end(&org);
}

TEST(a_hundred_names_can_be_described_and_no_more)
{
    struct org_under_test org;
    struct buf names;

    begin(&org);
    buf_init(&names, 1 << 20);
    for (int i = 0; i < 100; i++)
        buf_text(&names, "<p:sObjectType>Contact</p:sObjectType>");
    CHECK_INT(count_of(ask(&org, "describeSObjects", buf_peek(&names)), "<result>"), 100);
    buf_text(&names, "<p:sObjectType>Contact</p:sObjectType>");
    CHECK(holds(ask(&org, "describeSObjects", buf_peek(&names)), "EXCEEDED_ID_LIMIT"));
    buf_done(&names);
    org_end(&org);
}

TEST(query_all_shows_deleted_records_too)
{
    struct org_under_test org;
    const char *statement = "<p:queryString>SELECT Id, IsDeleted FROM Lead WHERE Email = "
                            "&apos;A@b.de&apos;</p:queryString>";

    begin(&org);
    org_create(&org, LEAD(DOE "<s:Email>a@b.de</s:Email>") LEAD(DOE "<s:Email>a@b.de</s:Email>"));
    CHECK(holds(ask(&org, "delete", "<p:ids>00Q000000000001</p:ids>"), "<success>true"));
    CHECK_STR(text_in(ask(&org, "query", statement), "size"), "1");
    const char *answer = ask(&org, "queryAll", statement);
    CHECK_STR(text_in(answer, "size"), "2");
    CHECK(holds(answer, "<queryAllResponse>"));
    CHECK(holds(answer, "<sf:Id>00Q000000000001EAA</sf:Id><sf:IsDeleted>true</sf:IsDeleted>"));
    org_end(&org);
}

TEST(a_delete_answers_for_each_id)
{
    struct org_under_test org;

    begin(&org);
    turn(&org, "requests=strict");
    org_create(&org, LEAD(DOE) LEAD(DOE));
    const char *answer = ask(&org, "delete",
                             "<p:ids>00Q000000000001</p:ids><p:ids>006i000004DAKd</p:ids>"
                             "<p:ids>00Q000000000001EAA</p:ids><p:ids>00Q000000000009</p:ids>");
    CHECK(holds(answer, "<result><id>00Q000000000001EAA</id><success>true</success></result>"
                        "<result><errors><message>bad id 006i000004DAKd</message>"
                        "<statusCode>MALFORMED_ID</statusCode></errors><id xsi:nil=\"true\"/>"
                        "<success>false</success></result>"));
    CHECK(holds(answer, "<message>entity is deleted</message>"
                        "<statusCode>ENTITY_IS_DELETED</statusCode>"));
    CHECK(holds(answer, "INVALID_CROSS_REFERENCE_KEY"));
    CHECK_STR(text_in(ask(&org, "delete", "<p:ids>00Q000000000001</p:ids>"), "statusCode"),
              "ENTITY_IS_DELETED");
    turn(&org, "failed-id=sent");
    CHECK(holds(org_update(&org, LEAD("<s:Id>00Q000000000002</s:Id><s:Email>x</s:Email>")),
                "<id>00Q000000000002EAA</id><success>false"));
    CHECK(holds(ask(&org, "delete", "<p:id>00Q000000000001</p:id>"), "invalid at this location"));
    org_end(&org);
}

TEST(all_or_none_keeps_upserts_and_deletes_whole)
{
    struct org_under_test org;

    begin(&org);
    org_create(&org, KEYED_LEAD("a", ""));
    org.headers = ALL_OR_NONE;
    const char *answer = ask(&org, "delete", "<p:ids>00Q000000000001</p:ids><p:ids>x</p:ids>");
    CHECK(holds(answer, "ALL_OR_NONE_OPERATION_ROLLED_BACK") && holds(answer, "MALFORMED_ID"));
    CHECK_INT(leads(&org), 1);
    answer = upsert(&org, "Ext__c",
                    KEYED_LEAD("a", "<s:City>Bern</s:City>") KEYED_LEAD("b", "")
                        LEAD("<s:Ext__c>c</s:Ext__c>"));
    CHECK_INT(count_of(answer, "ALL_OR_NONE_OPERATION_ROLLED_BACK"), 2);
    CHECK(!holds(answer, "<created>true"));
    CHECK_INT(leads(&org), 1);
    org_create(&org, KEYED_LEAD("d", "") KEYED_LEAD("d", ""));
    CHECK_INT(leads(&org), 1);
    org.headers = NULL;
    CHECK(holds(org_query(&org, "SELECT City FROM Lead"), "<sf:City xsi:nil=\"true\"/>"));
    org_end(&org);
}

TEST(writing_calls_take_200_records)
{
    static const struct {
        const char *operation, *record;
        int most;
    } cases[] = {
        {"create", LEAD(DOE), 200},
        {"update", LEAD("<s:Id>00Q000000000001</s:Id>"), 200},
        {"upsert", LEAD(DOE), 200},
        {"delete", "<p:ids>00Q000000000001</p:ids>", 200},
        {"retrieve", "<p:ids>00Q000000000001</p:ids>", 2000},
    };
    struct org_under_test org;
    struct buf inside;

    begin(&org);
    buf_init(&inside, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buf_clear(&inside);
        if (strcmp(cases[i].operation, "upsert") == 0)
            buf_text(&inside, "<p:externalIDFieldName>Id</p:externalIDFieldName>");
        if (strcmp(cases[i].operation, "retrieve") == 0)
            buf_text(&inside, "<p:fieldList>Id</p:fieldList><p:sObjectType>Lead</p:sObjectType>");
        for (int k = 0; k < cases[i].most; k++)
            buf_text(&inside, cases[i].record);
        ask(&org, cases[i].operation, buf_peek(&inside));
        CHECK_INT(org.status, 200);
        CHECK_INT(count_of(buf_peek(&org.answer), "<result"), cases[i].most);
        buf_text(&inside, cases[i].record);
        CHECK(holds(ask(&org, cases[i].operation, buf_peek(&inside)), "EXCEEDED_ID_LIMIT"));
    }
    buf_done(&inside);
    org_end(&org);
}

TEST(a_retrieve_gives_what_it_finds_in_the_order_asked_for)
{
    struct org_under_test org;

    begin(&org);
    org_create(&org, LEAD(DOE "<s:Email>a@b.de</s:Email>") LEAD(DOE) LEAD(DOE));
    ask(&org, "delete", "<p:ids>00Q000000000002</p:ids>");
    const char *answer = ask(&org, "retrieve",
                             "<p:fieldList>Email, Id ,lastname</p:fieldList>"
                             "<p:sObjectType>lead</p:sObjectType><p:ids>00Q000000000003</p:ids>"
                             "<p:ids>00Q000000000002</p:ids><p:ids>001000000000001</p:ids>"
                             "<p:ids>00Q000000000001EAA</p:ids>");
    CHECK(holds(answer,
                "<retrieveResponse><result xsi:type=\"sf:sObject\"><sf:type>Lead</sf:type>"
                "<sf:Id>00Q000000000003EAA</sf:Id><sf:Email xsi:nil=\"true\"/>"
                "<sf:LastName>Doe</sf:LastName></result><result xsi:nil=\"true\"/>"
                "<result xsi:nil=\"true\"/><result xsi:type=\"sf:sObject\"><sf:type>Lead</sf:type>"
                "<sf:Id>00Q000000000001EAA</sf:Id><sf:Email>a@b.de</sf:Email>"));
    org_end(&org);
}

TEST(a_retrieve_that_asks_for_the_wrong_thing_is_a_fault)
{
#define ASKING(fields, type, rest)                                                                 \
    "<p:fieldList>" fields "</p:fieldList><p:sObjectType>" type "</p:sObjectType>" rest
    static const struct {
        const char *inside, *sign;
    } cases[] = {
        {ASKING("Id,nope__c", "Lead", ""), "InvalidFieldFault"},
        {ASKING("", "Lead", ""), "InvalidFieldFault"},
        {ASKING("Id,Id", "Lead", ""), "duplicate field selected: Id"},
        {ASKING("Id", "Car", ""), "InvalidSObjectFault"},
        {ASKING("Id", "Lead", "<p:ids>00Q1</p:ids>"), "InvalidIdFault"},
        {ASKING("Id", "Lead", "<p:id>00Q000000000001</p:id>"), "invalid at this location"},
        {"<p:sObjectType>Lead</p:sObjectType><p:fieldList>Id</p:fieldList>",
         "invalid at this location"},
        {"<p:sObjectType>Lead</p:sObjectType>", "missing required element fieldList"},
    };
    struct org_under_test org;

    begin(&org);
    turn(&org, "requests=strict");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK(holds(ask(&org, "retrieve", cases[i].inside), cases[i].sign));
        CHECK_INT(org.status, 500);
    }
    org_end(&org);
}

TEST(a_header_counts_only_where_the_wsdl_declares_it)
{
    struct org_under_test org;
    const char *call = CONVERT("", CLOSED, "true", "00Q000000000001", AFTER)
        CONVERT("", CLOSED, "true", "00Q000000000009", AFTER);

    begin(&org);
    org_create(&org, LEAD(DOE));
    org.headers = ALL_OR_NONE; /* not one of convertLead's */
    CHECK(holds(ask(&org, "convertLead", call), "<success>true"));
    turn(&org, "headers=strict");
    CHECK(holds(ask(&org, "convertLead", call), "INVALID_SOAP_HEADER"));
    CHECK(holds(ask(&org, "getUserInfo", ""), "INVALID_SOAP_HEADER"));
    CHECK(holds(org_create(&org, LEAD(DOE)), "<success>true"));
    org_end(&org);
}

TEST(the_type_of_an_element_must_fit_its_field)
{
    struct org_under_test org;
    const char *answer;

    begin(&org);
    answer =
        org_create(&org, LEAD("<s:LastName xsi:type='x:string'>Doe</s:LastName>"
                              "<s:Company>A</s:Company>"
                              "<s:Score__c xsi:type='x:int'>3</s:Score__c>"
                              "<s:Born__c xsi:type='x:dateTime'>2026-11-23T10:05:00Z</s:Born__c>"
                              "<s:OwnerId xsi:type='x:string'>005000000000001</s:OwnerId>"));
    CHECK_STR(text_in(answer, "success"), "true");
    CHECK(holds(org_query(&org, "SELECT Score__c, Born__c FROM Lead"),
                "<sf:Score__c>3.0</sf:Score__c><sf:Born__c>2026-11-23</sf:Born__c>"));
    answer = org_create(&org, LEAD(DOE "<s:Born__c xsi:type='x:string'>2026-11-23</s:Born__c>"));
    CHECK_STR(text_in(answer, "statusCode"), "INVALID_TYPE_ON_FIELD_IN_RECORD");
    CHECK_STR(text_in(answer, "message"), "Born: value not of required type: 2026-11-23");
    answer = org_create(&org, LEAD("<s:fieldsToNull>Active__c</s:fieldsToNull>" DOE));
    CHECK_STR(text_in(answer, "statusCode"), "INVALID_TYPE_ON_FIELD_IN_RECORD");
    org_end(&org);
}

TEST(a_record_can_have_several_errors)
{
    struct org_under_test org;

    begin(&org);
    const char *answer = org_create(&org, LEAD("<s:Email>x</s:Email><s:Tier__c>tin</s:Tier__c>"));
    CHECK_INT(count_of(answer, "<errors>"), 3);
    CHECK(holds(answer, "REQUIRED_FIELD_MISSING") && holds(answer, "INVALID_EMAIL_ADDRESS"));
    CHECK(holds(answer, "<fields>LastName</fields><fields>Company</fields>"));
    org_end(&org);
}

TEST(unconfirmed_rules_of_records_depend_on_quirks)
{
    struct org_under_test org;
    const char *late = LEAD("<s:City>Basel</s:City><s:Id>00Q000000000001</s:Id>"
                            "<s:fieldsToNull>Phone</s:fieldsToNull>");
    const char *twice = LEAD("<s:Id>00Q000000000001</s:Id><s:City>a</s:City><s:City>b</s:City>");
    const char *nil = LEAD("<s:Id>00Q000000000001</s:Id><s:Title xsi:nil='true'/><s:City/>");

    begin(&org);
    org_create(&org, LEAD(DOE "<s:City>Bern</s:City><s:Phone>1</s:Phone><s:Title>x</s:Title>"));
    turn(&org, "field-order=strict");
    CHECK(holds(org_update(&org, late), "invalid at this location"));
    turn(&org, "field-order=lax");
    CHECK(holds(org_update(&org, late), "<success>true"));
    CHECK(holds(org_update(&org, twice), "<success>true"));
    CHECK(holds(org_query(&org, "SELECT City, Phone FROM Lead"),
                "<sf:City>b</sf:City><sf:Phone xsi:nil=\"true\"/>"));
    turn(&org, "field-twice=fault");
    CHECK(holds(org_update(&org, twice), "soapenv:Client"));
    CHECK(holds(org_update(&org, nil), "<success>true"));
    CHECK(holds(org_query(&org, "SELECT City, Title FROM Lead"), "<sf:Title>x<"));
    turn(&org, "nil=clears");
    CHECK(holds(org_update(&org, nil), "<success>true"));
    CHECK(holds(org_query(&org, "SELECT City, Title FROM Lead"),
                "<sf:City xsi:nil=\"true\"/><sf:Title xsi:nil=\"true\"/>"));
    org_end(&org);
}

TEST(how_texts_are_stored_is_a_quirk)
{
    struct org_under_test org;
    const char *record = LEAD("<s:LastName> Doe </s:LastName><s:Company>A</s:Company>"
                              "<s:Email> Jane@X.io </s:Email>");

    begin(&org);
    org_create(&org, record);
    CHECK(holds(org_query(&org, "SELECT LastName, Email FROM Lead"),
                "<sf:LastName>Doe</sf:LastName><sf:Email>jane@x.io</sf:Email>"));
    turn(&org, "emails=kept");
    turn(&org, "texts=kept");
    org_create(&org, record);
    CHECK(holds(org_query(&org, "SELECT LastName, Email FROM Lead ORDER BY Id DESC"),
                "<sf:LastName> Doe </sf:LastName><sf:Email>Jane@X.io</sf:Email>"));
    CHECK(holds(org_query(&org, "SELECT Id FROM Lead WHERE Email = 'JANE@x.io'"), "<size>2<"));
    org_end(&org);
}

TEST(details_of_results_depend_on_quirks)
{
    struct org_under_test org;
    const char *one = LEAD("<s:Id>00Q000000000001</s:Id><s:City>a</s:City>");
    char *twins = mem_format("%s%s", one, one);

    begin(&org);
    org_create(&org, LEAD(DOE));
    CHECK(holds(org_query(&org, "SELECT City FROM Lead"), "<sf:Id xsi:nil=\"true\"/>"));
    turn(&org, "unselected-id=none");
    CHECK(!holds(org_query(&org, "SELECT City FROM Lead"), "<sf:Id"));
    CHECK_STR(text_in(org_update(&org, twins), "statusCode"), "DUPLICATE_VALUE");
    turn(&org, "same-id=INVALID_ID_FIELD");
    CHECK_STR(text_in(org_update(&org, twins), "statusCode"), "INVALID_ID_FIELD");
    CHECK(holds(org_query(&org, "SELECT Id, Owner.Name FROM Lead"),
                "<sf:Owner xsi:type=\"sf:sObject\">"));
    turn(&org, "parent-type=none");
    CHECK(holds(org_query(&org, "SELECT Id, Owner.Name FROM Lead"), "<sf:Owner>"));
    CHECK(holds(org_query(&org, "SELECT Id FROM Lead OFFSET 2001"), "NUMBER_OUTSIDE_VALID_RANGE"));
    turn(&org, "offset=any");
    CHECK(holds(org_query(&org, "SELECT Id FROM Lead OFFSET 2001"), "<size>0<"));
    CHECK(holds(org_create(&org, LEAD("<s:No__c>1</s:No__c>")), "<sf:row>-1<"));
    turn(&org, "field-place=1");
    CHECK(holds(org_create(&org, LEAD("<s:No__c>1</s:No__c>")), "<sf:row>1<"));
    CHECK(!holds(org_query(&org, "SELECT Nothing FROM Lead"), "LimitInfoHeader"));
    turn(&org, "faults-limit=yes");
    CHECK(holds(org_query(&org, "SELECT Nothing FROM Lead"), "<type>API REQUESTS</type>"));
    mem_free(twins);
    org_end(&org);
}

TEST(a_request_without_an_action_is_a_fault_if_the_org_needs_one)
{
    struct org_under_test org;

    begin(&org);
    char *envelope = org_envelope(&org, "<p:getServerTimestamp/>");
    struct soap_request request = {.path = "/services/Soap/u/64.0",
                                   .host = "h",
                                   .content_type = "text/xml",
                                   .body = envelope,
                                   .len = strlen(envelope)};
    buf_clear(&org.answer);
    CHECK_INT(soap_answer(org.service, &request, &org.answer), 500);
    CHECK(holds(buf_peek(&org.answer), "SOAPAction HTTP header missing"));
    turn(&org, "soap-action=optional");
    CHECK_INT(soap_answer(org.service, &request, &org.answer), 200);
    mem_free(envelope);
    org_end(&org);
}

TEST(errors_and_describe_call_fields_by_their_labels)
{
    struct org_under_test org;

    begin(&org);
    CHECK(holds(org_create(&org, LEAD(DOE "<s:PostalCode>123456789012345678901</s:PostalCode>")),
                "<message>Zip/Postal Code: data value too large: "));
    CHECK(holds(ask(&org, "describeSObjects", "<p:sObjectType>Account</p:sObjectType>"),
                "<label>Billing State/Province</label>"));
    org_end(&org);
}

TEST(the_elements_of_a_call_must_be_in_order)
{
    static const struct {
        const char *operation, *inside, *sign;
    } cases[] = {
        {"login", "<p:password>x</p:password><p:username>y</p:username>", "invalid at this"},
        {"getUserInfo", "<p:x/>",
         "Element {urn:partner.soap.sforce.com}x invalid at this location"},
        {"query", "<p:queryString>SELECT Id FROM Lead</p:queryString><p:x/>", "invalid at this"},
        {"query", "", "query: missing required element queryString"},
        {"delete", "<p:ids>00Q000000000001</p:ids><item/>", "Element {}item invalid at this"},
    };
    struct org_under_test org;

    begin(&org);
    turn(&org, "requests=strict");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *answer = ask(&org, cases[i].operation, cases[i].inside);
        CHECK(holds(answer, cases[i].sign));
        CHECK_STR(text_in(answer, "faultcode"), "soapenv:Client");
    }
    org_end(&org);
}

TEST(memory_that_runs_out_in_an_operation_is_a_fault)
{
    static const char *const calls[] = {
        "<p:upsert><p:externalIDFieldName>Ext__c</p:externalIDFieldName>" KEYED_LEAD("k", "")
            KEYED_LEAD("K", "") KEYED_LEAD("m", "") "</p:upsert>",
        "<p:create>" KEYED_LEAD("n", "") KEYED_LEAD("N", "") "</p:create>",
        "<p:create>" LEAD(DOE "<s:Owner><s:type>User</s:type><s:Email>admin@example.com</s:Email>"
                              "</s:Owner>") "</p:create>",
        "<p:retrieve><p:fieldList>Id,Name</p:fieldList><p:sObjectType>Lead</p:sObjectType>"
        "<p:ids>00Q000000000001</p:ids></p:retrieve>",
        "<p:describeGlobal/>",
        "<p:convertLead>" CONVERT("", CLOSED, "false", "00Q000000000001", AFTER) "</p:convertLead>",
        "<p:delete><p:ids>001000000000001</p:ids><p:ids>00Q000000000002</p:ids></p:delete>",
    };
    struct org_under_test org;

    begin(&org);
    org_create(&org, KEYED_LEAD("a", "") KEYED_LEAD("b", ""));
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        for (size_t nth = 1; nth < 40; nth++) {
            /* The request's envelope is built before memory runs out. */
            char *envelope = org_envelope(&org, calls[i]);
            mem_fail_at(nth);
            org.status = answer_in_short(&org, envelope);
            mem_fail_at(0);
            CHECK(org.status == 200 || org.status == 500);
            mem_free(envelope);
        }
    org_end(&org);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_CASE(a_logout_ends_the_session_for_all),
        TEST_CASE(a_sign_in_may_name_the_org_it_means),
        TEST_CASE(describe_global_lists_what_may_be_read),
        TEST_CASE(describe_reports_keys_relationships_and_record_types),
        TEST_CASE(a_hundred_names_can_be_described_and_no_more),
        TEST_CASE(query_all_shows_deleted_records_too),
        TEST_CASE(a_delete_answers_for_each_id),
        TEST_CASE(all_or_none_keeps_upserts_and_deletes_whole),
        TEST_CASE(writing_calls_take_200_records),
        TEST_CASE(a_retrieve_gives_what_it_finds_in_the_order_asked_for),
        TEST_CASE(a_retrieve_that_asks_for_the_wrong_thing_is_a_fault),
        TEST_CASE(a_header_counts_only_where_the_wsdl_declares_it),
        TEST_CASE(the_type_of_an_element_must_fit_its_field),
        TEST_CASE(a_record_can_have_several_errors),
        TEST_CASE(unconfirmed_rules_of_records_depend_on_quirks),
        TEST_CASE(how_texts_are_stored_is_a_quirk),
        TEST_CASE(details_of_results_depend_on_quirks),
        TEST_CASE(a_request_without_an_action_is_a_fault_if_the_org_needs_one),
        TEST_CASE(errors_and_describe_call_fields_by_their_labels),
        TEST_CASE(the_elements_of_a_call_must_be_in_order),
        TEST_CASE(memory_that_runs_out_in_an_operation_is_a_fault),
        TEST_CASE(every_answer_fits_the_wsdl),
    };

    return cmocka_run_group_tests(tests, answers_begin, answers_drop);
}
