#include "check.h"

#include "base/clock.h"
#include "base/mem.h"
#include "fakeorg/query/soql.h"

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

static void add_field(const char *name, const char *type)
{
    struct err err = {0};

    CHECK_INT(
        object_add_field(orgdata_object(org, "Lead"), field_new_custom(name, type, &err), &err), 0);
}

/* Sets a value of the lead with that index, in order of creation. */
static void set(size_t lead, const char *name, const char *value)
{
    CHECK_INT(record_set_named(orgdata_object(org, "Lead")->records[lead], name, value), 0);
}

/* The last names that the statement finds, separated by commas; or the fault's code. */
static const char *found(const char *statement)
{
    static char text[4096];
    struct soql_result result = {0};
    struct api_error fault;
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
    struct api_error fault;
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
    CHECK_INT(fault.kind, API_ERROR_FIELD);
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

/* The count that SELECT COUNT() returns; or -1 with the fault's code. */
static long counted(const char *statement, const char **ret_code)
{
    struct soql_result result = {0};
    struct api_error fault = {0};
    struct arena arena;
    long count = -1;

    arena_init(&arena, 10 << 20);
    struct soql_query *query = soql_parse(statement, &arena, &fault);
    if (query != NULL && soql_run(org, query, &arena, &result, &fault) == 0)
        count = result.counts == NULL ? (long)result.record_count : (long)result.counts[0];
    *ret_code = fault.code;
    soql_result_done(&result);
    arena_done(&arena);
    return count;
}

TEST(rows_and_fields_are_counted)
{
    const char *code;

    CHECK_INT(counted("SELECT COUNT() FROM Lead", &code), 4);
    CHECK_INT(counted("SELECT count() FROM Lead WHERE Company = 'acme'", &code), 2);
    CHECK_INT(counted("SELECT COUNT() FROM Lead LIMIT 3", &code), 3);
    CHECK_INT(counted("SELECT COUNT() FROM Lead LIMIT 3 OFFSET 2", &code), 2);
    CHECK_INT(counted("SELECT COUNT(Id) FROM Lead", &code), 4);
    CHECK_INT(counted("SELECT COUNT(Email) mails, COUNT(Id) FROM Lead", &code), 3);
    CHECK_INT(counted("SELECT COUNT(Owner.Name) FROM Lead", &code), 4);
    static const char *const bad[] = {"SELECT COUNT(), Id FROM Lead",
                                      "SELECT Id, COUNT() FROM Lead",
                                      "SELECT Id, COUNT(Id) FROM Lead",
                                      "SELECT COUNT(Id), Id FROM Lead",
                                      "SELECT COUNT(Id FROM Lead",
                                      "SELECT COUNT() FROM Lead ORDER BY Id",
                                      "SELECT COUNT(Id) FROM Lead ORDER BY Id",
                                      "SELECT COUNT(Id) FROM Lead LIMIT 1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_INT(counted(bad[i], &code), -1);
        CHECK_STR(code, "MALFORMED_QUERY");
    }
}

TEST(an_offset_passes_over_rows_to_2000)
{
    CHECK_STR(found("SELECT Id FROM Lead ORDER BY NumberOfEmployees LIMIT 2 OFFSET 1"), "Doe,Roe");
    CHECK_STR(found("SELECT Id FROM Lead OFFSET 3"), "it's");
    CHECK_STR(found("SELECT Id FROM Lead OFFSET 2000"), "");
    CHECK_STR(found("SELECT Id FROM Lead OFFSET 2001"), "NUMBER_OUTSIDE_VALID_RANGE");
    CHECK_STR(found("SELECT Id FROM Lead OFFSET 1 LIMIT 1"), "MALFORMED_QUERY");
    CHECK_STR(found("SELECT Id FROM Lead OFFSET -1"), "MALFORMED_QUERY");
}

TEST(a_parent_is_one_step_away)
{
    add_field("Boss__c", "reference:Lead");
    set(1, "Boss__c", orgdata_object(org, "Lead")->records[0]->id);
    set(3, "OwnerId", "005000000000002AAC");
    CHECK_STR(WHERE("Owner.Name = 'integration user'"), "Doe,Roe,D\xC3\x96");
    CHECK_STR(WHERE("Owner.Username LIKE 'ad%' AND CreatedBy.IsActive = true"), "it's");
    CHECK_STR(WHERE("Boss__r.LastName = 'doe'"), "Roe");
    CHECK_STR(WHERE("Boss__r.LastName = null"), "Doe,D\xC3\x96,it's");
    CHECK_STR(WHERE("Boss__r.Id IN ('00Q000000000001')"), "Roe");
    CHECK_STR(found("SELECT Id, Owner.Name, Owner.Id, OwnerId FROM Lead ORDER BY Owner.Name, Id"),
              "it's,Doe,Roe,D\xC3\x96");
    CHECK_STR(found("SELECT Name FROM User WHERE Username LIKE 'admin%'"), "Admin");
    CHECK_STR(found("SELECT Owner.Nope FROM Lead"), "INVALID_FIELD");
    CHECK_STR(found("SELECT Ownr.Name FROM Lead"), "INVALID_FIELD");
    CHECK_STR(found("SELECT Boss__c.Name FROM Lead"), "INVALID_FIELD");
    CHECK_STR(found("SELECT Owner FROM Lead"), "INVALID_FIELD");
    CHECK_STR(found("SELECT Boss__r.Owner.Name FROM Lead"), "MALFORMED_QUERY");
    CHECK_STR(found("SELECT Owner. FROM Lead"), "MALFORMED_QUERY");
    CHECK_STR(found("SELECT Owner..Name FROM Lead"), "MALFORMED_QUERY");
    CHECK_STR(found("SELECT Owner.Name, owner.name FROM Lead"), "MALFORMED_QUERY");
}

TEST(an_object_may_have_an_alias)
{
    CHECK_STR(found("SELECT l.Id, l.Owner.Name FROM Lead l WHERE l.LastName = 'Doe'"), "Doe");
    CHECK_STR(found("SELECT Lead.Id FROM Lead WHERE lead.lastname = 'Doe' ORDER BY Lead.Id"),
              "Doe");
    CHECK_STR(found("SELECT x.Id FROM Lead l"), "INVALID_FIELD");
    CHECK_STR(found("SELECT Id FROM Lead l m"), "MALFORMED_QUERY");
    CHECK_STR(found("SELECT Id FROM Lead l.m"), "MALFORMED_QUERY");
    CHECK_STR(found("SELECT l.Id, Id FROM Lead l"), "MALFORMED_QUERY");
}

TEST(dates_may_be_named)
{
    static const struct {
        const char *condition, *names;
    } cases[] = {
        {"= TODAY", "today"},
        {"= today", "today"},
        {"= YESTERDAY", "yesterday"},
        {"= TOMORROW", "tomorrow"},
        {"< TODAY", "old,year,month,week,yesterday"},
        {"<= TODAY", "old,year,month,week,yesterday,today"},
        {"> TODAY", "tomorrow,next"},
        {">= TODAY", "today,tomorrow,next"},
        {"!= TODAY", "old,year,month,week,yesterday,tomorrow,next"},
        {"= THIS_WEEK", "yesterday,today,tomorrow"},
        {"= LAST_WEEK", "week"},
        {"= NEXT_WEEK", ""},
        {"= THIS_MONTH", "week,yesterday,today,tomorrow"},
        {"= LAST_MONTH", "month"},
        {"= NEXT_MONTH", "next"},
        {"= THIS_QUARTER", "month,week,yesterday,today,tomorrow,next"},
        {"= LAST_QUARTER", ""},
        {"= THIS_YEAR", "year,month,week,yesterday,today,tomorrow,next"},
        {"= THIS_FISCAL_YEAR", "year,month,week,yesterday,today,tomorrow,next"},
        {"= LAST_YEAR", "old"},
        {"= LAST_N_DAYS:1", "yesterday,today"},
        {"= LAST_N_DAYS:8", "week,yesterday,today"},
        {"= LAST_90_DAYS", "month,week,yesterday,today"},
        {"= NEXT_N_DAYS:1", "tomorrow"},
        {"= NEXT_90_DAYS", "tomorrow,next"},
        {"= N_DAYS_AGO:1", "yesterday"},
        {"= LAST_N_WEEKS:1", "week"},
        {"= LAST_N_MONTHS:1", "month"},
        {"= NEXT_N_MONTHS : 1", "next"},
        {"= N_MONTHS_AGO:1", "month"},
        {"= LAST_N_YEARS:2", "old"},
        {"= N_YEARS_AGO:1", "old"},
        {"IN (TODAY, TOMORROW)", "today,tomorrow"},
        {"NOT IN (THIS_YEAR)", "old"},
        {"< LAST_N_DAYS:8", "old,year,month"},
        {"> NEXT_N_DAYS:1", "next"},
    };
    /* Wednesday, 2026-11-18. */
    static const char *const days[][2] = {{"old", "2025-12-31"},       {"year", "2026-01-01"},
                                          {"month", "2026-10-31"},     {"week", "2026-11-14"},
                                          {"yesterday", "2026-11-17"}, {"today", "2026-11-18"},
                                          {"tomorrow", "2026-11-19"},  {"next", "2026-12-01"}};

    clock_freeze(1795000000000);
    CHECK_INT(clock_wall() / 86400000, 20775); /* 2026-11-18 */
    orgdata_reset(org);
    add_field("On__c", "date");
    add_field("At__c", "datetime");
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        char at[ISOTIME_MAX + 16];
        snprintf(at, sizeof at, "%sT%s.000Z", days[i][1], i % 2 == 0 ? "00:00:00" : "23:59:59");
        add(days[i][0], NULL, "x", NULL);
        set(i, "On__c", days[i][1]);
        set(i, "At__c", at);
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[128];
        for (int k = 0; k < 2; k++) {
            snprintf(text, sizeof text, "SELECT Id FROM Lead WHERE %s %s",
                     k == 0 ? "On__c" : "At__c", cases[i].condition);
            if (strcmp(found(text), cases[i].names) != 0)
                fail_msg("%s: %s", text, found(text));
        }
    }
    static const char *const bad[] = {
        "On__c = LAST_N_DAYS",       "On__c = LAST_N_DAYS:",   "On__c = LAST_N_DAYS:x",
        "On__c = LAST_N_DAYS:99999", "On__c = LAST_N_DAYS:-1", "On__c = TODAY:1",
        "On__c = THIS_DAY",          "On__c = SOMEDAY"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "SELECT Id FROM Lead WHERE %s", bad[i]);
        CHECK_STR(found(text), "MALFORMED_QUERY");
    }
    CHECK_STR(WHERE("LastName = TODAY"), "INVALID_FIELD");
    clock_thaw();
}

