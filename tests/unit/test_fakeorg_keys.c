#include "fakeorg_operations.h"

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

TEST(case_sensitive_keys_distinguish_case)
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
        TEST_CASE(an_upsert_creates_what_is_new_and_updates_what_is_known),
        TEST_CASE(an_upsert_by_id_updates_with_one_and_creates_without),
        TEST_CASE(an_upsert_that_matches_several_fails_that_record),
        TEST_CASE(a_key_that_comes_twice_in_an_upsert_fails),
        TEST_CASE(an_upsert_needs_a_field_that_is_a_key_and_its_value),
        TEST_CASE(a_unique_value_stays_with_one_record),
        TEST_CASE(case_sensitive_keys_distinguish_case),
        TEST_CASE(a_reference_can_be_set_by_a_key_of_the_parent),
        TEST_CASE(a_key_can_be_added_while_the_org_runs),
        TEST_CASE(keys_without_a_type_that_can_be_one_are_refused),
        TEST_CASE(every_answer_fits_the_wsdl),
    };

    return cmocka_run_group_tests(tests, answers_begin, answers_drop);
}
