#include "check.h"

#include <math.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "mapping/dates.h"
#include "mapping/number.h"
#include "mapping/text.h"
#include "mapping/values.h"

/* What value_convert makes of a text or number; NULL when refused.  The block is static. */
static const char *convert(enum doc_type type, const char *text, struct schema_field field,
                           struct conversion *ret)
{
    static char copy[70000];
    struct found found = {FOUND_VALUE, type, (char *)text, strlen(text), "trait", NULL};

    CHECK_INT(value_convert(&found, &field, ret), 0);
    if (ret->value.text == NULL)
        return NULL;
    snprintf(copy, sizeof(copy), "%s", ret->value.text);
    mem_free(ret->value.text);
    return copy;
}

static void check_convert(enum doc_type type, const char *text, struct schema_field field,
                          const char *expected)
{
    struct conversion conversion;
    const char *got = convert(type, text, field, &conversion);

    if ((got == NULL) != (expected == NULL) || (got != NULL && strcmp(got, expected) != 0))
        fail_msg("%s as %s: %s, not %s", text, field_type_name(field.type),
                 got == NULL ? "refused" : got, expected == NULL ? "refused" : expected);
}

TEST(whole_numbers_keep_their_value_or_are_refused)
{
    static const struct {
        enum doc_type type;
        const char *text, *expected;
    } cases[] = {
        {DOC_NUMBER, "329", "329"},
        {DOC_NUMBER, "-5", "-5"},
        {DOC_NUMBER, "3.0", "3"},
        {DOC_NUMBER, "3.5", NULL},
        {DOC_NUMBER, "3e2", "300"},
        {DOC_NUMBER, "3.25e2", "325"},
        {DOC_NUMBER, "3.25e1", NULL},
        {DOC_NUMBER, "300e-2", "3"},
        {DOC_NUMBER, "1e9999", NULL},
        {DOC_NUMBER, "1e99999999999999999999", NULL},
        {DOC_NUMBER, "0e99999999999", "0"},
        {DOC_NUMBER, "-0", "0"},
        {DOC_NUMBER, "12345678", "12345678"},
        {DOC_NUMBER, "123456789", NULL},
        {DOC_STRING, "329", "329"},
        {DOC_STRING, " 329 ", "329"},
        {DOC_STRING, "+7", "7"},
        {DOC_STRING, "007", "7"},
        {DOC_STRING, "11-50", NULL},
        {DOC_STRING, "1,000", NULL},
        {DOC_STRING, "0x10", NULL},
        {DOC_STRING, "1e", NULL},
        {DOC_STRING, "e1", NULL},
        {DOC_STRING, ".", NULL},
        {DOC_STRING, "-", NULL},
        {DOC_STRING, "nan", NULL},
        {DOC_STRING, "5 people", NULL},
        {DOC_TRUE, "true", NULL},
    };
    struct schema_field field = {.type = FIELD_INT, .digits = 8};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_convert(cases[i].type, cases[i].text, field, cases[i].expected);
    field.digits = 0;
    check_convert(DOC_NUMBER, "2147483647", field, "2147483647");
    check_convert(DOC_NUMBER, "2147483648", field, NULL);
    check_convert(DOC_NUMBER, "-2147483648", field, "-2147483648");
}