TEST(multipicklists_are_matched_by_includes_and_excludes)
{
    add_field("Tags__c", "multipicklist:a|b|c");
    set(0, "Tags__c", "a;b");
    set(1, "Tags__c", "b;c");
    set(2, "Tags__c", "c");
    CHECK_STR(WHERE("Tags__c INCLUDES ('a')"), "Doe");
    CHECK_STR(WHERE("Tags__c INCLUDES ('b;c')"), "Roe");
    CHECK_STR(WHERE("Tags__c includes ('a;b', 'C')"), "Doe,Roe,D\xC3\x96");
    CHECK_STR(WHERE("Tags__c EXCLUDES ('b')"), "D\xC3\x96,it's");
    CHECK_STR(WHERE("Tags__c = 'a;b'"), "Doe");
    CHECK_STR(WHERE("Tags__c = null"), "it's");
    CHECK_STR(WHERE("Tags__c LIKE 'a'"), "INVALID_QUERY_FILTER_OPERATOR");
    CHECK_STR(WHERE("Tags__c > 'a'"), "INVALID_QUERY_FILTER_OPERATOR");
    CHECK_STR(WHERE("LastName INCLUDES ('a')"), "INVALID_QUERY_FILTER_OPERATOR");
    CHECK_STR(WHERE("Tags__c INCLUDES (null)"), "MALFORMED_QUERY");
    CHECK_STR(found("SELECT Id FROM Lead ORDER BY Tags__c"), "MALFORMED_QUERY");
}

