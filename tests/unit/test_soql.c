#include "check.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "salesforce/soql.h"

#define ORDER " ORDER BY CreatedDate, Id"

static bool write_soql(struct buf *out, const struct org_find *what, size_t *ret_used)
{
    struct soql_columns columns;

    soql_columns(what, &columns);
    return soql_find(out, what, &columns, ret_used);
}

static void check_soql(const struct org_find *what, const char *expected, size_t expected_used)
{
    struct buf out;
    size_t used = 0;

    buf_init(&out, 1000000);
    CHECK(write_soql(&out, what, &used) == (expected[0] != '\0'));
    CHECK_STR(buf_peek(&out), expected);
    CHECK_INT(used, expected_used);
    buf_done(&out);
}

static const struct org_lookup email[] = {{"Email", FIELD_EMAIL}};
static const struct org_lookup two_fields[] = {{"Email", FIELD_EMAIL}, {"Age__c", FIELD_INT}};

TEST(one_field_is_asked_for_with_in)
{
    static const char *const values[] = {"a@x.io", "O'Hara\\@x.io"};
    struct org_find what = {
        .object = "Lead", .by = email, .by_count = 1, .values = values, .key_count = 2};

    check_soql(&what,
               "SELECT Id, Email FROM Lead WHERE Email IN "
               "('a@x.io','O\\'Hara\\\\@x.io')" ORDER,
               2);
}

TEST(what_a_row_says_besides_is_asked_for_where_the_object_has_it)
{
    static struct schema_field known[] = {{.name = (char *)"ConvertedContactId"},
                                          {.name = (char *)"CreatedDate"},
                                          {.name = (char *)"IsConverted"}};
    static const struct schema_object lead = {.name = (char *)"Lead", .fields = known, .count = 3};
    static const struct org_lookup by[] = {
        {"isconverted", FIELD_BOOLEAN}, {"ID", FIELD_ID}, {"id", FIELD_ID}};
    static const char *const values[] = {"true", "x", "x"};
    struct org_find what = {.object = "Lead",
                            .by = by,
                            .by_count = 1,
                            .values = values,
                            .key_count = 1,
                            .described = &lead};

    check_soql(&what,
               "SELECT Id, isconverted, CreatedDate FROM Lead WHERE isconverted IN (true)" ORDER,
               1);
    what.successor = "Contact";
    check_soql(&what,
               "SELECT Id, isconverted, ConvertedContactId, CreatedDate FROM Lead WHERE "
               "isconverted IN (true)" ORDER,
               1);
    what.described = NULL;
    what.by_count = 3;
    check_soql(&what,
               "SELECT Id, isconverted FROM Lead WHERE (isconverted = true AND ID = 'x' AND id = "
               "'x')" ORDER,
               1);
}

TEST(a_column_becomes_what_the_row_says)
{
    struct org_row row = {.live = true};

    CHECK_INT(soql_read_column(&row, SOQL_CONVERTED, NULL), 0);
    CHECK(row.live);
    CHECK_INT(soql_read_column(&row, SOQL_CONVERTED, "true"), 0);
    CHECK(!row.live);
    CHECK_INT(soql_read_column(&row, SOQL_SUCCESSOR, "003000000000001AAA"), 0);
    CHECK_STR(row.successor_id, "003000000000001AAA");
    CHECK_INT(soql_read_column(&row, SOQL_MODIFIED, "2026-01-01T00:00:00.001Z"), 0);
    CHECK_INT(soql_read_column(&row, SOQL_CREATED, "2026-01-01T01:00:00.000+0100"), 0);
    CHECK_INT(row.modified_ms - row.created_ms, 1);
    CHECK_INT(soql_read_column(&row, SOQL_CREATED, "yesterday"), 0);
    CHECK_INT(row.created_ms, 0);
    mem_free(row.successor_id);
}

TEST(a_field_that_takes_no_list_is_compared_value_by_value)
{
    static const struct org_lookup by[] = {{"Email", FIELD_MULTIPICKLIST}};
    static const char *const values[] = {"a;b", "c"};
    struct org_find what = {
        .object = "Lead", .by = by, .by_count = 1, .values = values, .key_count = 2};

    check_soql(&what, "SELECT Id, Email FROM Lead WHERE (Email = 'a;b') OR (Email = 'c')" ORDER, 2);
}

TEST(several_fields_are_joined_by_and_and_keys_by_or)
{
    static const struct org_lookup by[] = {{"Email", FIELD_EMAIL}, {"Born__c", FIELD_DATE}};
    static const char *const values[] = {"a@x.io", "2025-01-02", "b@x.io", "2026-11-23"};
    struct org_find what = {
        .object = "Lead", .by = by, .by_count = 2, .values = values, .key_count = 2};

    check_soql(&what,
               "SELECT Id, Email, Born__c FROM Lead WHERE (Email = 'a@x.io' AND Born__c = "
               "2025-01-02) OR (Email = 'b@x.io' AND Born__c = 2026-11-23)" ORDER,
               2);
}

