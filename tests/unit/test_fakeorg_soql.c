#include "check.h"

#include "base/mem.h"
#include "fakeorg/soql.h"

static struct orgdata *org;

static void add(const char *last, const char *email, const char *company, const char *employees)
{
    struct record *record = record_new(orgdata_object(org, "Lead"));

    CHECK(record != NULL);
    CHECK_INT(record_set_named(record, "LastName", last), 0);
    CHECK_INT(record_set_named(record, "Email", email), 0);
    CHECK_INT(record_set_named(record, "Company", company), 0);
    CHECK_INT(record_set_named(record, "NumberOfEmployees", employees), 0);
    CHECK_INT(record_stamp(org, record, true), 0);
}

static int fill(void **state)
{
    struct err err = {0};

    org = orgdata_new(&err);
    CHECK(org != NULL);
    add("Doe", "jane@x.com", "Acme", "5");
    add("Roe", "roe@x.com", "acme", "40");
    add("D\xC3\x96", "JANE@x.com", "Beta 50% _", NULL);
    add("it's", NULL, "Beta", "100");
    return 0;
}

static int empty(void **state)
{
    orgdata_free(org);
    return 0;
}

/* The last names that the statement finds, with commas; or the fault's code. */
static const char *found(const char *statement)
{
    static char text[4096];
    struct soql_result result = {0};
    struct fault fault;
    struct arena arena;

    arena_init(&arena, 10 << 20);
    text[0] = '\0';
    struct soql_query *query = soql_parse(statement, &arena, &fault);
    if (query == NULL || soql_run(org, query, &arena, &result, &fault) < 0)
        strcpy(text, fault.code);
    for (size_t i = 0; i < result.record_count; i++) {
        strcat(text, i == 0 ? "" : ",");
        strcat(text, record_value_named(result.records[i], "LastName"));
    }
    soql_result_done(&result);
    arena_done(&arena);
    return text;
}

#define WHERE(condition) found("SELECT Id FROM Lead WHERE " condition)

TEST(equality_and_lists_ignore_case)
{
    CHECK_STR(WHERE("Email = 'Jane@X.com'"), "Doe,D\xC3\x96");
    CHECK_STR(WHERE("Email IN ('ROE@x.com', 'jane@x.com', 'no@x.com')"), "Doe,Roe,D\xC3\x96");
    CHECK_STR(WHERE("LastName = 'd\xC3\xB6'"), "D\xC3\x96");
    CHECK_STR(WHERE("email in ('roe@x.com') and company = 'ACME'"), "Roe");
    CHECK_STR(WHERE("Email NOT IN ('jane@x.com')"), "Roe,it's");
    CHECK_STR(WHERE("Email != 'jane@x.com'"), "Roe,it's");
    CHECK_STR(WHERE("LastName = 'it\\'s'"), "it's");
    CHECK_STR(WHERE("LastName = '\\u0044OE'"), "Doe");
}

TEST(null_is_found_by_null_and_by_the_empty_text)
{
    CHECK_STR(WHERE("Email = null"), "it's");
    CHECK_STR(WHERE("Email = ''"), "it's");
    CHECK_STR(WHERE("Email != null"), "Doe,Roe,D\xC3\x96");
    CHECK_STR(WHERE("NumberOfEmployees = NULL"), "D\xC3\x96");
    CHECK_STR(WHERE("Email IN (null, 'roe@x.com')"), "Roe,it's");
}

TEST(numbers_booleans_dates_and_ids_are_compared_as_what_they_are)
{
    CHECK_STR(WHERE("NumberOfEmployees > 5"), "Roe,it's");
    CHECK_STR(WHERE("NumberOfEmployees <= 40.0"), "Doe,Roe");
    CHECK_STR(WHERE("NumberOfEmployees IN (5, 1e2)"), "Doe,it's");
    CHECK_STR(WHERE("IsConverted = false AND NumberOfEmployees = 5"), "Doe");
    CHECK_STR(WHERE("CreatedDate > 2020-01-01T00:00:00Z AND NumberOfEmployees = 5"), "Doe");
    CHECK_STR(WHERE("CreatedDate < 2020-01-01T00:00:00+02:00"), "");
    CHECK_STR(WHERE("ConvertedDate = 2026-11-23"), "");
    CHECK_STR(WHERE("Id = '00Q000000000002'"), "Roe");
    CHECK_STR(WHERE("Id IN ('00q000000000002EAA', '00Q000000000001EAA')"), "Doe,Roe");
}

TEST(like_knows_its_wildcards_and_their_escapes)
{
    CHECK_STR(WHERE("LastName LIKE '%OE'"), "Doe,Roe");
    CHECK_STR(WHERE("LastName LIKE '_oe'"), "Doe,Roe");
    CHECK_STR(WHERE("LastName LIKE 'D_'"), "D\xC3\x96");
    CHECK_STR(WHERE("LastName LIKE 'D%'"), "Doe,D\xC3\x96");
    CHECK_STR(WHERE("Company LIKE '%\\%%'"), "D\xC3\x96");
    CHECK_STR(WHERE("Company LIKE '%\\_'"), "D\xC3\x96");
    CHECK_STR(WHERE("Company LIKE 'Beta'"), "it's");
    CHECK_STR(WHERE("NOT Company LIKE '%a%'"), "");
    CHECK(soql_like("a%b%c", "aXbXbYc"));
    CHECK(!soql_like("a%b%c", "aXbXbY"));
    CHECK(soql_like("%", ""));
    CHECK(!soql_like("_", ""));
}