TEST(a_case_sensitive_field_distinguishes_case)
{
    add_field("Key__c", "string:50,unique,caseSensitive");
    set(0, "Key__c", "Key");
    set(1, "Key__c", "key");
    CHECK_STR(WHERE("Key__c = 'Key'"), "Doe");
    CHECK_STR(WHERE("Key__c IN ('key', 'KEY')"), "Roe");
    CHECK_STR(WHERE("Key__c LIKE 'K%'"), "Doe");
    CHECK_STR(found("SELECT Id FROM Lead WHERE Key__c != null ORDER BY Key__c DESC"), "Roe,Doe");
}

TEST(numbers_that_are_keys_and_times_are_found)
{
    add_field("Ext__c", "double:10,2,external,unique");
    add_field("At__c", "time");
    set(0, "Ext__c", "7.5");
    set(1, "Ext__c", "40");
    set(1, "At__c", "10:05:00.000Z");
    set(2, "At__c", "12:00:00.000Z");
    CHECK_STR(WHERE("Ext__c = 7.50"), "Doe");
    CHECK_STR(WHERE("Ext__c IN (40.0, 1)"), "Roe");
    set(0, "Ext__c", "8");
    CHECK_STR(WHERE("Ext__c = 7.5"), "");
    CHECK_STR(WHERE("Ext__c = 8"), "Doe");
    CHECK_STR(WHERE("At__c = 10:05:00.000Z"), "Roe");
    CHECK_STR(WHERE("At__c > 11:00:00Z"), "D\xC3\x96");
    CHECK_STR(WHERE("At__c > TODAY"), "INVALID_FIELD");
    CHECK_STR(WHERE("CreatedDate > 11:00:00Z"), "INVALID_FIELD");
}

