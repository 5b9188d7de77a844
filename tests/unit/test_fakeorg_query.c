#include "fakeorg_answers.h"

#include "base/clock.h"
#include "fakeorg/http/views.h"

#define START_MS 1700000000000
#define PAGES    "<p:QueryOptions><p:batchSize>200</p:batchSize></p:QueryOptions>"
#define TWO_DAYS ((int64_t)48 * 3600 * 1000)
#define QUARTER  ((int64_t)15 * 60 * 1000)

static void set_quirk(struct org_under_test *org, const char *text)
{
    struct err err = {0};

    CHECK_INT(quirks_set(&org->service->quirks, text, &err), 0);
}

/* An org with that many leads, pages of 200 rows, and a session that does not expire. */
static void begin(struct org_under_test *org, int leads)
{
    clock_freeze(START_MS);
    org_begin(org);
    org->service->access.limits.at[LIMIT_SESSION_MINUTES] = 1440 * 10;
    org_sign_in(org);
    org->headers = PAGES;
    for (int i = 0; i < leads; i++) {
        struct record *record = record_new(orgdata_object(org->service->org, "Lead"));
        CHECK(record != NULL);
        CHECK_INT(record_set_named(record, "LastName", "Doe"), 0);
        CHECK_INT(record_stamp(org->service->org, record, true), 0);
    }
}

static void end(struct org_under_test *org)
{
    clock_thaw();
    org_end(org);
}

static const char *more(struct org_under_test *org, const char *version, const char *locator)
{
    char *body =
        mem_format("<p:queryMore><p:queryLocator>%s</p:queryLocator></p:queryMore>", locator);

    CHECK(body != NULL);
    const char *answer = org_call(org, version, body);
    mem_free(body);
    return answer;
}

static size_t count_of(const char *text, const char *piece)
{
    size_t count = 0;

    for (const char *at = text; (at = strstr(at, piece)) != NULL; at++)
        count++;
    return count;
}

/* Stores the locator of a first page in ret. */
static void first_page(struct org_under_test *org, const char *version, char ret[LOCATOR_MAX])
{
    const char *answer = org_call(org, version,
                                  "<p:query><p:queryString>SELECT Id FROM Lead</p:queryString>"
                                  "</p:query>");

    snprintf(ret, LOCATOR_MAX, "%s", text_in(answer, "queryLocator"));
    CHECK(ret[0] != '\0');
}

static bool is_refused(const char *answer)
{
    return holds(answer, "<sf:InvalidQueryLocatorFault") &&
           strcmp(text_in(answer, "faultcode"), "sf:INVALID_QUERY_LOCATOR") == 0;
}

TEST(a_reset_ends_every_query)
{
    struct org_under_test org;
    char first[LOCATOR_MAX];
    struct buf out;

    begin(&org, 500);
    first_page(&org, "64.0", first);
    buf_init(&out, 1000);
    CHECK_INT(control_reset(org.service, "", "", &out), 200);
    buf_done(&out);
    CHECK(is_refused(more(&org, "64.0", first)));
    end(&org);
}

TEST(each_page_brings_a_locator_that_is_good_once)
{
    struct org_under_test org;
    char first[LOCATOR_MAX], second[LOCATOR_MAX];

    begin(&org, 500);
    first_page(&org, "64.0", first);
    CHECK_STR(first + 18, "-200");
    const char *answer = more(&org, "64.0", first);
    CHECK_STR(text_in(answer, "done"), "false");
    CHECK_STR(text_in(answer, "size"), "500");
    CHECK_INT(count_of(answer, "<records"), 200);
    snprintf(second, sizeof second, "%s", text_in(answer, "queryLocator"));
    CHECK_STR(second + 18, "-400");
    CHECK(is_refused(more(&org, "64.0", first)));
    answer = more(&org, "64.0", second);
    CHECK_STR(text_in(answer, "done"), "true");
    CHECK(holds(answer, "<queryLocator xsi:nil=\"true\"/>"));
    CHECK_INT(count_of(answer, "<records"), 100);
    CHECK(is_refused(more(&org, "64.0", second)));
    end(&org);
}

TEST(by_a_quirk_a_locator_is_good_again)
{
    struct org_under_test org;
    char first[LOCATOR_MAX], second[LOCATOR_MAX];

    begin(&org, 500);
    set_quirk(&org, "locators=again");
    first_page(&org, "64.0", first);
    for (int i = 0; i < 3; i++) {
        const char *answer = more(&org, "64.0", first);
        snprintf(second, sizeof second, "%s", text_in(answer, "queryLocator"));
        CHECK_STR(text_in(more(&org, "64.0", second), "done"), "true");
    }
    end(&org);
}

