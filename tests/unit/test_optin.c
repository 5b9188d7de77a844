#include "check.h"

#include "event/optin.h"

struct optin_case {
    const char *members; /* of the message, each with a comma before it */
    const char *reason;  /* NULL = in */
    bool note;
};

static void check_optin(const struct optin_case *c)
{
    struct err err = {0};
    struct event event;
    char text[400];

    snprintf(text, sizeof text, "{\"type\":\"identify\",\"messageId\":\"m\"%s}", c->members);
    CHECK_INT(event_read(&event, text, strlen(text), &err), 0);
    struct optin got = optin_read(&event, "Salesforce");
    const char *reason = got.in ? "in" : got.reason;
    const char *want = c->reason != NULL ? c->reason : "in";
    if (strcmp(reason, want) != 0 || (got.note != NULL) != c->note)
        print_error("%s: %s, %s\n", c->members, reason, got.note != NULL ? got.note : "no note");
    CHECK_STR(reason, want);
    CHECK((got.note != NULL) == c->note);
    event_done(&event);
}

static void check_all(const struct optin_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_optin(&cases[i]);
}

#define CHECK_ALL(cases) check_all(cases, sizeof(cases) / sizeof(cases)[0])

TEST(a_message_must_name_the_destination)
{
    static const struct optin_case cases[] = {
        {"", "not_opted_in", false},
        {",\"integrations\":{}", "not_opted_in", false},
        {",\"integrations\":{\"All\":true}", "not_opted_in", true},
        {",\"integrations\":{\"all\":false}", "not_opted_in", false},
        {",\"integrations\":{\"Salesforce (Actions)\":true}", "not_opted_in", false},
        {",\"integrations\":{\"Salesforce\":true}", NULL, false},
        {",\"integrations\":{\"All\":false,\"Salesforce\":true}", NULL, false},
        {",\"integrations\":{\"Sales\\u0066orce\":true}", NULL, false},
    };

    CHECK_ALL(cases);
}

TEST(anything_but_a_plain_no_is_a_yes)
{
    static const struct optin_case cases[] = {
        {",\"integrations\":{\"Salesforce\":{}}", NULL, false},
        {",\"integrations\":{\"Salesforce\":{\"x\":false}}", NULL, false},
        {",\"integrations\":{\"Salesforce\":[]}", NULL, false},
        {",\"integrations\":{\"Salesforce\":1}", NULL, false},
        {",\"integrations\":{\"Salesforce\":\"true\"}", NULL, false},
        {",\"integrations\":{\"Salesforce\":\"falsely\"}", NULL, false},
        {",\"integrations\":{\"Salesforce\":false}", "opted_out", false},
        {",\"integrations\":{\"All\":true,\"Salesforce\":false}", "opted_out", false},
        {",\"integrations\":{\"Salesforce\":null}", "opted_out", true},
        {",\"integrations\":{\"Salesforce\":0}", "opted_out", true},
        {",\"integrations\":{\"Salesforce\":0.0}", "opted_out", true},
        {",\"integrations\":{\"Salesforce\":\"\"}", "opted_out", true},
        {",\"integrations\":{\"Salesforce\":\"false\"}", "opted_out", true},
        {",\"integrations\":{\"Salesforce\":\"False\"}", "opted_out", true},
        {",\"integrations\":{\"Salesforce\":\"f\\u0061lse\"}", "opted_out", true},
    };

    CHECK_ALL(cases);
}

TEST(a_name_in_other_letters_is_told_apart)
{
    static const struct optin_case cases[] = {
        {",\"integrations\":{\"salesforce\":true}", "wrong_case", true},
        {",\"integrations\":{\"SALESFORCE\":{}}", "wrong_case", true},
        {",\"integrations\":{\" Salesforce\":true}", "wrong_case", true},
        {",\"integrations\":{\"All\":true,\"salesforce\":true}", "wrong_case", true},
        {",\"integrations\":{\"salesforce\":false}", "opted_out", true},
        {",\"integrations\":{\"salesforce\":true,\"Salesforce\":true}", NULL, false},
        {",\"integrations\":{\"salesforce\":true,\"Salesforce\":false}", "opted_out", false},
    };

    CHECK_ALL(cases);
}

TEST(the_context_is_asked_when_the_top_level_has_no_integrations)
{
    static const struct optin_case cases[] = {
        {",\"context\":{\"integrations\":{\"Salesforce\":true}}", NULL, false},
        {",\"integrations\":null,\"context\":{\"integrations\":{\"Salesforce\":true}}", NULL,
         false},
        {",\"options\":{\"integrations\":{\"Salesforce\":true}},\"context\":{}", NULL, false},
        {",\"context\":{\"integrations\":{\"salesforce\":true}}", "wrong_case", true},
        {",\"context\":{\"providers\":{\"Salesforce\":true}}", NULL, false},
        {",\"context\":{\"Salesforce\":true}", NULL, false},
        {",\"context\":{\"ip\":\"1.2.3.4\"}", "not_opted_in", false},
        {",\"integrations\":{},\"context\":{\"integrations\":{\"Salesforce\":true}}",
         "not_opted_in", false},
        {",\"integrations\":{\"Salesforce\":false},\"context\":{\"Salesforce\":true}", "opted_out",
         false},
    };

    CHECK_ALL(cases);
}

TEST(a_providers_object_inside_integrations_comes_first)
{
    static const struct optin_case cases[] = {
        {",\"integrations\":{\"providers\":{\"Salesforce\":true}}", NULL, false},
        {",\"integrations\":{\"Salesforce\":true,\"providers\":{\"Salesforce\":false}}",
         "opted_out", false},
        {",\"integrations\":{\"Salesforce\":true,\"providers\":{\"Other\":false}}", NULL, false},
        {",\"integrations\":{\"Salesforce\":true,\"providers\":true}", NULL, false},
    };

    CHECK_ALL(cases);
}

TEST_MAIN(TEST_CASE(a_message_must_name_the_destination),
          TEST_CASE(anything_but_a_plain_no_is_a_yes),
          TEST_CASE(a_name_in_other_letters_is_told_apart),
          TEST_CASE(the_context_is_asked_when_the_top_level_has_no_integrations),
          TEST_CASE(a_providers_object_inside_integrations_comes_first))