TEST(a_type_decides_whether_its_values_are_quoted)
{
    static const struct {
        enum field_type type;
        bool quoted;
    } types[] = {
        {FIELD_STRING, true},    {FIELD_TEXTAREA, true},  {FIELD_PHONE, true},
        {FIELD_EMAIL, true},     {FIELD_URL, true},       {FIELD_PICKLIST, true},
        {FIELD_COMBOBOX, true},  {FIELD_REFERENCE, true}, {FIELD_ID, true},
        {FIELD_BOOLEAN, false},  {FIELD_INT, false},      {FIELD_DOUBLE, false},
        {FIELD_CURRENCY, false}, {FIELD_PERCENT, false},  {FIELD_DATE, false},
        {FIELD_DATETIME, false}, {FIELD_TIME, false},     {FIELD_UNTYPED, true},
    };

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        const struct org_lookup by = {"X__c", types[i].type};
        static const char *const values[] = {"1"};
        const struct org_find what = {
            .object = "Lead", .by = &by, .by_count = 1, .values = values, .key_count = 1};

        check_soql(&what,
                   types[i].quoted ? "SELECT Id, X__c FROM Lead WHERE X__c IN ('1')" ORDER
                                   : "SELECT Id, X__c FROM Lead WHERE X__c IN (1)" ORDER,
                   1);
    }
}

TEST(no_value_ends_its_string_or_its_literal)
{
    struct buf out;

    buf_init(&out, 1000);
    soql_string(&out, "' OR Name != '\\' \n\r\t\b\f\" %_");
    CHECK_STR(buf_peek(&out), "'\\' OR Name != \\'\\\\\\' \\n\\r\\t\\b\\f\" %_'");
    buf_done(&out);
    static const char *const attacks[] = {"1 OR Id != null", "", "1)", "'x'", "a b"};
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
        const char *value = attacks[i];
        struct org_find what = {.object = "Lead",
                                .by = two_fields + 1,
                                .by_count = 1,
                                .values = &value,
                                .key_count = 1};
        check_soql(&what, "", 1);
    }
}

TEST(a_value_no_field_can_hold_is_used_up_without_being_asked_for)
{
    static char fits[4001], long_value[4002];
    const char *values[] = {long_value, "a@x.io", long_value};
    struct org_find what = {
        .object = "Lead", .by = email, .by_count = 1, .values = values, .key_count = 3};
    struct buf out;
    size_t used = 0;

    memset(fits, 'x', 4000);
    memset(long_value, 'x', 4001);
    check_soql(&what, "SELECT Id, Email FROM Lead WHERE Email IN ('a@x.io')" ORDER, 3);
    values[1] = long_value;
    check_soql(&what, "", 3);
    values[1] = fits;
    buf_init(&out, 1000000);
    CHECK(write_soql(&out, &what, &used));
    buf_done(&out);
    /* of several fields, one such value spoils the key */
    static const struct org_lookup both[] = {{"Email", FIELD_EMAIL}, {"X__c", FIELD_STRING}};
    const char *pairs[] = {"a@x.io", long_value};
    what = (struct org_find){
        .object = "Lead", .by = both, .by_count = 2, .values = pairs, .key_count = 1};
    check_soql(&what, "", 1);
}

/* Asks for all keys, statement by statement, and checks each against the bound. */
static size_t statements(struct org_find what, const char *character)
{
    size_t count = 0, asked = 0, total = what.key_count;

    while (what.key_count > 0) {
        struct buf out;
        size_t used = 0, characters;

        buf_init(&out, 1000000);
        CHECK(write_soql(&out, &what, &used));
        CHECK(used > 0 && used <= what.key_count);
        characters = utf8_utf16_length(out.data, out.len);
        CHECK(characters <= SOQL_MAX_CHARACTERS);
        if (used < what.key_count) /* no room for one more */
            CHECK(characters > SOQL_MAX_CHARACTERS - 300);
        CHECK(strstr(buf_peek(&out), character) != NULL);
        buf_done(&out);
        what.values += used * what.by_count;
        what.key_count -= used;
        asked += used;
        count++;
    }
    CHECK_INT(asked, total);
    return count;
}

TEST(a_statement_ends_before_its_hundred_thousandth_character)
{
    enum { KEYS = 2000 };
    static char texts[KEYS][300];
    static const struct org_lookup texts_of[] = {{"Email", FIELD_EMAIL}, {"Age__c", FIELD_STRING}};
    static const char *values[KEYS];
    struct org_find what = {
        .object = "Lead", .by = email, .by_count = 1, .values = values, .key_count = KEYS};

    for (size_t i = 0; i < KEYS; i++) {
        snprintf(texts[i], sizeof texts[i], "person-%075zu@example.com", i);
        values[i] = texts[i];
    }
    CHECK_INT(statements(what, "person-"), 2);
    /* characters count, not bytes: two of UTF-16, four of UTF-8 */
    for (size_t i = 0; i < KEYS; i++)
        for (size_t k = 0; k < 48; k++)
            memcpy(texts[i] + 4 * k, "\xF0\x9F\x98\x80", 5);
    CHECK_INT(statements(what, "\xF0\x9F\x98\x80"), 2);
    what.by = texts_of;
    what.by_count = 2;
    what.key_count = KEYS / 2;
    CHECK_INT(statements(what, " AND Age__c = '"), 3);
}

TEST_MAIN(TEST_CASE(one_field_is_asked_for_with_in),
          TEST_CASE(what_a_row_says_besides_is_asked_for_where_the_object_has_it),
          TEST_CASE(a_column_becomes_what_the_row_says),
          TEST_CASE(a_type_decides_whether_its_values_are_quoted),
          TEST_CASE(a_field_that_takes_no_list_is_compared_value_by_value),
          TEST_CASE(several_fields_are_joined_by_and_and_keys_by_or),
          TEST_CASE(no_value_ends_its_string_or_its_literal),
          TEST_CASE(a_value_no_field_can_hold_is_used_up_without_being_asked_for),
          TEST_CASE(a_statement_ends_before_its_hundred_thousandth_character))