TEST(a_locator_lives_two_days_and_before_56_a_quarter_of_an_hour)
{
    struct org_under_test org;
    char now[LOCATOR_MAX], later[LOCATOR_MAX], old[LOCATOR_MAX];

    begin(&org, 500);
    first_page(&org, "56.0", now);
    first_page(&org, "56.0", later);
    first_page(&org, "55.0", old);
    clock_advance(QUARTER);
    CHECK(is_refused(more(&org, "55.0", old)));
    clock_advance(TWO_DAYS - QUARTER - 1);
    CHECK(!is_refused(more(&org, "56.0", now)));
    clock_advance(1);
    CHECK(is_refused(more(&org, "56.0", later)));
    end(&org);
}

TEST(any_number_of_queries_may_be_open_and_before_56_ten)
{
    struct org_under_test org;
    char locators[12][LOCATOR_MAX];

    begin(&org, 300);
    for (int i = 0; i < 12; i++)
        first_page(&org, "64.0", locators[i]);
    for (int i = 0; i < 12; i++)
        CHECK(!is_refused(more(&org, "64.0", locators[i])));
    for (int i = 0; i < 12; i++)
        first_page(&org, "40.0", locators[i]);
    for (int i = 0; i < 12; i++)
        CHECK_INT(is_refused(more(&org, "40.0", locators[i])), i < 2);
    end(&org);
}

TEST(invalid_locators_are_refused)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "0r8000000000001AAA",
                                      "0r8000000000001AAA-",
                                      "0r8000000000001AAA-0",
                                      "0r8000000000001AAA-199",
                                      "0r8000000000001AAA-400",
                                      "0r8000000000001AAA-200x",
                                      "0r8000000000001AAA-99999999999999999999",
                                      "0r8000000000002AAA-200"};
    struct org_under_test org;
    char first[LOCATOR_MAX];

    begin(&org, 500);
    first_page(&org, "64.0", first);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(is_refused(more(&org, "64.0", bad[i])));
    CHECK(!is_refused(more(&org, "64.0", first)));
    end(&org);
}

TEST(the_org_may_give_fewer_rows_than_asked_for)
{
    struct org_under_test org;

    begin(&org, 1200);
    set_quirk(&org, "pages=fewer");
    CHECK_INT(count_of(org_query(&org, "SELECT Id FROM Lead"), "<records"), 100);
    set_quirk(&org, "pages=asked");
    org.headers = NULL;
    CHECK_INT(count_of(org_query(&org, "SELECT Id FROM Lead"), "<records"), 1200);
    set_quirk(&org, "page-default=500");
    CHECK_INT(count_of(org_query(&org, "SELECT Id FROM Lead"), "<records"), 500);
    end(&org);
}

TEST(a_parent_is_an_element_of_its_own)
{
    struct org_under_test org;

    begin(&org, 1);
    CHECK(holds(org_query(&org, "SELECT Owner.Name, LastName, Owner.Id, CreatedBy.Email FROM Lead"),
                "<sf:type>Lead</sf:type><sf:Id xsi:nil=\"true\"/><sf:Owner xsi:type=\"sf:sObject\">"
                "<sf:type>Name</sf:type><sf:Id>005000000000001AAA</sf:Id>"
                "<sf:Name>Integration User</sf:Name><sf:Id>005000000000001AAA</sf:Id></sf:Owner>"
                "<sf:LastName>Doe</sf:LastName><sf:CreatedBy xsi:type=\"sf:sObject\"><sf:type>User"
                "</sf:type><sf:Id xsi:nil=\"true\"/><sf:Email>integration@example.com</sf:Email>"
                "</sf:CreatedBy></records>"));
    CHECK(holds(org_query(&org, "SELECT Id, ConvertedAccount.Name FROM Lead"),
                "<sf:ConvertedAccount xsi:nil=\"true\"/></records>"));
    CHECK(holds(org_query(&org, "SELECT Id, Username FROM User WHERE Alias = 'admin'"),
                "<sf:Username>admin@example.com</sf:Username>"));
    end(&org);
}

