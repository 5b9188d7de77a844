#include "fakeorg_answers.h"

#include "fakeorg/views.h"

#define KEYED_LEAD(key, rest) LEAD(DOE "<s:Ext__c>" key "</s:Ext__c>" rest)
#define ALL_OR_NONE           "<p:AllOrNoneHeader><p:allOrNone>true</p:allOrNone></p:AllOrNoneHeader>"

/* Beside org_begin's: a key of each kind. */
static void begin(struct org_under_test *org)
{
    static const char *const keys[] = {"Ext__c=string:50,external,unique",
                                       "Loose__c=string:50,external",
                                       "Cased__c=string:50,external,unique,caseSensitive",
                                       "Number__c=double:10,0,external,unique"};
    struct err err = {0};

    org_begin(org);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char name[32];
        size_t len = strcspn(keys[i], "=");
        snprintf(name, sizeof name, "%.*s", (int)len, keys[i]);
        struct field *field = field_new_custom(name, keys[i] + len + 1, &err);
        CHECK(field != NULL);
        CHECK_INT(object_add_field(orgdata_object(org->service->org, "Lead"), field, &err), 0);
    }
}

static const char *ask(struct org_under_test *org, const char *operation, const char *inside)
{
    char *body = mem_format("<p:%s>%s</p:%s>", operation, inside, operation);

    CHECK(body != NULL);
    const char *answer = org_call(org, "64.0", body);
    mem_free(body);
    return answer;
}

static const char *upsert(struct org_under_test *org, const char *key, const char *records)
{
    char *inside = mem_format("<p:externalIDFieldName>%s</p:externalIDFieldName>%s", key, records);

    CHECK(inside != NULL);
    const char *answer = ask(org, "upsert", inside);
    mem_free(inside);
    return answer;
}

static size_t count_of(const char *text, const char *piece)
{
    size_t count = 0;

    for (; (text = strstr(text, piece)) != NULL; text++)
        count++;
    return count;
}

static size_t leads(const struct org_under_test *org)
{
    return orgdata_object(org->service->org, "Lead")->live_count;
}

static void turn(struct org_under_test *org, const char *text)
{
    struct err err = {0};

    CHECK_INT(switches_set(&org->service->switches, text, &err), 0);
}

static unsigned post(struct org_under_test *org,
                     unsigned (*route)(struct service *, const char *, const char *, struct buf *),
                     const char *body)
{
    buf_clear(&org->answer);
    return route(org->service, "", body, &org->answer);
}

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

TEST(describe_tells_keys_relationships_and_record_types)
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

TEST(an_upsert_creates_what_is_new_and_updates_what_is_known)
{
    struct org_under_test org;

    begin(&org);
    const char *answer = upsert(&org, "Ext__c", KEYED_LEAD("k1", "<s:City>Bern</s:City>"));
    CHECK(holds(answer, "<upsertResponse><result><created>true</created>"
                        "<id>00Q000000000001EAA</id><success>true</success></result>"));
    answer = upsert(&org, "ext__C",
                    LEAD("<s:Ext__c>K1</s:Ext__c><s:City>Basel</s:City>") KEYED_LEAD("k2", ""));
    CHECK(holds(answer, "<created>false</created><id>00Q000000000001EAA</id>"));
    CHECK(holds(answer, "<created>true</created><id>00Q000000000002EAA</id>"));
    CHECK(holds(org_query(&org, "SELECT City FROM Lead WHERE Ext__c = &apos;k1&apos;"), ">Basel<"));

    CHECK(holds(upsert(&org, "Number__c", LEAD(DOE "<s:Number__c>007</s:Number__c>")),
                "<created>true"));
    CHECK(holds(upsert(&org, "Number__c", LEAD(DOE "<s:Number__c>7.0</s:Number__c>")),
                "<created>false"));
    CHECK(holds(upsert(&org, "Email", LEAD(DOE "<s:Email>a@b.de</s:Email>")), "<created>true"));
    CHECK(holds(upsert(&org, "Email", LEAD("<s:Email>A@B.de</s:Email><s:City>Bern</s:City>")),
                "<created>false"));
    CHECK_INT(leads(&org), 4);
    org_end(&org);
}

