#include "fakeorg_answers.h"

#include "fakeorg/org/org_file.h"
#include "fakeorg/rules/rules.h"

#define SAMPLE TEST_DATA "/../../etc/fakeorg.yml"

#define DUPLICATE_RULE(allow, details)                                                             \
    "<p:DuplicateRuleHeader><p:allowSave>" allow "</p:allowSave><p:includeRecordDetails>" details  \
    "</p:includeRecordDetails><p:runAsCurrentUser>true</p:runAsCurrentUser></"                     \
    "p:DuplicateRuleHeader>"
#define ASSIGNMENT(id, use)                                                                        \
    "<p:AssignmentRuleHeader>" id "<p:useDefaultRule>" use "</p:useDefaultRule>"                   \
    "</p:AssignmentRuleHeader>"
#define NO_ID "<p:assignmentRuleId xsi:nil=\"true\"/>"

/* The org of etc/fakeorg.yml, signed in. */
static void begin(struct org_under_test *org)
{
    struct fakeorg_options options = {.org_file = SAMPLE};
    struct err err = {0};

    *org = (struct org_under_test){.service = service_new(&options, &err)};
    CHECK_STR(err.text, "");
    CHECK(org->service != NULL);
    buf_init(&org->answer, SOAP_MAX_ANSWER);
    org_sign_in(org);
}

static void post(struct org_under_test *org, const char *text)
{
    struct err err = {0};
    int rc = org_file_post(org->service, text, &err);

    CHECK_STR(err.text, "");
    CHECK_INT(rc, 0);
}

/* The only undeleted lead with that last name. */
static struct record *lead(struct org_under_test *org, const char *last_name)
{
    struct object *object = orgdata_any_object(org->service->org, "Lead");
    struct record *const *records;
    size_t count;

    CHECK_INT(
        object_find(object, object_any_field(object, "LastName"), last_name, &records, &count), 0);
    CHECK_INT(count, 1);
    return records[0];
}

static const char *update(struct org_under_test *org, const char *type, const char *id,
                          const char *fields)
{
    char *record = mem_format("<p:sObjects><s:type>%s</s:type><s:Id>%s</s:Id>%s</p:sObjects>", type,
                              id, fields);

    CHECK(record != NULL);
    const char *answer = org_update(org, record);
    mem_free(record);
    return answer;
}

static const char *error_of(const char *answer)
{
    return text_in(answer, "statusCode");
}

TEST(the_sample_org_begins_with_its_records)
{
    struct org_under_test org;

    begin(&org);
    CHECK(holds(org_query(&org, "SELECT Id FROM Lead"), "<size>6</size>"));
    CHECK(holds(org_query(&org, "SELECT Email FROM Lead WHERE Email = 'tom@initech.example'"),
                "<sf:Email>TOM@Initech.example</sf:Email>"));
    CHECK_STR(record_value_named(lead(&org, "Bolton"), "IsConverted"), "true");
    CHECK_STR(record_value_named(lead(&org, "Gibbons"), "Partner__c"), "001000000000001AAA");
    CHECK_STR(record_value_named(lead(&org, "Gibbons"), "Plan__c"), "free");
    CHECK_STR(record_value_named(lead(&org, "Nagheenanajar"), "CreatedDate"),
              "2020-02-29T12:00:00.000Z");
    const struct object *leads = orgdata_any_object(org.service->org, "Lead");
    const struct record *merged = leads->records[leads->record_count - 2];
    CHECK(merged->deleted);
    CHECK_STR(record_value_named(merged, "MasterRecordId"), lead(&org, "Gibbons")->id);
    org_end(&org);
}

/* Checks that the <fields> element of that name contains piece. */
static void check_described(const char *answer, const char *name, const char *piece)
{
    char *wanted = mem_format("<name>%s</name>", name);
    bool found = false;

    for (const char *at = answer; !found && (at = strstr(at, "<fields>")) != NULL; at++) {
        char *field = mem_text_n(at, (size_t)(strstr(at, "</fields>") - at));
        found = holds(field, wanted) && holds(field, piece);
        mem_free(field);
    }
    if (!found)
        fail_msg("%s: not %s", name, piece);
    mem_free(wanted);
}