TEST(counts_are_a_size_or_a_row)
{
    struct org_under_test org;

    begin(&org, 500);
    const char *answer = org_query(&org, "SELECT COUNT() FROM Lead");
    CHECK(holds(answer, "<done>true</done><queryLocator xsi:nil=\"true\"/><size>500</size>"));
    answer = org_query(&org, "SELECT COUNT(Id), COUNT(Email) mails, COUNT(Name) FROM Lead");
    CHECK(holds(answer, "<sf:type>AggregateResult</sf:type><sf:Id xsi:nil=\"true\"/><sf:expr0 "));
    CHECK(holds(answer, "xsi:type=\"xsd:int\">500</sf:expr0>"));
    CHECK(holds(answer, "xsi:type=\"xsd:int\">0</sf:mails>"));
    CHECK(holds(answer, "xsi:type=\"xsd:int\">500</sf:expr1>"));
    CHECK_STR(text_in(answer, "size"), "1");
    end(&org);
}

TEST(users_are_read_and_not_written)
{
    struct org_under_test org;

    begin(&org, 0);
    org.headers = NULL;
    const char *answer = org_create(
        &org, "<p:sObjects><s:type>User</s:type><s:LastName>X</s:LastName></p:sObjects>");
    CHECK(!holds(answer, "<success>true</success>"));
    CHECK_STR(text_in(org_query(&org, "SELECT COUNT() FROM User"), "size"), "5");
    end(&org);
}

/* Faults have row, column and caret. */
TEST(a_refused_query_says_where)
{
    struct org_under_test org;

    begin(&org, 0);
    const char *answer = org_query(&org, "SELECT adfId FROM Contact");
    CHECK_STR(text_in(answer, "faultcode"), "sf:INVALID_FIELD");
    CHECK(holds(answer, "<sf:InvalidFieldFault xsi:type=\"sf:InvalidFieldFault\">"));
    CHECK(holds(text_in(answer, "sf:exceptionMessage"),
                "\nSELECT adfId FROM Contact\n       ^\nERROR at Row:1:Column:8\nNo such column "));
    CHECK(holds(text_in(answer, "sf:exceptionMessage"),
                "If you are attempting to use a custom field, be sure to append the "));
    CHECK_STR(text_in(answer, "sf:row"), "1");
    CHECK_STR(text_in(answer, "sf:column"), "8");
    answer = org_query(&org, "SELECT Id FROM Lead OFFSET 2001");
    CHECK_STR(text_in(answer, "sf:exceptionCode"), "NUMBER_OUTSIDE_VALID_RANGE");
    end(&org);
}

/* Every allocation of a query fails once. */
TEST(memory_that_runs_out_in_a_query_is_a_fault)
{
    static const char *const statements[] = {
        "SELECT Id, Owner.Name FROM Lead WHERE LastName = 'doe' AND CreatedDate = TODAY LIMIT 9",
        "SELECT Id FROM Lead WHERE CreatedDate > LAST_N_DAYS:3 ORDER BY Owner.Name, Id",
        "SELECT COUNT(Id), COUNT(Email) mails FROM Lead WHERE Tags__c INCLUDES ('a', 'b;c')",
        "SELECT COUNT() FROM Lead WHERE Id IN ('00Q000000000001', '00Q000000000002')",
        "SELECT Id FROM Lead WHERE LastName LIKE 'D%' AND Born__c >= 2026-01-01"};
    struct org_under_test org;

    begin(&org, 300);
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        for (size_t nth = 1; nth < 60; nth++) {
            struct soql_result result = {0};
            struct api_error fault = {0};
            struct arena arena;
            arena_init(&arena, 10 << 20);
            mem_fail_at(nth);
            struct soql_query *query = soql_parse(statements[i], &arena, &fault);
            int rc =
                query == NULL ? -1 : soql_run(org.service->org, query, &arena, &result, &fault);
            mem_fail_at(0);
            if (rc < 0)
                CHECK_STR(fault.code, "UNKNOWN_EXCEPTION");
            soql_result_done(&result);
            arena_done(&arena);
        }
    end(&org);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_CASE(a_reset_ends_every_query),
        TEST_CASE(each_page_brings_a_locator_that_is_good_once),
        TEST_CASE(by_a_quirk_a_locator_is_good_again),
        TEST_CASE(a_locator_lives_two_days_and_before_56_a_quarter_of_an_hour),
        TEST_CASE(any_number_of_queries_may_be_open_and_before_56_ten),
        TEST_CASE(invalid_locators_are_refused),
        TEST_CASE(the_org_may_give_fewer_rows_than_asked_for),
        TEST_CASE(a_parent_is_an_element_of_its_own),
        TEST_CASE(counts_are_a_size_or_a_row),
        TEST_CASE(users_are_read_and_not_written),
        TEST_CASE(a_refused_query_says_where),
        TEST_CASE(memory_that_runs_out_in_a_query_is_a_fault),
        TEST_CASE(every_answer_fits_the_wsdl),
    };

    return cmocka_run_group_tests(tests, answers_begin, answers_drop);
}
