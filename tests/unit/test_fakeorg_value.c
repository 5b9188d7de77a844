#include "check.h"

#include "fakeorg/data/value.h"

static struct field *make(const char *type)
{
    struct err err = {0};
    struct field *field = field_new_custom("Some_Field__c", type, &err);

    CHECK(field != NULL);
    return field;
}

TEST(values_are_read_into_one_form)
{
    static const struct {
        const char *type, *text, *value;
    } cases[] = {
        {"string:50", "  a b \n", "a b"},
        {"string:50", "   ", NULL},
        {"email", "Jane@Example.COM", "jane@example.com"},
        {"boolean", "1", "true"},
        {"boolean", "false", "false"},
        {"int", "+0040", "40"},
        {"int", "-7", "-7"},
        {"double:18,2", "007.50", "7.5"},
        {"double:18,2", "-0.00", "0"},
        {"double:18,2", ".5", "0.5"},
        {"double:18,2", "1.5E3", "1500"},
        {"double:18,2", "2.344", "2.34"},
        {"currency:18,0", "123456789012345678", "123456789012345678"},
        {"date", "2026-11-23", "2026-11-23"},
        {"date", "2026-11-23Z", "2026-11-23"},
        {"datetime", "2026-11-23T10:05:00.999+02:00", "2026-11-23T08:05:00.000Z"},
        {"datetime", "1969-12-31T23:59:59.500Z", "1969-12-31T23:59:59.000Z"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct field *field = make(cases[i].type);
        struct api_error fault;
        struct arena arena;
        const char *value;
        arena_init(&arena, 100000);
        CHECK_INT(value_decode(field, cases[i].text, &arena, &value, &fault), 0);
        if (cases[i].value == NULL)
            CHECK(value == NULL);
        else
            CHECK_STR(value, cases[i].value);
        arena_done(&arena);
        field_free(field);
    }
}

TEST(values_of_the_wrong_type_fault_the_call)
{
    static const struct {
        const char *type, *text;
    } cases[] = {
        {"boolean", "yes"},
        {"boolean", "TRUE"},
        {"int", "4.0"},
        {"int", "2147483648"},
        {"int", "1e3"},
        {"double:18,2", "abc"},
        {"double:18,2", "1,000"},
        {"double:18,2", "NaN"},
        {"double:18,2", "0x10"},
        {"double:18,2", "1e"},
        {"date", "23.11.2026"},
        {"date", "2026-11-23T10:00:00Z"},
        {"date", "2026-02-30"},
        {"datetime", "2026-06-03 14:26:34"},
        {"datetime", "2026-06-03"},
        {"datetime", "tomorrow"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct field *field = make(cases[i].type);
        struct api_error fault;
        struct arena arena;
        const char *value;
        arena_init(&arena, 100000);
        CHECK_INT(value_decode(field, cases[i].text, &arena, &value, &fault), -1);
        CHECK_INT(fault.kind, API_ERROR_CLIENT);
        CHECK(strstr(fault.message, "is not a valid value for the type xsd:") != NULL);
        arena_done(&arena);
        field_free(field);
    }
}

TEST(values_that_break_a_rule_of_the_field_name_its_code)
{
    static const struct {
        const char *type, *text, *code;
    } cases[] = {
        {"string:3", "abc", NULL},
        {"string:3", "abcd", "STRING_TOO_LONG"},
        {"string:3", "\xC3\xBC\xC3\xBC\xC3\xBC", NULL},
        {"string:3", "\xF0\x9F\x98\x80\xF0\x9F\x98\x80", "STRING_TOO_LONG"},
        {"email", "jane@example.com", NULL},
        {"email", "jane+x.y@sub.example.co", NULL},
        {"email", "jane", "INVALID_EMAIL_ADDRESS"},
        {"email", "jane@localhost", "INVALID_EMAIL_ADDRESS"},
        {"email", "a@b@c.de", "INVALID_EMAIL_ADDRESS"},
        {"email", "jane doe@example.com", "INVALID_EMAIL_ADDRESS"},
        {"email", "jane@example..com", "INVALID_EMAIL_ADDRESS"},
        {"picklist:a|b", "zzz", NULL},
        {"picklist!:a|b", "b", NULL},
        {"picklist!:a|b", "zzz", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"},
        {"picklist!:a|b", "a|b", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"},
        {"double:6,2", "9999.99", NULL},
        {"double:6,2", "10000", "NUMBER_OUTSIDE_VALID_RANGE"},
        {"int:3", "-999", NULL},
        {"int:3", "1000", "NUMBER_OUTSIDE_VALID_RANGE"},
        {"date", "1699-12-31", "DATE_OUT_OF_RANGE"},
        {"date", "4001-01-01", "DATE_OUT_OF_RANGE"},
        {"reference", "001A0000006Vm9r", NULL},
        {"reference", "Acme", "MALFORMED_ID"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct field *field = make(cases[i].type);
        struct value_problem problem;
        struct arena arena;
        const char *value = cases[i].text;
        arena_init(&arena, 100000);
        CHECK_INT(value_check(field, &value, false, &arena, &problem), 0);
        if (cases[i].code == NULL)
            CHECK(problem.code == NULL);
        else
            CHECK_STR(problem.code, cases[i].code);
        arena_done(&arena);
        field_free(field);
    }
}

TEST(long_text_is_cut_between_characters_when_truncation_is_allowed)
{
    struct field *field = make("string:3");
    struct value_problem problem;
    struct arena arena;
    const char *value = "a\xF0\x9F\x98\x80\xF0\x9F\x98\x80";

    arena_init(&arena, 100000);
    CHECK_INT(value_check(field, &value, true, &arena, &problem), 0);
    CHECK(problem.code == NULL);
    CHECK_STR(value, "a\xF0\x9F\x98\x80");
    arena_done(&arena);
    field_free(field);
}

TEST(custom_fields_are_made_from_short_descriptions)
{
    static const char *const bad[][2] = {
        {"x", "string"},          {"1__c", "string"},    {"__c", "string"},
        {"a-b__c", "string"},     {"a__c", "text"},      {"a__c", "string:0"},
        {"a__c", "string:256"},   {"a__c", "string:x"},  {"a__c", "boolean:1"},
        {"a__c", "double:2,3"},   {"a__c", "double:19"}, {"a__c", "string:10,2"},
        {"a__c", "picklist!!:a"}, {"a__c", ""}};
    struct err err = {0};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(field_new_custom(bad[i][0], bad[i][1], &err) == NULL);
    struct field *field = field_new_custom("Shoe_Size__c", "double:4,1", &err);
    CHECK(field != NULL);
    CHECK_STR(field->label, "Shoe Size");
    CHECK_INT(field->fact.size, 4);
    CHECK_INT(field->fact.scale, 1);
    CHECK(field_has(field, CUSTOM) && field_has(field, RW) && !field_required(field));
    field_free(field);
    field = field_new_custom("Long__c", "textarea:32000", &err);
    CHECK(field != NULL && field_has(field, UNFILTERED));
    field_free(field);
}

TEST_MAIN(TEST_CASE(values_are_read_into_one_form),
          TEST_CASE(values_of_the_wrong_type_fault_the_call),
          TEST_CASE(values_that_break_a_rule_of_the_field_name_its_code),
          TEST_CASE(long_text_is_cut_between_characters_when_truncation_is_allowed),
          TEST_CASE(custom_fields_are_made_from_short_descriptions))