TEST(fields_of_every_type_are_described_as_the_file_says)
{
    static const char *const said[][2] = {
        {"Plan__c", "<restrictedPicklist>true<"}, {"Plan__c", "<defaultValue>true<"},
        {"User_Key__c", "<unique>true<"},         {"User_Key__c", "<externalId>true<"},
        {"User_Key__c", "<caseSensitive>true<"},  {"User_Key__c", "<length>64<"},
        {"Nickname__c", "<label>Nick name<"},     {"Budget__c", "<precision>16<"},
        {"Call_At__c", "<soapType>xsd:time<"},    {"Call_At__c", "<type>time<"},
        {"Partner__c", "<referenceTo>Account<"},  {"Rank__c", "<createable>false<"},
        {"Rank__c", "<updateable>false<"},        {"Visits__c", "<defaultedOnCreate>true<"},
        {"Status", "<restrictedPicklist>true<"},  {"LeadSource", "<restrictedPicklist>false<"}};
    struct org_under_test org;

    begin(&org);
    org_call(&org, "64.0",
             "<p:describeSObjects><p:sObjectType>Lead</p:sObjectType></p:describeSObjects>");
    char *answer = mem_text(buf_peek(&org.answer));
    CHECK(!holds(answer, "Credit__c"));
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        check_described(answer, said[i][0], said[i][1]);
    mem_free(answer);
    CHECK(holds(org_call(&org, "64.0",
                         "<p:describeSObjects><p:sObjectType>Contact</p:sObjectType>"
                         "</p:describeSObjects>"),
                "<deletable>false</deletable>"));
    org_end(&org);
}

TEST(values_of_every_type_are_kept_and_bad_ones_refused)
{
    struct org_under_test org;

    begin(&org);
    org_create(&org, LEAD(DOE "<s:Call_At__c>10:05</s:Call_At__c><s:Interests__c>chess;running"
                              "</s:Interests__c><s:Discount__c>12.5</s:Discount__c><s:Profile__c>"
                              "https://x.example</s:Profile__c><s:Born__c>1970-02-28</s:Born__c>"));
    CHECK(holds(org_query(&org, "SELECT Call_At__c, Interests__c, Visits__c FROM Lead "
                                "WHERE LastName = 'Doe'"),
                "<sf:Call_At__c>10:05:00.000Z</sf:Call_At__c>"
                "<sf:Interests__c>chess;running</sf:Interests__c><sf:Visits__c>0</sf:Visits__c>"));
    CHECK_STR(error_of(org_create(&org, LEAD(DOE "<s:Plan__c>gold</s:Plan__c>"))),
              "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    CHECK_STR(error_of(org_create(&org, LEAD(DOE "<s:Status>New</s:Status>"))),
              "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    CHECK(holds(org_create(&org, LEAD(DOE "<s:Call_At__c>25:00</s:Call_At__c>")),
                "is not a valid value for the type xsd:time"));
    org_end(&org);
}

TEST(a_hidden_field_looks_like_a_missing_one)
{
    struct org_under_test org;

    begin(&org);
    char *missing = mem_text(org_create(&org, LEAD(DOE "<s:Cretin__c>1</s:Cretin__c>")));
    memcpy(strstr(missing, "Cretin"), "Credit", 6);
    memcpy(strstr(missing, "Cretin"), "Credit", 6);
    CHECK_STR(org_create(&org, LEAD(DOE "<s:Credit__c>1</s:Credit__c>")), missing);
    mem_free(missing);
    CHECK_STR(text_in(org_query(&org, "SELECT Credit__c FROM Lead"), "faultcode"),
              "sf:INVALID_FIELD");
    CHECK_STR(text_in(org_query(&org, "SELECT Id FROM Lead WHERE Credit__c > 1"), "faultcode"),
              "sf:INVALID_FIELD");
    CHECK_STR(error_of(org_create(&org, LEAD(DOE "<s:Rank__c>1</s:Rank__c>"))),
              "INVALID_FIELD_FOR_INSERT_UPDATE");
    CHECK(holds(org_query(&org, "SELECT Rank__c FROM Lead"), "<size>6</size>"));
    post(&org, "permissions: {Lead.Credit__c: full, Lead.Rank__c: full, Lead.Phone: hidden}");
    CHECK(holds(org_create(&org, LEAD(DOE "<s:Credit__c>1</s:Credit__c><s:Rank__c>1</s:Rank__c>")),
                "<success>true</success>"));
    CHECK(holds(org_create(&org, LEAD(DOE "<s:Phone>1</s:Phone>")), "No such column"));
    /* Rules still see the field. */
    CHECK_STR(error_of(org_create(&org, LEAD(DOE "<s:Country>USA</s:Country>"))),
              "FIELD_CUSTOM_VALIDATION_EXCEPTION");
    org_end(&org);
}