TEST(and_or_and_brackets_group_as_written)
{
    CHECK_STR(WHERE("(Email = 'roe@x.com' OR Email = 'jane@x.com') AND Company = 'Acme'"),
              "Doe,Roe");
    CHECK_STR(WHERE("Email = 'roe@x.com' OR (LastName = 'Doe' AND Company = 'acme')"), "Doe,Roe");
    CHECK_STR(WHERE("Email = 'roe@x.com' OR NumberOfEmployees = 100"), "Roe,it's");
    CHECK_STR(WHERE("NOT (Email = 'roe@x.com' OR NumberOfEmployees = 100)"), "Doe,D\xC3\x96");
    CHECK_STR(WHERE("Email = 'a' AND LastName = 'b' OR LastName = 'c'"), "MALFORMED_QUERY");
    CHECK_STR(WHERE("Email = 'a' OR LastName = 'b' AND LastName = 'c'"), "MALFORMED_QUERY");
}

TEST(rows_are_ordered_and_limited_as_asked)
{
    CHECK_STR(found("SELECT Id FROM Lead ORDER BY NumberOfEmployees"), "D\xC3\x96,Doe,Roe,it's");
    CHECK_STR(found("SELECT Id FROM Lead ORDER BY NumberOfEmployees DESC NULLS LAST LIMIT 2"),
              "it's,Roe");
    CHECK_STR(found("SELECT Id FROM Lead ORDER BY Company ASC, LastName DESC"),
              "Roe,Doe,it's,D\xC3\x96");
    CHECK_STR(found("SELECT Id FROM Lead LIMIT 0"), "");
    CHECK_STR(found("select id from lead"), "Doe,Roe,D\xC3\x96,it's");
    CHECK_STR(found("SELECT Id FROM Account"), "");
}

TEST(an_index_follows_changes_and_deletions)
{
    struct object *lead = orgdata_object(org, "Lead");
    struct record *roe = lead->records[1];

    CHECK_STR(WHERE("Company = 'acme'"), "Doe,Roe");
    CHECK_INT(record_set_named(roe, "Company", "Gamma"), 0);
    CHECK_STR(WHERE("Company = 'acme'"), "Doe");
    CHECK_STR(WHERE("Company IN ('gamma')"), "Roe");
    CHECK_INT(record_set_named(roe, "Company", "GAMMA"), 0);
    CHECK_INT(record_set_named(roe, "Company", NULL), 0);
    CHECK_STR(WHERE("Company = 'gamma'"), "");
    CHECK_INT(record_delete(lead->records[0]), 0);
    CHECK_STR(WHERE("Company = 'acme'"), "");
    CHECK_STR(WHERE("Id = '00Q000000000001'"), "");
    CHECK_STR(found("SELECT Id FROM Lead LIMIT 1"), "Roe");
    orgdata_reset(org);
    CHECK_STR(WHERE("Company = 'Beta'"), "");
}

