#include "fakeorg_operations.h"

TEST(a_lead_is_converted_into_new_records)
{
    struct org_under_test org;

    begin(&org);
    org_create(&org, LEAD(DOE "<s:Email>a@b.de</s:Email><s:LeadSource>Web</s:LeadSource>"));
    const char *answer =
        ask(&org, "convertLead", CONVERT("", CLOSED, "false", "00Q000000000001", AFTER));
    CHECK(holds(answer, "<convertLeadResponse><result><accountId>001000000000001AAA</accountId>"
                        "<contactId>003000000000001AAA</contactId><leadId>00Q000000000001EAA"
                        "</leadId><opportunityId>006000000000001AAA</opportunityId>"
                        "<success>true</success></result>"));
    answer = org_query(&org, "SELECT IsConverted, Status, ConvertedAccountId, ConvertedContactId, "
                             "ConvertedOpportunityId FROM Lead");
    CHECK(holds(answer, "<sf:IsConverted>true</sf:IsConverted><sf:Status>Closed - Converted"
                        "</sf:Status><sf:ConvertedAccountId>001000000000001AAA"));
    CHECK(holds(answer, "<sf:ConvertedOpportunityId>006000000000001AAA<"));
    CHECK(holds(org_query(&org, "SELECT Email, LeadSource, AccountId FROM Contact"),
                "<sf:Email>a@b.de</sf:Email><sf:LeadSource>Web</sf:LeadSource>"
                "<sf:AccountId>001000000000001AAA</sf:AccountId>"));

    CHECK_STR(text_in(org_update(&org, LEAD("<s:Id>00Q000000000001</s:Id>")), "statusCode"),
              "CANNOT_UPDATE_CONVERTED_LEAD");
    answer = upsert(&org, "Email", LEAD("<s:Email>a@b.de</s:Email>"));
    CHECK_STR(text_in(answer, "statusCode"), "CANNOT_UPDATE_CONVERTED_LEAD");
    answer = ask(&org, "convertLead", CONVERT("", CLOSED, "true", "00Q000000000001", AFTER));
    CHECK_STR(text_in(answer, "statusCode"), "CANNOT_UPDATE_CONVERTED_LEAD");
    CHECK(holds(answer, "<accountId xsi:nil=\"true\"/><contactId xsi:nil=\"true\"/><errors>"));
    CHECK_INT(orgdata_object(org.service->org, "Account")->live_count, 1);
    org_end(&org);
}

TEST(a_conversion_fills_given_records_only_where_they_are_empty)
{
    struct org_under_test org;

    begin(&org);
    org_create(&org, LEAD(DOE "<s:City>Bern</s:City><s:LeadSource>Web</s:LeadSource>")
                         LEAD(DOE "<s:LeadSource>Other</s:LeadSource><s:Phone>2</s:Phone>"));
    org_create(&org, "<p:sObjects><s:type>Account</s:type><s:Name>Kept</s:Name></p:sObjects>");
    const char *answer = ask(&org, "convertLead",
                             CONVERT("<p:accountId>001000000000001</p:accountId>", CLOSED, "1",
                                     "00Q000000000001", AFTER));
    CHECK(holds(answer, "<opportunityId xsi:nil=\"true\"/><success>true"));
    answer = ask(&org, "convertLead",
                 CONVERT("<p:accountId>001000000000001</p:accountId>"
                         "<p:bypassContactDedupeCheck>true</p:bypassContactDedupeCheck>"
                         "<p:contactId>003000000000001</p:contactId>",
                         CLOSED, "0", "00Q000000000002",
                         "<p:opportunityName>Big</p:opportunityName>"
                         "<p:overwriteLeadSource>true</p:overwriteLeadSource>"
                         "<p:ownerId>005000000000001</p:ownerId>"
                         "<p:sendNotificationEmail>false</p:sendNotificationEmail>"));
    CHECK(holds(answer, "<contactId>003000000000001AAA</contactId>"));
    CHECK(holds(org_query(&org, "SELECT Name, BillingCity, Phone FROM Account"),
                "<sf:Name>Kept</sf:Name><sf:BillingCity>Bern</sf:BillingCity><sf:Phone>2<"));
    CHECK(holds(org_query(&org, "SELECT LeadSource, MailingCity FROM Contact"),
                "<sf:LeadSource>Other</sf:LeadSource><sf:MailingCity>Bern</sf:MailingCity>"));
    org_end(&org);
}