TEST(permissions_of_an_object_say_what_may_be_done_with_it)
{
    struct org_under_test org;

    begin(&org);
    CHECK_STR(
        error_of(org_call(&org, "64.0", "<p:delete><p:ids>003000000000001AAA</p:ids></p:delete>")),
        "INSUFFICIENT_ACCESS_OR_READONLY");
    post(&org, "{\"permissions\": {\"Lead\": {\"create\": false}}}");
    CHECK_STR(error_of(org_create(&org, LEAD(DOE))), "INSUFFICIENT_ACCESS_OR_READONLY");
    CHECK(holds(update(&org, "Lead", lead(&org, "Gibbons")->id, "<s:City>Bern</s:City>"),
                "<success>true</success>"));
    post(&org, "permissions: {Lead: {update: false}, Account: {read: false}}");
    CHECK_STR(error_of(update(&org, "Lead", lead(&org, "Gibbons")->id, "<s:City>Ulm</s:City>")),
              "INSUFFICIENT_ACCESS_OR_READONLY");
    CHECK_STR(error_of(org_call(&org, "64.0",
                                "<p:convertLead><p:leadConverts><p:convertedStatus>Closed - "
                                "Converted</p:convertedStatus><p:doNotCreateOpportunity>true"
                                "</p:doNotCreateOpportunity><p:leadId>00Q000000000001EAA</p:leadId>"
                                "<p:overwriteLeadSource>false</p:overwriteLeadSource>"
                                "<p:sendNotificationEmail>false</p:sendNotificationEmail>"
                                "</p:leadConverts></p:convertLead>")),
              "INSUFFICIENT_ACCESS_OR_READONLY");
    CHECK_STR(text_in(org_query(&org, "SELECT Id FROM Account"), "faultcode"), "sf:INVALID_TYPE");
    CHECK(!holds(org_call(&org, "64.0", "<p:describeGlobal/>"), "<name>Account</name>"));
    org_end(&org);
}

TEST(validation_rules_judge_the_record_as_it_would_be)
{
    struct org_under_test org;

    begin(&org);
    org_create(&org, LEAD(DOE "<s:Country>usa</s:Country>")
                         LEAD(DOE "<s:Country>usa</s:Country><s:Phone>1</s:Phone>"));
    CHECK(holds(buf_peek(&org.answer),
                "<errors><fields>Phone</fields><message>A lead in the USA needs a phone number."
                "</message><statusCode>FIELD_CUSTOM_VALIDATION_EXCEPTION</statusCode></errors>"));
    CHECK(holds(buf_peek(&org.answer), "<success>true</success>"));
    const char *id = lead(&org, "Doe")->id;
    CHECK_STR(error_of(update(&org, "Lead", id, "<s:Discount__c>50.1</s:Discount__c>")),
              "FIELD_CUSTOM_VALIDATION_EXCEPTION");
    CHECK(holds(org_update(&org, "<p:sObjects><s:type>Lead</s:type><s:fieldsToNull>Phone"
                                 "</s:fieldsToNull><s:Id>00Q000000000009EAA</s:Id></p:sObjects>"),
                "needs a phone number"));
    post(&org, "validation_rules: [{name: N, object: Lead, on: update, when: \"Name LIKE 'Jo%' "
               "AND IsConverted = false\", message: No Jo}]");
    CHECK(holds(update(&org, "Lead", id, "<s:FirstName>Joe</s:FirstName>"), "No Jo"));
    CHECK(holds(org_create(&org, LEAD(DOE "<s:FirstName>Joe</s:FirstName>")),
                "<success>true</success>"));
    post(&org, "validation_rules: []");
    CHECK(holds(update(&org, "Lead", id, "<s:FirstName>Joe</s:FirstName>"),
                "<success>true</success>"));
    org_end(&org);
}