TEST(an_upsert_by_id_updates_with_one_and_creates_without)
{
    static const struct {
        const char *id, *code;
    } bad[] = {{"00Q1", "MALFORMED_ID"},
               {"00Q000000000099", "INVALID_CROSS_REFERENCE_KEY"},
               {"00Q000000000002", "ENTITY_IS_DELETED"}};
    struct org_under_test org;

    begin(&org);
    CHECK(holds(upsert(&org, "Id", LEAD(DOE) LEAD("<s:Id xsi:nil='true'/>" DOE)),
                "<created>true</created><id>00Q000000000002EAA</id>"));
    CHECK(holds(upsert(&org, "Id", LEAD("<s:Id>00Q000000000001</s:Id><s:City>Bern</s:City>")),
                "<created>false</created><id>00Q000000000001EAA</id><success>true"));
    ask(&org, "delete", "<p:ids>00Q000000000002EAA</p:ids>");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *record = mem_format(LEAD("<s:Id>%s</s:Id>"), bad[i].id);
        const char *answer = upsert(&org, "Id", record);
        CHECK_STR(text_in(answer, "statusCode"), bad[i].code);
        CHECK_STR(text_in(answer, "created"), "false");
        mem_free(record);
    }
    org_end(&org);
}

TEST(an_upsert_that_matches_several_fails_that_record)
{
    struct org_under_test org;
    const char *records = LEAD("<s:Loose__c>A</s:Loose__c>") LEAD(DOE "<s:Loose__c>b</s:Loose__c>");

    begin(&org);
    org_create(&org, LEAD(DOE "<s:Loose__c>a</s:Loose__c>") LEAD(DOE "<s:Loose__c>A</s:Loose__c>"));
    const char *answer = upsert(&org, "Loose__c", records);
    CHECK_STR(text_in(answer, "statusCode"), "DUPLICATE_EXTERNAL_ID");
    CHECK_STR(text_in(answer, "fields"), "Loose__c");
    CHECK_STR(text_in(answer, "message"),
              "Loose: more than one record found for external id field: "
              "[00Q000000000001EAA, 00Q000000000002EAA]");
    CHECK(holds(answer, "<created>true</created><id>00Q000000000003EAA</id>"));
    turn(&org, "upsert-matches=DUPLICATE_VALUE");
    CHECK_STR(text_in(upsert(&org, "Loose__c", records), "statusCode"), "DUPLICATE_VALUE");
    org_end(&org);
}

TEST(a_key_that_comes_twice_in_an_upsert_fails)
{
    struct org_under_test org;
    const char *records = KEYED_LEAD("x", "") KEYED_LEAD("y", "") KEYED_LEAD("X", "");

    begin(&org);
    const char *answer = upsert(&org, "Ext__c", records);
    CHECK_INT(count_of(answer, "<statusCode>DUPLICATE_VALUE"), 2);
    CHECK(holds(answer, "<message>Duplicate external id specified: x</message>"));
    CHECK_INT(leads(&org), 1);
    turn(&org, "upsert-twins=later");
    answer = upsert(&org, "Ext__c", records);
    CHECK_INT(count_of(answer, "<statusCode>DUPLICATE_VALUE"), 1);
    CHECK(holds(answer, "Duplicate external id specified: X"));
    CHECK_INT(leads(&org), 2);
    org_end(&org);
}