TEST(a_conversion_that_cannot_be_says_why)
{
    static const struct {
        const char *inside, *sign;
    } cases[] = {
        {CONVERT("", "Converted", "true", "00Q000000000001", AFTER), "INVALID_STATUS"},
        {CONVERT("", "Closed - Not Converted", "true", "00Q000000000001", AFTER),
         "invalid convertedStatus: Closed - Not Converted"},
        {CONVERT("", CLOSED, "true", "00Q", AFTER), "MALFORMED_ID"},
        {CONVERT("", CLOSED, "true", "00Q000000000009", AFTER), "INVALID_CROSS_REFERENCE_KEY"},
        {CONVERT("", CLOSED, "true", "00Q000000000002", AFTER), "ENTITY_IS_DELETED"},
        {CONVERT("<p:accountId>001000000000009</p:accountId>", CLOSED, "true", "00Q000000000001",
                 AFTER),
         "INVALID_CROSS_REFERENCE_KEY"},
        {CONVERT("<p:contactId>003000000000001</p:contactId>", CLOSED, "true", "00Q000000000001",
                 AFTER),
         "contactId needs an accountId"},
        {CONVERT("<p:accountId>001000000000001</p:accountId><p:contactId>003000000000001"
                 "</p:contactId>",
                 CLOSED, "true", "00Q000000000001", AFTER),
         "INVALID_CROSS_REFERENCE_KEY"},
        {CONVERT("", CLOSED, "true", "00Q000000000001",
                 "<p:opportunityName>x</p:opportunityName>" AFTER),
         "FIELD_INTEGRITY_EXCEPTION"},
        {CONVERT("", CLOSED, "false", "00Q000000000001",
                 "<p:opportunityId>x</p:opportunityId>" AFTER),
         "MALFORMED_ID"},
        {CONVERT("", CLOSED, "maybe", "00Q000000000001", AFTER), "xsd:boolean"},
        {CONVERT("", CLOSED, "true", "00Q000000000001", ""), "missing required element"},
        {CONVERT("", CLOSED, "true", "00Q000000000001", AFTER "<p:x/>"),
         "invalid at this location"},
        {CONVERT("<p:accountRecord><s:type>Account</s:type></p:accountRecord>", CLOSED, "true",
                 "00Q000000000001", AFTER),
         "FUNCTIONALITY_NOT_ENABLED"},
        {"<p:lead/>", "invalid at this location"},
    };
    struct org_under_test org;

    begin(&org);
    turn(&org, "requests=strict");
    org_create(&org, LEAD(DOE) LEAD(DOE));
    org_create(&org, "<p:sObjects><s:type>Account</s:type><s:Name>A</s:Name></p:sObjects>"
                     "<p:sObjects><s:type>Contact</s:type><s:LastName>C</s:LastName></p:sObjects>");
    ask(&org, "delete", "<p:ids>00Q000000000002</p:ids>");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *answer = ask(&org, "convertLead", cases[i].inside);
        CHECK(holds(answer, cases[i].sign));
        CHECK(!holds(answer, "<success>true"));
    }
    CHECK_INT(orgdata_object(org.service->org, "Contact")->live_count, 1);
    org_end(&org);
}

TEST(a_conversion_takes_a_hundred_leads)
{
    struct org_under_test org;
    struct buf inside;

    begin(&org);
    buf_init(&inside, 1 << 20);
    for (int i = 0; i < 100; i++)
        buf_text(&inside, CONVERT("", CLOSED, "true", "00Q000000000001", AFTER));
    CHECK_INT(count_of(ask(&org, "convertLead", buf_peek(&inside)), "<result>"), 100);
    buf_text(&inside, CONVERT("", CLOSED, "true", "00Q000000000001", AFTER));
    CHECK(holds(ask(&org, "convertLead", buf_peek(&inside)), "EXCEEDED_LEAD_CONVERT_LIMIT"));
    buf_done(&inside);
    org_end(&org);
}