TEST(numbers_keep_every_digit)
{
    struct schema_field field = {.type = FIELD_DOUBLE, .precision = 18, .scale = 2};

    check_convert(DOC_NUMBER, "1234567890123456.78", field, "1234567890123456.78");
    check_convert(DOC_NUMBER, "12345678901234567.8", field, NULL);
    check_convert(DOC_NUMBER, "1.5e3", field, "1.5e3");
    check_convert(DOC_STRING, "1.5e3", field, "1500");
    check_convert(DOC_STRING, ".5", field, "0.5");
    check_convert(DOC_STRING, "5.", field, "5");
    check_convert(DOC_STRING, "0.0001", field, "0.0001");
    check_convert(DOC_STRING, "1e-3", field, "0.001");
    check_convert(DOC_STRING, "-012.50", field, "-12.5");
    check_convert(DOC_STRING, "1e-99", field, NULL);
    field = (struct schema_field){.type = FIELD_DOUBLE, .precision = 18};
    check_convert(DOC_NUMBER, "123456789012345678", field, "123456789012345678");
    check_convert(DOC_NUMBER, "1234567890123456789", field, NULL);
    field = (struct schema_field){.type = FIELD_CURRENCY};
    check_convert(DOC_NUMBER, "1e308", field, NULL);
    check_convert(DOC_NUMBER, "1e307", field, "1e307");
}

TEST(a_printed_number_is_the_number_that_was_read)
{
    static const char *const texts[] = {"0",    "1",    "-1.5",  "100",        "0.001",
                                        "1e5",  "1e-5", "123e2", "12.340e-1",  "00.10",
                                        "9e15", "-0.0", "5.",    "99999999.9", ".25"};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct number number;
        struct buf out;
        buf_init(&out, 100);
        CHECK(number_read(texts[i], strlen(texts[i]), &number));
        number_print(&number, &out);
        CHECK(fabs(strtod(buf_peek(&out), NULL) - strtod(texts[i], NULL)) < 1e-9);
        buf_done(&out);
    }
}

TEST(dates_keep_the_day_that_is_written)
{
    struct schema_field field = {.type = FIELD_DATE};

    check_convert(DOC_STRING, "2026-11-23", field, "2026-11-23");
    check_convert(DOC_STRING, "2026-11-23T23:59:59.999999999-11:00", field, "2026-11-23");
    check_convert(DOC_STRING, "2026-11-23T00:00:00+14:00", field, "2026-11-23");
    check_convert(DOC_STRING, "2026-1-2", field, NULL);
    check_convert(DOC_STRING, "2026-13-01", field, NULL);
    check_convert(DOC_STRING, "2026-01-02-7", field, NULL);
    check_convert(DOC_STRING, "1699-12-31", field, NULL);
    check_convert(DOC_STRING, "1700-01-01", field, "1700-01-01");
    check_convert(DOC_STRING, "4000-12-31", field, "4000-12-31");
    check_convert(DOC_STRING, "4001-01-01", field, NULL);
    check_convert(DOC_NUMBER, "0", field, "1970-01-01");
    check_convert(DOC_NUMBER, "-86400", field, "1969-12-31");
    check_convert(DOC_NUMBER, "1e400", field, NULL);
    check_convert(DOC_TRUE, "true", field, NULL);
}

TEST(counts_are_seconds_below_a_bound_and_milliseconds_above)
{
    struct schema_field field = {.type = FIELD_DATETIME};

    check_convert(DOC_NUMBER, "31557599999", field, "2970-01-07T23:59:59.000Z");
    check_convert(DOC_NUMBER, "31557600000", field, "1971-01-01T06:00:00.000Z");
    check_convert(DOC_STRING, "1795428300", field, "2026-11-23T10:05:00.000Z");
    check_convert(DOC_STRING, "1795428300123", field, "2026-11-23T10:05:00.123Z");
    check_convert(DOC_STRING, "179542830", field, NULL);
    check_convert(DOC_NUMBER, "1795428300.75", field, "2026-11-23T10:05:00.000Z");
}

TEST(times_of_day_become_utc)
{
    struct schema_field field = {.type = FIELD_TIME};

    check_convert(DOC_STRING, "10:05", field, "10:05:00.000Z");
    check_convert(DOC_STRING, "10:05:07.5Z", field, "10:05:07.500Z");
    check_convert(DOC_STRING, "00:30:00+01:00", field, "23:30:00.000Z");
    check_convert(DOC_STRING, "24:00", field, NULL);
    check_convert(DOC_STRING, "10", field, NULL);
    check_convert(DOC_NUMBER, "10", field, NULL);
    check_convert(DOC_STRING,
                  "10:05:07.55555555555555555555555555555555555555555555555555555555555555Z", field,
                  NULL);
}