TEST(an_alert_rule_can_be_saved_past)
{
    struct org_under_test org;

    begin(&org);
    org.headers = DUPLICATE_RULE("false", "false");
    org_create(&org, LEAD(DOE "<s:Email>tom@INITECH.example</s:Email>"));
    CHECK(holds(buf_peek(&org.answer),
                "<result><errors xsi:type=\"DuplicateError\"><message>Use one of these records?"
                "</message><statusCode>DUPLICATES_DETECTED</statusCode><duplicateResult>"
                "<allowSave>true</allowSave><duplicateRule>Standard_Lead_Duplicate_Rule"
                "</duplicateRule><duplicateRuleEntityType>Lead</duplicateRuleEntityType>"
                "<errorMessage>Use one of these records?</errorMessage><matchResults><entityType>"
                "Lead</entityType><matchEngine>ExactMatchEngine</matchEngine><matchRecords>"
                "<fieldDiffs><difference>SAME</difference><name>Email</name></fieldDiffs>"
                "<matchConfidence>100.0</matchConfidence>"));
    CHECK(holds(buf_peek(&org.answer), "<size>2</size><success>true</success></matchResults>"
                                       "</duplicateResult></errors><id xsi:nil=\"true\"/>"));
    CHECK(!holds(buf_peek(&org.answer), "sf:Name"));
    org.headers = DUPLICATE_RULE("true", "false");
    CHECK(holds(org_create(&org, LEAD(DOE "<s:Email>tom@initech.example</s:Email>")),
                "<success>true</success>"));
    org_end(&org);
}

TEST(a_lead_can_be_a_duplicate_of_a_contact)
{
    struct org_under_test org;

    begin(&org);
    org.headers = DUPLICATE_RULE("false", "true");
    org_create(&org, LEAD(DOE "<s:Email>bill@initech.example</s:Email>"));
    CHECK(holds(buf_peek(&org.answer), "<entityType>Contact</entityType>"));
    CHECK(holds(buf_peek(&org.answer), "<sf:Name>Bill Lumbergh</sf:Name>"));
    CHECK(holds(buf_peek(&org.answer), "<rule>Standard_Contact_Match_Rule_v1_1</rule>"));
    /* Converted and deleted leads, and records of the same call, are no duplicates. */
    CHECK(!holds(org_create(&org, LEAD(DOE "<s:Email>milton@initech.example</s:Email>")),
                 "DUPLICATES"));
    CHECK(!holds(org_create(&org, LEAD(DOE "<s:Email>new@x.example</s:Email>")
                                      LEAD(DOE "<s:Email>new@x.example</s:Email>")),
                 "DUPLICATES"));
    org_end(&org);
}

TEST(a_block_rule_cannot_be_saved_past)
{
    static const char fields[] = "<p:sObjects><s:type>Account</s:type><s:Name>%s</s:Name>"
                                 "<s:BillingCity>%s</s:BillingCity></p:sObjects>";
    struct org_under_test org;
    char record[300];

    begin(&org);
    org.headers = DUPLICATE_RULE("true", "false");
    snprintf(record, sizeof record, fields, "INITECH", "austin");
    CHECK(holds(org_create(&org, record), "<allowSave>false</allowSave>"));
    CHECK(holds(buf_peek(&org.answer), "<success>false</success>"));
    snprintf(record, sizeof record, fields, "Initech", "Ulm");
    CHECK(holds(org_create(&org, record), "<success>true</success>"));
    char *id = mem_text(text_in(buf_peek(&org.answer), "id"));
    CHECK_STR(error_of(update(&org, "Account", id, "<s:BillingCity>Austin</s:BillingCity>")),
              "DUPLICATES_DETECTED");
    mem_free(id);
    org_end(&org);
}