TEST(some_orgs_let_converted_leads_be_edited)
{
    struct org_under_test org;
    const char *change = LEAD("<s:Id>00Q000000000001</s:Id><s:City>Bern</s:City>");

    begin(&org);
    org_create(&org, LEAD(DOE "<s:IsConverted>true</s:IsConverted>"));
    CHECK(holds(org_update(&org, change), "CANNOT_UPDATE_CONVERTED_LEAD"));
    turn(&org, "converted-leads=editable");
    CHECK(holds(org_update(&org, change), "<success>true"));
    turn(&org, "short-ids=refused");
    CHECK(holds(org_update(&org, change), "MALFORMED_ID"));
    org_end(&org);
}

TEST(an_account_takes_its_contacts_into_the_recycle_bin)
{
    struct org_under_test org;

    begin(&org);
    org_create(&org, "<p:sObjects><s:type>Account</s:type><s:Name>A</s:Name></p:sObjects>");
    org_create(&org, "<p:sObjects><s:type>Contact</s:type><s:LastName>C</s:LastName>"
                     "<s:AccountId>001000000000001</s:AccountId></p:sObjects>"
                     "<p:sObjects><s:type>Contact</s:type><s:LastName>D</s:LastName>"
                     "</p:sObjects>");
    const char *answer = ask(&org, "delete",
                             "<p:ids>001000000000001</p:ids>"
                             "<p:ids>003000000000001</p:ids>");
    CHECK_INT(count_of(answer, "<success>true"), 2);
    CHECK_INT(orgdata_object(org.service->org, "Contact")->live_count, 1);
    CHECK_INT(orgdata_object(org.service->org, "Account")->live_count, 0);
    org_end(&org);
}

TEST(a_merged_record_is_deleted_and_names_its_master)
{
    struct org_under_test org;

    begin(&org);
    org_create(&org, LEAD(DOE "<s:Email>a@b.de</s:Email>") LEAD(DOE "<s:Email>a@b.de</s:Email>"));
    CHECK_INT(post(&org, control_merge, "{\"id\":\"00Q000000000002\"}"), 400);
    CHECK_INT(
        post(&org, control_merge, "{\"id\":\"00Q000000000002\",\"master\":\"00Q000000000002EAA\"}"),
        400);
    CHECK_INT(
        post(&org, control_merge, "{\"id\":\"00Q000000000002\",\"master\":\"00Q000000000001\"}"),
        200);
    CHECK_STR(text_in(org_update(&org, LEAD("<s:Id>00Q000000000002</s:Id><s:City>x</s:City>")),
                      "statusCode"),
              "ENTITY_IS_DELETED");
    const char *answer = ask(&org, "queryAll",
                             "<p:queryString>SELECT MasterRecordId FROM Lead WHERE IsDeleted = true"
                             "</p:queryString>");
    CHECK(holds(answer, "<sf:MasterRecordId>00Q000000000001EAA</sf:MasterRecordId>"));
    CHECK(holds(upsert(&org, "Email", LEAD("<s:Email>a@b.de</s:Email>")),
                "<created>false</created><id>00Q000000000001EAA"));
    org_end(&org);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_CASE(a_lead_is_converted_into_new_records),
        TEST_CASE(a_conversion_fills_given_records_only_where_they_are_empty),
        TEST_CASE(a_conversion_that_cannot_be_says_why),
        TEST_CASE(a_conversion_takes_a_hundred_leads),
        TEST_CASE(some_orgs_let_converted_leads_be_edited),
        TEST_CASE(an_account_takes_its_contacts_into_the_recycle_bin),
        TEST_CASE(a_merged_record_is_deleted_and_names_its_master),
        TEST_CASE(every_answer_fits_the_wsdl),
    };

    return cmocka_run_group_tests(tests, answers_begin, answers_drop);
}
