#include "check.h"

#include "base/mem.h"
#include "event/parse.h"
#include "event/traits.h"

/* What is found in traits under path, as its raw text; "-" when nothing is. */
static void check_find(const char *traits, const char *path, const char *want)
{
    struct err err = {0};
    struct doc doc;
    size_t len = 1;

    CHECK_INT(doc_parse(&doc, traits, strlen(traits), &err), 0);
    const struct doc_node *node = traits_find(&doc, doc_root(&doc), path);
    const char *raw = node != NULL ? doc_raw(&doc, node, &len) : "-";
    if (len != strlen(want) || memcmp(raw, want, len) != 0)
        print_error("%s in %s: %.*s, not %s\n", path, traits, (int)len, raw, want);
    CHECK(len == strlen(want) && memcmp(raw, want, len) == 0);
    doc_done(&doc);
}

TEST(spellings_of_a_key_are_the_same)
{
    static const char *const spellings[] = {
        "firstName",
        "first_name",
        "FIRSTNAME",
        "First Name",
        "first-name",
        "f!i(r)s#tName",
        "first\\u0020name",
        "\\u0066irst\\nName",
        "fir\xC3\xA9stName",
        "first\\\"name",
        "\\u0046IRST\\u005fname",
        "first\\u4e2dName",
    };

    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        char traits[100];
        snprintf(traits, sizeof traits, "{\"x\":0,\"%s\":1}", spellings[i]);
        check_find(traits, "firstName", "1");
    }
    check_find("{\"first.name\":1}", "firstName", "-");
    check_find("{\"firstNames\":1,\"firstNam\":1}", "firstName", "-");
}

TEST(the_first_spelling_in_order_wins_even_when_it_is_null)
{
    check_find("{\"first_name\":1,\"firstName\":2}", "firstName", "1");
    check_find("{\"firstName\":2,\"first_name\":1}", "firstName", "2");
    check_find("{\"first_name\":null,\"firstName\":2}", "firstName", "null");
}

TEST(a_path_is_one_key_or_several)
{
    check_find("{\"company\":{\"name\":\"X\"}}", "company.name", "\"X\"");
    check_find("{\"company.name\":\"X\"}", "company.name", "\"X\"");
    check_find("{\"Company\":{\"NAME\":\"X\"}}", "company.name", "\"X\"");
    check_find("{\"a\":{\"b.c\":{\"d\":1}}}", "a.b.c.d", "1");
    check_find("{\"companyName\":\"X\"}", "company.name", "-");
    check_find("{\"company.name\":\"X\",\"company\":{\"name\":\"Y\"}}", "company.name", "\"X\"");
    check_find("{\"company\":{\"name\":\"Y\"},\"company.name\":\"X\"}", "company.name", "\"Y\"");
}

TEST(only_objects_are_stepped_into_and_nothing_is_tried_again)
{
    check_find("{\"company\":\"X\"}", "company.name", "-");
    check_find("{\"company\":[{\"name\":\"X\"}]}", "company.name", "-");
    check_find("{\"company\":null,\"company.name\":\"X\"}", "company.name", "-");
    check_find("{\"company\":{},\"company.name\":\"X\"}", "company.name", "-");
    check_find("[{\"a\":1}]", "a", "-");
    check_find("\"a\"", "a", "-");

    struct doc none = {0};
    CHECK(traits_find(&none, NULL, "a") == NULL);
}

TEST(a_key_without_letters_matches_nothing)
{
    check_find("{\"\":1,\"_\":2,\"\xE5\x90\x8D\":3,\"email\":4}", "email", "4");
    check_find("{\"\":1,\"_\":2}", "", "-");
    check_find("{\"pr\xC3\xA9nom\":1}", "prnom", "1");
}

TEST(one_key_is_compared_with_a_name)
{
    struct err err = {0};
    struct doc doc;
    const char *text = "{\"Job_Title\":1,\"\xE5\x90\x8D\":2}";

    CHECK_INT(doc_parse(&doc, text, strlen(text), &err), 0);
    const struct doc_node *member = doc_first(&doc, doc_root(&doc));
    CHECK(traits_key_matches(&doc, member, "jobTitle"));
    CHECK(!traits_key_matches(&doc, member, "job"));
    CHECK(!traits_key_matches(&doc, member, "jobTitles"));
    CHECK(!traits_key_matches(&doc, doc_next(&doc, member), ""));
    doc_done(&doc);
}

TEST(truth_is_that_of_javascript)
{
    static const struct {
        const char *json;
        bool truthy;
    } cases[] = {
        {"null", false}, {"false", false}, {"true", true}, {"0", false},
        {"-0", false},   {"0.0", false},   {"0e5", false}, {"-0.00E9", false},
        {"0.001", true}, {"10", true},     {"-1", true},   {"\"\"", false},
        {"\"0\"", true}, {"\" \"", true},  {"[]", true},   {"{}", true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        struct doc doc;
        CHECK_INT(doc_parse(&doc, cases[i].json, strlen(cases[i].json), &err), 0);
        CHECK(traits_truthy(&doc, doc_root(&doc)) == cases[i].truthy);
        doc_done(&doc);
    }
    struct doc none = {0};
    CHECK(!traits_truthy(&none, NULL));
}

TEST_MAIN(TEST_CASE(spellings_of_a_key_are_the_same),
          TEST_CASE(the_first_spelling_in_order_wins_even_when_it_is_null),
          TEST_CASE(a_path_is_one_key_or_several),
          TEST_CASE(only_objects_are_stepped_into_and_nothing_is_tried_again),
          TEST_CASE(a_key_without_letters_matches_nothing),
          TEST_CASE(one_key_is_compared_with_a_name), TEST_CASE(truth_is_that_of_javascript))