TEST(whether_an_update_that_changes_nothing_compared_is_looked_at_is_a_quirk)
{
    struct org_under_test org;
    struct err err = {0};

    begin(&org);
    post(&org, "duplicate_rules: [{name: D, object: Lead, on_update: block, match: [{object: Lead, "
               "fields: [Email]}]}]");
    const struct object *leads = orgdata_any_object(org.service->org, "Lead");
    const char *id = leads->records[2]->id;
    CHECK_STR(record_value_named(leads->records[2], "Email"), "tom@initech.example");
    CHECK(holds(update(&org, "Lead", id, "<s:City>Bern</s:City>"), "<success>true</success>"));
    CHECK_INT(quirks_set(&org.service->quirks, "duplicates-on-update=always", &err), 0);
    CHECK_STR(error_of(update(&org, "Lead", id, "<s:City>Ulm</s:City>")), "DUPLICATES_DETECTED");
    org_end(&org);
}

TEST(an_assignment_rule_runs_only_when_asked)
{
    struct org_under_test org;

    begin(&org);
    org_create(&org, LEAD("<s:LastName>A</s:LastName><s:Company>X</s:Company>"));
    CHECK_STR(record_value_named(lead(&org, "A"), "OwnerId"), "005000000000001AAA");
    org.headers = ASSIGNMENT(NO_ID, "true");
    org_create(&org, LEAD("<s:LastName>B</s:LastName><s:Company>X</s:Company>"
                          "<s:Country>switzerland</s:Country>")
                         LEAD("<s:LastName>C</s:LastName><s:Company>X</s:Company>"));
    CHECK_STR(record_value_named(lead(&org, "B"), "OwnerId"), "005000000000002AAA");
    CHECK_STR(record_value_named(lead(&org, "C"), "OwnerId"), "00G000000000001EAA");
    /* By id, even if it is not active. */
    org.headers = ASSIGNMENT("<p:assignmentRuleId>01Q000000000002</p:assignmentRuleId>", "false");
    update(&org, "Lead", lead(&org, "A")->id, "<s:City>Bern</s:City>");
    CHECK_STR(record_value_named(lead(&org, "A"), "OwnerId"), "005000000000003AAA");
    org.headers = ASSIGNMENT("<p:assignmentRuleId>01Q000000000009</p:assignmentRuleId>", "false");
    CHECK_STR(text_in(org_create(&org, LEAD(DOE)), "faultcode"), "sf:INVALID_ASSIGNMENT_RULE");
    org.headers = ASSIGNMENT("<p:assignmentRuleId>01Q</p:assignmentRuleId>", "false");
    CHECK_STR(text_in(org_create(&org, LEAD(DOE)), "faultcode"), "sf:MALFORMED_ID");
    /* Without an active rule the default changes nothing. */
    post(&org, "assignment_rules: []");
    org.headers = ASSIGNMENT(NO_ID, "true");
    org_create(&org, LEAD("<s:LastName>D</s:LastName><s:Company>X</s:Company>"));
    CHECK_STR(record_value_named(lead(&org, "D"), "OwnerId"), "005000000000001AAA");
    org_end(&org);
}

TEST(a_lock_frees_itself_after_some_tries)
{
    struct org_under_test org;

    begin(&org);
    const char *id = lead(&org, "Locked")->id;
    for (int i = 0; i < 2; i++) {
        CHECK_STR(error_of(update(&org, "Lead", id, "<s:City>Bern</s:City>")),
                  "UNABLE_TO_LOCK_ROW");
        CHECK(holds(buf_peek(&org.answer), "unable to obtain exclusive access to this record or 1 "
                                           "records: 00Q"));
    }
    CHECK(holds(update(&org, "Lead", id, "<s:City>Bern</s:City>"), "<success>true</success>"));
    org_end(&org);
}

TEST(a_lock_frees_itself_after_some_time)
{
    struct org_under_test org;
    struct err err = {0};
    static const char id[] = "001000000000002AAA";

    begin(&org);
    CHECK_STR(error_of(update(&org, "Account", id, "<s:Phone>1</s:Phone>")), "ENTITY_IS_LOCKED");
    CHECK_INT(orgclock_advance(&org.service->org->clock, "59s", &err), 0);
    CHECK_STR(error_of(update(&org, "Account", id, "<s:Phone>1</s:Phone>")), "ENTITY_IS_LOCKED");
    CHECK_INT(orgclock_advance(&org.service->org->clock, "1s", &err), 0);
    CHECK(holds(update(&org, "Account", id, "<s:Phone>1</s:Phone>"), "<success>true</success>"));
    org_end(&org);
}