TEST(an_upsert_needs_a_field_that_is_a_key_and_its_value)
{
    struct org_under_test org;

    begin(&org);
    CHECK(holds(upsert(&org, "City", LEAD(DOE "<s:City>b</s:City>")), "InvalidFieldFault"));
    CHECK(holds(upsert(&org, "Nope__c", LEAD(DOE)),
                "Field name provided, Nope__c does not match an External ID, Salesforce Id, or "
                "indexed field for Lead"));
    CHECK(holds(ask(&org, "upsert", LEAD(DOE)), "missing required element externalIDFieldName"));
    turn(&org, "upsert-key=record");
    CHECK_STR(text_in(upsert(&org, "City", LEAD(DOE)), "statusCode"),
              "INVALID_EXTERNAL_ID_FIELD_NAME");
    const char *answer = upsert(&org, "Ext__c", LEAD(DOE));
    CHECK_STR(text_in(answer, "statusCode"), "MISSING_ARGUMENT");
    CHECK_STR(text_in(answer, "message"), "Ext__c not specified");
    CHECK_STR(text_in(upsert(&org, "Ext__c",
                             LEAD("<s:Id>00Q000000000001</s:Id>" DOE "<s:Ext__c>a</s:Ext__c>")),
                      "statusCode"),
              "INVALID_FIELD_FOR_INSERT_UPDATE");
    CHECK_INT(leads(&org), 0);
    org_end(&org);
}

TEST(a_unique_value_stays_with_one_record)
{
    struct org_under_test org;

    begin(&org);
    org_create(&org, KEYED_LEAD("k", "") KEYED_LEAD("l", ""));
    const char *answer = org_create(&org, KEYED_LEAD("K", ""));
    CHECK_STR(text_in(answer, "message"),
              "duplicate value found: Ext__c duplicates value on record "
              "with id: 00Q000000000001");
    CHECK(!holds(answer, "<fields>"));
    turn(&org, "duplicate-id=18");
    answer = org_update(&org, LEAD("<s:Id>00Q000000000002</s:Id><s:Ext__c>k</s:Ext__c>"));
    CHECK_STR(text_in(answer, "message"),
              "duplicate value found: Ext__c duplicates value on record "
              "with id: 00Q000000000001EAA");
    CHECK(holds(org_update(&org, LEAD("<s:Id>00Q000000000001</s:Id><s:Ext__c>K</s:Ext__c>")),
                "<success>true"));

    answer = org_create(&org, KEYED_LEAD("k", "") KEYED_LEAD("m", "") KEYED_LEAD("n", "")
                                  KEYED_LEAD("N", ""));
    CHECK_INT(count_of(answer, "DUPLICATE_VALUE"), 2);
    CHECK(holds(answer, "with id: 00Q000000000004EAA"));
    CHECK(holds(answer, "<id>00Q000000000004EAA</id>"));
    ask(&org, "delete", "<p:ids>00Q000000000001</p:ids>");
    CHECK(holds(org_create(&org, KEYED_LEAD("k", "")), "<success>true"));
    org_end(&org);
}

TEST(case_sensitive_keys_tell_letters_apart)
{
    struct org_under_test org;

    begin(&org);
    org_create(&org, LEAD(DOE "<s:Cased__c>k</s:Cased__c>") LEAD(DOE "<s:Cased__c>K</s:Cased__c>"));
    CHECK_INT(leads(&org), 2);
    CHECK(holds(org_create(&org, LEAD(DOE "<s:Cased__c>K</s:Cased__c>")),
                "with id: 00Q000000000002"));
    CHECK(holds(upsert(&org, "Cased__c", LEAD(DOE "<s:Cased__c>K</s:Cased__c>")),
                "<created>false</created><id>00Q000000000002EAA"));
    org_end(&org);
}

TEST(a_delete_answers_for_each_id)
{
    struct org_under_test org;

    begin(&org);
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
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK(holds(ask(&org, "retrieve", cases[i].inside), cases[i].sign));
        CHECK_INT(org.status, 500);
    }
    org_end(&org);
}