TEST(a_cut_never_falls_inside_a_character)
{
    struct schema_field field = {.type = FIELD_STRING};
    static const char text[] =
        "a\xF0\x9F\x98\x80\xC3\xA9 b\xE2\x82\xAC"; /* a, emoji, e acute, euro */
    struct conversion conversion;

    for (int length = 1; length <= 8; length++) {
        field.length = length;
        const char *got = convert(DOC_STRING, text, field, &conversion);
        CHECK(got != NULL && utf8_valid(got, strlen(got)));
        CHECK(utf8_utf16_length(got, strlen(got)) <= (size_t)length);
        CHECK_INT(conversion.truncated, length < 7);
    }
    field.length = 2;
    check_convert(DOC_STRING, text, field, "a");
    field.length = 5; /* the blank at the cut goes too */
    check_convert(DOC_STRING, text, field, "a\xF0\x9F\x98\x80\xC3\xA9");
}

TEST(addresses_are_told_from_other_texts)
{
    static const char *const good[] = {"a@b.c", "o'brien@x.io", "a+b@sub.example.com",
                                       "\xC3\xA9@\xC3\xA9.example"};
    static const char *const bad[] = {"",     "a",       "@b.c",    "a@b",         "a@.c",
                                      "a@b.", "a b@c.d", "a@b@c.d", "a@b.c,d@e.f", "a@b.c;d@e.f"};

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        CHECK(text_is_address(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(!text_is_address(bad[i], strlen(bad[i])));
}

TEST(cleaning_trims_removes_and_joins_lines)
{
    bool removed;
    char *text =
        text_clean("\xC2\xA0 a\0b\r\nc\x01\xEF\xBF\xBF \xE3\x80\x80", 17, TEXT_ONE_LINE, &removed);

    CHECK_STR(text, "ab c");
    CHECK(removed);
    mem_free(text);
    text = text_clean("a\r\n\tb", 5, TEXT_MANY_LINES, &removed);
    CHECK_STR(text, "a\r\n\tb");
    CHECK(!removed);
    mem_free(text);
    CHECK(text_is_blank(" \0\x01\xE3\x80\x80", 6));
    CHECK(!text_is_blank("\xE3\x80\x81", 3));
}

TEST(an_id_has_fifteen_or_eighteen_characters)
{
    struct schema_field field = {.type = FIELD_REFERENCE, .length = 18};

    check_convert(DOC_STRING, "005000000000001", field, "005000000000001");
    check_convert(DOC_STRING, "005000000000001AAA", field, "005000000000001AAA");
    check_convert(DOC_STRING, "0050000000000012", field, NULL);
    check_convert(DOC_STRING, "00500000000000'", field, NULL);
}

TEST(compound_and_unknown_types_take_nothing)
{
    check_convert(DOC_STRING, "x", (struct schema_field){.type = FIELD_ADDRESS}, NULL);
    check_convert(DOC_STRING, "x", (struct schema_field){.type = FIELD_OTHER}, NULL);
}

TEST_MAIN(TEST_CASE(whole_numbers_keep_their_value_or_are_refused),
          TEST_CASE(numbers_keep_every_digit),
          TEST_CASE(a_printed_number_is_the_number_that_was_read),
          TEST_CASE(dates_keep_the_day_that_is_written),
          TEST_CASE(counts_are_seconds_below_a_bound_and_milliseconds_above),
          TEST_CASE(times_of_day_become_utc), TEST_CASE(a_cut_never_falls_inside_a_character),
          TEST_CASE(addresses_are_told_from_other_texts),
          TEST_CASE(cleaning_trims_removes_and_joins_lines),
          TEST_CASE(an_id_has_fifteen_or_eighteen_characters),
          TEST_CASE(compound_and_unknown_types_take_nothing))