TEST(a_locked_parent_locks_its_children_and_keeps_from_deletion)
{
    struct org_under_test org;

    begin(&org);
    post(&org, "locks: [{id: 001000000000001AAA}]");
    CHECK_STR(error_of(org_create(&org, "<p:sObjects><s:type>Contact</s:type><s:LastName>X"
                                        "</s:LastName><s:AccountId>001000000000001</s:AccountId>"
                                        "</p:sObjects>")),
              "UNABLE_TO_LOCK_ROW");
    CHECK_STR(
        error_of(org_call(&org, "64.0", "<p:delete><p:ids>001000000000001AAA</p:ids></p:delete>")),
        "UNABLE_TO_LOCK_ROW");
    post(&org, "locks: []");
    CHECK(holds(org_call(&org, "64.0", "<p:delete><p:ids>001000000000001AAA</p:ids></p:delete>"),
                "<success>true</success>"));
    org_end(&org);
}

/* A scan would take a billion comparisons here. */
TEST(duplicates_are_found_without_a_scan)
{
    struct org_under_test org;
    struct buf records;

    begin(&org);
    post(&org, "duplicate_rules: [{name: D, object: Lead, match: [{object: Lead, fields: "
               "[Company, Email]}]}]");
    const struct object *leads = orgdata_any_object(org.service->org, "Lead");
    for (int i = 0; i < 100000; i++) {
        struct record *record = record_new(orgdata_any_object(org.service->org, "Lead"));
        char email[40];
        snprintf(email, sizeof email, "p%d@x.example", i);
        CHECK_INT(record_set_named(record, "Email", email), 0);
        CHECK_INT(record_set_named(record, "Company", "Acme"), 0);
    }
    CHECK_INT(leads->record_count, 100008);
    buf_init(&records, 1024 * 1024);
    for (int i = 0; i < 100; i++) {
        buf_clear(&records);
        for (int k = 0; k < 100; k++)
            buf_format(&records, LEAD(DOE "<s:Email>p%d@x.example</s:Email>"), 100 * i + k);
        CHECK(!holds(org_create(&org, buf_peek(&records)), "<id>00Q"));
        CHECK(holds(buf_peek(&org.answer), "DUPLICATES_DETECTED"));
    }
    buf_done(&records);
    org_end(&org);
}

/* Each allocation fails once: there is an error and no leak. */
TEST(without_memory_the_file_is_refused_and_nothing_leaks)
{
    struct fakeorg_options options = {.org_file = SAMPLE};

    for (size_t nth = 1; nth < 4000; nth += nth < 50 ? 1 : 37) {
        struct err err = {0};
        mem_fail_at(nth);
        struct service *service = service_new(&options, &err);
        mem_fail_at(0);
        CHECK((service != NULL) == (err.kind == ERR_NONE));
        service_free(service);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_CASE(the_sample_org_begins_with_its_records),
        TEST_CASE(fields_of_every_type_are_described_as_the_file_says),
        TEST_CASE(values_of_every_type_are_kept_and_bad_ones_refused),
        TEST_CASE(a_hidden_field_looks_like_a_missing_one),
        TEST_CASE(permissions_of_an_object_say_what_may_be_done_with_it),
        TEST_CASE(validation_rules_judge_the_record_as_it_would_be),
        TEST_CASE(an_alert_rule_can_be_saved_past),
        TEST_CASE(a_lead_can_be_a_duplicate_of_a_contact),
        TEST_CASE(a_block_rule_cannot_be_saved_past),
        TEST_CASE(whether_an_update_that_changes_nothing_compared_is_looked_at_is_a_quirk),
        TEST_CASE(an_assignment_rule_runs_only_when_asked),
        TEST_CASE(a_lock_frees_itself_after_some_tries),
        TEST_CASE(a_lock_frees_itself_after_some_time),
        TEST_CASE(a_locked_parent_locks_its_children_and_keeps_from_deletion),
        TEST_CASE(every_answer_fits_the_wsdl),
        TEST_CASE(duplicates_are_found_without_a_scan),
        TEST_CASE(without_memory_the_file_is_refused_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, answers_begin, answers_drop);
}