#define CONVERT(before, status, no_opportunity, id, after)                                         \
    "<p:leadConverts>" before "<p:convertedStatus>" status "</p:convertedStatus>"                  \
    "<p:doNotCreateOpportunity>" no_opportunity "</p:doNotCreateOpportunity>"                      \
    "<p:leadId>" id "</p:leadId>" after "</p:leadConverts>"
#define AFTER                                                                                      \
    "<p:overwriteLeadSource>false</p:overwriteLeadSource>"                                         \
    "<p:sendNotificationEmail>true</p:sendNotificationEmail>"
#define CLOSED "Closed - Converted"

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

TEST(a_reference_can_be_set_by_a_key_of_the_parent)
{
#define PARENT(inside) LEAD(DOE "<s:Owner>" inside "</s:Owner>")
    static const struct {
        const char *record, *sign;
    } cases[] = {
        {PARENT("<s:type>User</s:type><s:Email>nobody@x.de</s:Email>"),
         "<message>Foreign key external ID: nobody@x.de not found for field Email in entity User"},
        {PARENT("<s:type>User</s:type><s:Title>x</s:Title>"), "No such column &#39;Title&#39;"},
        {PARENT("<s:Email>x@y.de</s:Email>"), "Must send a concrete entity type."},
        {PARENT("<s:type>User</s:type><s:Email>x@y.de</s:Email><s:Username>x</s:Username>"),
         "invalid at this location"},
        {LEAD(DOE "<s:Boss><s:type>User</s:type></s:Boss>"), "No such column &#39;Boss&#39;"},
    };
    struct org_under_test org;

    begin(&org);
    CHECK(holds(org_create(&org, PARENT("<s:type>User</s:type><s:Id xsi:nil='true'/>"
                                        "<s:Username>SALES@example.com</s:Username>")),
                "<success>true"));
    CHECK(holds(org_query(&org, "SELECT OwnerId FROM Lead"), "<sf:OwnerId>005000000000003AAA"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(holds(org_create(&org, cases[i].record), cases[i].sign));
    CHECK_INT(leads(&org), 1);
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

TEST(what_nobody_is_sure_of_in_a_record_is_a_switch)
{
    struct org_under_test org;
    const char *late = LEAD("<s:City>Basel</s:City><s:Id>00Q000000000001</s:Id>"
                            "<s:fieldsToNull>Phone</s:fieldsToNull>");
    const char *twice = LEAD("<s:Id>00Q000000000001</s:Id><s:City>a</s:City><s:City>b</s:City>");
    const char *nil = LEAD("<s:Id>00Q000000000001</s:Id><s:Title xsi:nil='true'/><s:City/>");

    begin(&org);
    org_create(&org, LEAD(DOE "<s:City>Bern</s:City><s:Phone>1</s:Phone><s:Title>x</s:Title>"));
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

TEST(the_elements_of_a_call_have_their_order)
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
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *answer = ask(&org, cases[i].operation, cases[i].inside);
        CHECK(holds(answer, cases[i].sign));
        CHECK_STR(text_in(answer, "faultcode"), "soapenv:Client");
    }
    org_end(&org);
}

TEST(an_account_takes_its_contacts_into_the_bin)
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

TEST(a_key_can_be_added_while_the_org_runs)
{
    struct org_under_test org;

    begin(&org);
    CHECK_INT(post(&org, control_fields,
                   "{\"object\":\"Contact\",\"name\":\"Key__c\",\"type\":\"string\","
                   "\"length\":9,\"external\":true,\"unique\":true,\"caseSensitive\":true}"),
              200);
    const struct field *field = object_field(orgdata_object(org.service->org, "Contact"), "Key__c");
    CHECK(field_has(field, EXTERNAL | UNIQUE | CASED | LOOKUP));
    CHECK_INT(field->fact.size, 9);
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
            /* The call's own envelope is made before memory is short. */
            char *envelope = org_envelope(&org, calls[i]);
            mem_fail_at(nth);
            org.status = answer_in_short(&org, envelope);
            mem_fail_at(0);
            CHECK(org.status == 200 || org.status == 500);
            mem_free(envelope);
        }
    org_end(&org);
}

TEST(keys_without_a_type_that_can_be_one_are_refused)
{
    static const char *const bad[] = {"boolean,unique",
                                      "date,external",
                                      "textarea:50,unique",
                                      "string,caseSensitive",
                                      "double,unique,caseSensitive",
                                      "string,uniqe"};
    struct err err = {0};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK(field_new_custom("K__c", bad[i], &err) == NULL);
        CHECK_INT(err.kind, ERR_INVALID);
    }
    struct field *field = field_new_custom("K__c", "double:10,2,unique,external", &err);
    CHECK(field != NULL && field_has(field, UNIQUE) && field_has(field, EXTERNAL));
    CHECK_INT(field->fact.scale, 2);
    field_free(field);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_CASE(a_logout_ends_the_session_for_all),
        TEST_CASE(a_sign_in_may_name_the_org_it_means),
        TEST_CASE(describe_global_lists_what_may_be_read),
        TEST_CASE(describe_tells_keys_relationships_and_record_types),
        TEST_CASE(a_hundred_names_can_be_described_and_no_more),
        TEST_CASE(query_all_shows_deleted_records_too),
        TEST_CASE(an_upsert_creates_what_is_new_and_updates_what_is_known),
        TEST_CASE(an_upsert_by_id_updates_with_one_and_creates_without),
        TEST_CASE(an_upsert_that_matches_several_fails_that_record),
        TEST_CASE(a_key_that_comes_twice_in_an_upsert_fails),
        TEST_CASE(an_upsert_needs_a_field_that_is_a_key_and_its_value),
        TEST_CASE(a_unique_value_stays_with_one_record),
        TEST_CASE(case_sensitive_keys_tell_letters_apart),
        TEST_CASE(a_delete_answers_for_each_id),
        TEST_CASE(all_or_none_keeps_upserts_and_deletes_whole),
        TEST_CASE(writing_calls_take_200_records),
        TEST_CASE(a_retrieve_gives_what_it_finds_in_the_order_asked_for),
        TEST_CASE(a_retrieve_that_asks_for_the_wrong_thing_is_a_fault),
        TEST_CASE(a_lead_is_converted_into_new_records),
        TEST_CASE(a_conversion_fills_given_records_only_where_they_are_empty),
        TEST_CASE(a_conversion_that_cannot_be_says_why),
        TEST_CASE(a_conversion_takes_a_hundred_leads),
        TEST_CASE(a_header_counts_only_where_the_wsdl_declares_it),
        TEST_CASE(a_reference_can_be_set_by_a_key_of_the_parent),
        TEST_CASE(the_type_of_an_element_must_fit_its_field),
        TEST_CASE(a_record_can_have_several_errors),
        TEST_CASE(what_nobody_is_sure_of_in_a_record_is_a_switch),
        TEST_CASE(some_orgs_let_converted_leads_be_edited),
        TEST_CASE(a_request_without_an_action_is_a_fault_if_the_org_needs_one),
        TEST_CASE(errors_and_describe_call_fields_by_their_labels),
        TEST_CASE(the_elements_of_a_call_have_their_order),
        TEST_CASE(an_account_takes_its_contacts_into_the_bin),
        TEST_CASE(a_merged_record_is_deleted_and_names_its_master),
        TEST_CASE(a_key_can_be_added_while_the_org_runs),
        TEST_CASE(memory_that_runs_out_in_an_operation_is_a_fault),
        TEST_CASE(keys_without_a_type_that_can_be_one_are_refused),
        TEST_CASE(every_answer_fits_the_wsdl),
    };

    return cmocka_run_group_tests(tests, answers_begin, answers_drop);
}