TEST(what_the_grammar_does_not_know_is_malformed)
{
    static const char *const bad[] = {"",
                                      "SELECT",
                                      "SELECT Id",
                                      "SELECT FROM Lead",
                                      "SELECT Id, FROM Lead",
                                      "SELECT Id FROM Lead WHERE",
                                      "SELECT Id FROM Lead WHERE Email",
                                      "SELECT Id FROM Lead WHERE Email = ",
                                      "SELECT Id FROM Lead WHERE Email = \"a\"",
                                      "SELECT Id FROM Lead WHERE Email = 'a",
                                      "SELECT Id FROM Lead WHERE Email = 'a\\q'",
                                      "SELECT Id FROM Lead WHERE Email = 'a\\%'",
                                      "SELECT Id FROM Lead WHERE Email = '\\u12'",
                                      "SELECT Id FROM Lead WHERE Email IN ()",
                                      "SELECT Id FROM Lead WHERE Email IN ('a',)",
                                      "SELECT Id FROM Lead WHERE Email LIKE 5",
                                      "SELECT Id FROM Lead WHERE (Email = 'a'",
                                      "SELECT Id FROM Lead WHERE Email = 'a')",
                                      "SELECT Id FROM Lead WHERE NumberOfEmployees = 1x",
                                      "SELECT Id FROM Lead WHERE CreatedDate = 2026-13-01",
                                      "SELECT Id FROM Lead ORDER Email",
                                      "SELECT Id FROM Lead LIMIT x",
                                      "SELECT Id FROM Lead LIMIT -1",
                                      "SELECT Id, id FROM Lead",
                                      "SELECT Id FROM Lead; DROP",
                                      "\xC3\xBC"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_STR(found(bad[i]), "MALFORMED_QUERY");
}

TEST(fields_that_are_unknown_or_cannot_be_compared_so_are_refused)
{
    CHECK_STR(found("SELECT adfId FROM Lead"), "INVALID_FIELD");
    CHECK_STR(WHERE("nope__c = 'a'"), "INVALID_FIELD");
    CHECK_STR(found("SELECT Id FROM Lead ORDER BY nope"), "INVALID_FIELD");
    CHECK_STR(found("SELECT Id FROM Nothing"), "INVALID_TYPE");
    CHECK_STR(WHERE("Description = 'a'"), "INVALID_FIELD");
    CHECK_STR(WHERE("NumberOfEmployees = '5'"), "INVALID_FIELD");
    CHECK_STR(WHERE("Email = 5"), "INVALID_FIELD");
    CHECK_STR(WHERE("IsConverted = 'true'"), "INVALID_FIELD");
    CHECK_STR(WHERE("CreatedDate = 2026-11-23"), "INVALID_FIELD");
    CHECK_STR(WHERE("ConvertedDate = 2026-11-23T10:00:00Z"), "INVALID_FIELD");
    CHECK_STR(WHERE("Id = 'abc'"), "INVALID_QUERY_FILTER_OPERATOR");
    CHECK_STR(WHERE("NumberOfEmployees LIKE 'a'"), "INVALID_QUERY_FILTER_OPERATOR");
    CHECK_STR(WHERE("IsConverted > true"), "INVALID_QUERY_FILTER_OPERATOR");
}

TEST(a_fault_points_at_its_place)
{
    struct fault fault;
    struct arena arena;

    arena_init(&arena, 1 << 20);
    CHECK(soql_parse("SELECT FROM Lead", &arena, &fault) == NULL);
    CHECK_INT(fault.row, 1);
    CHECK_INT(fault.column, 8);
    CHECK_STR(fault.message, "\nSELECT FROM Lead\n       ^\nERROR at Row:1:Column:8\n"
                             "unexpected token: 'FROM'");
    CHECK(soql_parse("SELECT Id\nFROM Lead WHERE 1", &arena, &fault) == NULL);
    CHECK_INT(fault.row, 2);
    CHECK_INT(fault.column, 17);
    struct soql_query *query = soql_parse("SELECT Id, adfId FROM Lead", &arena, &fault);
    CHECK(query != NULL);
    CHECK_INT(soql_bind(orgdata_object(org, "Lead"), query, &arena, &fault), -1);
    CHECK_INT(fault.kind, FAULT_FIELD);
    CHECK_INT(fault.column, 12);
    CHECK(strstr(fault.message, "No such column 'adfId' on entity 'Lead'. If you are") != NULL);
    arena_done(&arena);
}

TEST(statements_strings_and_depth_are_bounded)
{
    struct buf text;

    buf_init(&text, 1 << 20);
    buf_text(&text, "SELECT Id FROM Lead WHERE Email = '");
    for (int i = 0; i < SOQL_MAX_STRING; i++)
        buf_char(&text, 'x');
    buf_text(&text, "'");
    CHECK_STR(found(buf_peek(&text)), "");
    text.data[text.len - 1] = 'x';
    buf_char(&text, '\'');
    CHECK_STR(found(buf_peek(&text)), "MALFORMED_QUERY");
    buf_clear(&text);
    buf_text(&text, "SELECT Id FROM Lead ");
    while (text.len < SOQL_MAX_STATEMENT)
        buf_char(&text, ' ');
    CHECK_STR(found(buf_peek(&text)), "Doe,Roe,D\xC3\x96,it's");
    buf_char(&text, ' ');
    CHECK_STR(found(buf_peek(&text)), "MALFORMED_QUERY");
    buf_clear(&text);
    buf_text(&text, "SELECT Id FROM Lead WHERE ");
    for (int i = 0; i < 50000; i++)
        buf_char(&text, '(');
    CHECK_STR(found(buf_peek(&text)), "QUERY_TOO_COMPLICATED");
    buf_done(&text);
}

#define WITH_RECORDS(name) cmocka_unit_test_setup_teardown(name, fill, empty)

TEST_MAIN(WITH_RECORDS(equality_and_lists_ignore_case),
          WITH_RECORDS(null_is_found_by_null_and_by_the_empty_text),
          WITH_RECORDS(numbers_booleans_dates_and_ids_are_compared_as_what_they_are),
          WITH_RECORDS(like_knows_its_wildcards_and_their_escapes),
          WITH_RECORDS(and_or_and_brackets_group_as_written),
          WITH_RECORDS(rows_are_ordered_and_limited_as_asked),
          WITH_RECORDS(an_index_follows_changes_and_deletions),
          WITH_RECORDS(what_the_grammar_does_not_know_is_malformed),
          WITH_RECORDS(fields_that_are_unknown_or_cannot_be_compared_so_are_refused),
          WITH_RECORDS(a_fault_points_at_its_place),
          WITH_RECORDS(statements_strings_and_depth_are_bounded))
