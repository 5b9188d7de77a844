#include "check.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "salesforce/soap/soql.h"

#define ORDER " ORDER BY CreatedDate, Id"

static void check_soql(const struct org_find *what, const char *expected, size_t expected_used)
{
    struct buf out;
    size_t used = 0;

    buf_init(&out, 1000000);
    CHECK(soql_find(&out, what, &used) == (expected[0] != '\0'));
    CHECK_STR(buf_peek(&out), expected);
    CHECK_INT(used, expected_used);
    buf_done(&out);
}

static const char *const email[] = {"Email"};
static const char *const two_fields[] = {"Email", "Age__c"};

TEST(one_field_is_asked_for_with_in)
{
    static const struct org_value values[] = {{.text = "a@x.io"}, {.text = "O'Hara\\@x.io"}};
    static const char *const select[] = {"IsConverted", "email", "ID", "isconverted"};
    struct org_find what = {.object = "Lead",
                            .by = email,
                            .by_count = 1,
                            .values = values,
                            .key_count = 2,
                            .select = select,
                            .select_count = 4};

    check_soql(&what,
               "SELECT Id, Email, IsConverted FROM Lead WHERE Email IN "
               "('a@x.io','O\\'Hara\\\\@x.io')" ORDER,
               2);
}

TEST(a_field_that_takes_no_list_is_compared_value_by_value)
{
    static const struct org_value values[] = {{.text = "a;b"}, {.text = "c"}};
    struct org_find what = {.object = "Lead",
                            .by = email,
                            .by_count = 1,
                            .values = values,
                            .key_count = 2,
                            .no_list = true};

    check_soql(&what, "SELECT Id, Email FROM Lead WHERE (Email = 'a;b') OR (Email = 'c')" ORDER, 2);
}

TEST(several_fields_are_joined_by_and_and_keys_by_or)
{
    static const struct org_value values[] = {{.text = "a@x.io"},
                                              {.text = "42", .literal = true},
                                              {.text = "b@x.io"},
                                              {.text = "2026-11-23", .literal = true}};
    struct org_find what = {
        .object = "Lead", .by = two_fields, .by_count = 2, .values = values, .key_count = 2};

    check_soql(&what,
               "SELECT Id, Email, Age__c FROM Lead WHERE (Email = 'a@x.io' AND Age__c = 42) OR "
               "(Email = 'b@x.io' AND Age__c = 2026-11-23)" ORDER,
               2);
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
        struct org_value value = {.text = attacks[i], .literal = true};
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
    struct org_value values[] = {{.text = long_value}, {.text = "a@x.io"}, {.text = long_value}};
    struct org_find what = {
        .object = "Lead", .by = email, .by_count = 1, .values = values, .key_count = 3};
    struct buf out;
    size_t used = 0;

    memset(fits, 'x', 4000);
    memset(long_value, 'x', 4001);
    check_soql(&what, "SELECT Id, Email FROM Lead WHERE Email IN ('a@x.io')" ORDER, 3);
    values[1].text = long_value;
    check_soql(&what, "", 3);
    values[1].text = fits;
    buf_init(&out, 1000000);
    CHECK(soql_find(&out, &what, &used));
    buf_done(&out);
    /* of several fields, one such value spoils the key */
    struct org_value pairs[] = {{.text = "a@x.io"}, {.text = long_value}};
    what = (struct org_find){
        .object = "Lead", .by = two_fields, .by_count = 2, .values = pairs, .key_count = 1};
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
        CHECK(soql_find(&out, &what, &used));
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
    static struct org_value values[KEYS];
    struct org_find what = {
        .object = "Lead", .by = email, .by_count = 1, .values = values, .key_count = KEYS};

    for (size_t i = 0; i < KEYS; i++) {
        snprintf(texts[i], sizeof texts[i], "person-%075zu@example.com", i);
        values[i].text = texts[i];
    }
    CHECK_INT(statements(what, "person-"), 2);
    /* characters count, not bytes: two of UTF-16, four of UTF-8 */
    for (size_t i = 0; i < KEYS; i++)
        for (size_t k = 0; k < 48; k++)
            memcpy(texts[i] + 4 * k, "\xF0\x9F\x98\x80", 5);
    CHECK_INT(statements(what, "\xF0\x9F\x98\x80"), 2);
    what.by = two_fields;
    what.by_count = 2;
    what.key_count = KEYS / 2;
    CHECK_INT(statements(what, " AND Age__c = '"), 3);
}

TEST_MAIN(TEST_CASE(one_field_is_asked_for_with_in),
          TEST_CASE(a_field_that_takes_no_list_is_compared_value_by_value),
          TEST_CASE(several_fields_are_joined_by_and_and_keys_by_or),
          TEST_CASE(no_value_ends_its_string_or_its_literal),
          TEST_CASE(a_value_no_field_can_hold_is_used_up_without_being_asked_for),
          TEST_CASE(a_statement_ends_before_its_hundred_thousandth_character))