TEST(a_query_of_all_rows_finds_deleted_ones_by_index_too)
{
    struct soql_result result = {0};
    struct api_error fault;
    struct arena arena;

    CHECK_INT(record_delete(orgdata_object(org, "Lead")->records[0]), 0);
    CHECK_STR(WHERE("Email = 'jane@x.com'"), "D\xC3\x96");
    arena_init(&arena, 1 << 20);
    struct soql_query *query =
        soql_parse("SELECT Id FROM Lead WHERE Email = 'jane@x.com'", &arena, &fault);
    CHECK(query != NULL);
    query->all_rows = true;
    CHECK_INT(soql_run(org, query, &arena, &result, &fault), 0);
    CHECK_INT(result.record_count, 2);
    soql_result_done(&result);
    arena_done(&arena);
}

TEST(what_only_the_real_service_runs_is_refused_by_name)
{
    static const char *const cases[][2] = {
        {"SELECT FIELDS(ALL) FROM Lead LIMIT 1", "FIELDS() is SOQL that fakeorg does not run"},
        {"SELECT MAX(Email) FROM Lead", "a function is"},
        {"SELECT Id, (SELECT Id FROM Contacts) FROM Account", "a query among the fields is"},
        {"SELECT Id FROM Lead WHERE Id IN (SELECT Id FROM Lead)", "a query in a list is"},
        {"SELECT Id FROM Lead WHERE CALENDAR_YEAR(CreatedDate) = 2026", "a function in a cond"},
        {"SELECT Id FROM Lead GROUP BY Email", "GROUP BY is"},
        {"SELECT Id FROM Lead FOR UPDATE", "FOR is"},
        {"SELECT Id FROM Lead WITH SECURITY_ENFORCED", "WITH is"},
        {"SELECT TYPEOF Owner WHEN User THEN Name END FROM Lead", "TYPEOF is"},
        {"SELECT Id FROM Account a, a.Contacts c", "a second object in FROM is"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct api_error fault;
        struct arena arena;
        arena_init(&arena, 1 << 20);
        CHECK(soql_parse(cases[i][0], &arena, &fault) == NULL);
        CHECK_STR(fault.code, "MALFORMED_QUERY");
        if (strstr(fault.message, cases[i][1]) == NULL)
            fail_msg("%s", fault.message);
        arena_done(&arena);
    }
}

TEST(absurd_queries_are_too_complicated)
{
    struct buf text;

    buf_init(&text, 1 << 20);
    for (int most = SOQL_MAX_COMPARISONS; most <= SOQL_MAX_COMPARISONS + 1; most++) {
        buf_clear(&text);
        buf_text(&text, "SELECT Id FROM Lead WHERE Email = 'roe@x.com'");
        for (int i = 1; i < most; i++)
            buf_text(&text, " OR Email = 'x'");
        CHECK_STR(found(buf_peek(&text)),
                  most == SOQL_MAX_COMPARISONS ? "Roe" : "QUERY_TOO_COMPLICATED");
    }
    buf_clear(&text);
    buf_text(&text, "SELECT Id FROM Lead WHERE ");
    for (int i = 0; i < 20000; i++)
        buf_text(&text, "NOT ");
    CHECK_STR(found(buf_peek(&text)), "QUERY_TOO_COMPLICATED");
    buf_done(&text);
}

/* With ten times the records a look-up costs the same: counts the records it examines. */
TEST(the_narrowest_part_of_an_and_is_looked_up)
{
    for (int i = 0; i < 3000; i++) {
        char email[32];
        snprintf(email, sizeof email, "n%d@x.com", i);
        add("Many", email, "Same", "7");
    }
    int64_t before = clock_mono();
    for (int i = 0; i < 2000; i++)
        CHECK_STR(WHERE("Company = 'same' AND NumberOfEmployees > 0 AND (Email = 'n7@x.com' OR "
                        "Id = '00Q000000000002')"),
                  "Many");
    CHECK(clock_mono() - before < 2000);
    CHECK_STR(WHERE("Company = 'Same' AND LastName != 'Many'"), "");
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
          WITH_RECORDS(statements_strings_and_depth_are_bounded),
          WITH_RECORDS(rows_and_fields_are_counted),
          WITH_RECORDS(an_offset_passes_over_rows_to_2000), WITH_RECORDS(a_parent_is_one_step_away),
          WITH_RECORDS(an_object_may_have_an_alias), WITH_RECORDS(dates_may_be_named),
          WITH_RECORDS(multipicklists_are_matched_by_includes_and_excludes),
          WITH_RECORDS(a_case_sensitive_field_distinguishes_case),
          WITH_RECORDS(numbers_that_are_keys_and_times_are_found),
          WITH_RECORDS(a_query_of_all_rows_finds_deleted_ones_by_index_too),
          WITH_RECORDS(what_only_the_real_service_runs_is_refused_by_name),
          WITH_RECORDS(absurd_queries_are_too_complicated),
          WITH_RECORDS(the_narrowest_part_of_an_and_is_looked_up))
