#include "check.h"

#include <ctype.h>

#include "base/mem.h"
#include "mapping/mapping.h"

static struct settings *settings_with(const char *members)
{
    struct err err = {0};
    char *yaml = mem_format("sources: [{name: web, write_key: k, destinations: [Salesforce]}]\n"
                            "destinations:\n"
                            "  - {name: Salesforce, account_email: a@b.example, "
                            "account_password: p, security_token: t%s%s}\n",
                            members[0] == '\0' ? "" : ", ", members);
    struct settings *settings = settings_parse(yaml, strlen(yaml), "test", "/tmp", &err);

    if (settings == NULL)
        fail_msg("%s", err.text);
    mem_free(yaml);
    return settings;
}

static struct mapping_route route(const char *message, const char *members)
{
    struct err err = {0};
    struct settings *settings = settings_with(members);
    struct mapping_route ret;
    struct event event;

    CHECK_INT(event_read(&event, message, strlen(message), &err), 0);
    CHECK_INT(mapping_route(&event, &settings->destinations[0], &ret, &err), 0);
    event_done(&event);
    settings_unref(settings);
    return ret;
}

/* The key that mapping_map gives, to be mem_freed; NULL when it writes nothing. */
static char *map_key(const char *message, const char *members)
{
    struct err err = {0};
    struct settings *settings = settings_with(members);
    struct schema *schema = schema_standard(&err);
    struct mapping_result result;
    struct event event;
    char *key;

    CHECK_INT(event_read(&event, message, strlen(message), &err), 0);
    CHECK_INT(mapping_map(&event, &settings->destinations[0], schema, true, &result, &err), 0);
    key = result.key == NULL ? NULL : mem_text(result.key);
    mapping_result_done(&result);
    event_done(&event);
    schema_unref(schema);
    settings_unref(settings);
    return key;
}

#define IDENTIFY(user, traits)                                                                     \
    "{\"type\":\"identify\",\"messageId\":\"m\",\"userId\":\"" user                                \
    "\",\"integrations\":{\"Salesforce\":true},\"traits\":" traits "}"
#define GROUP(group)                                                                               \
    "{\"type\":\"group\",\"messageId\":\"m\",\"userId\":\"u\",\"groupId\":" group                  \
    ",\"integrations\":{\"Salesforce\":true}}"

static void check_outcome(const char *message, const char *members, enum mapping_outcome outcome,
                          const char *object, const char *reason)
{
    struct mapping_route got = route(message, members);

    CHECK_INT(got.outcome, outcome);
    CHECK((got.key != NULL) == (outcome == MAPPING_WRITE));
    if (object == NULL)
        CHECK(got.object == NULL);
    else
        CHECK_STR(got.object, object);
    if (reason != NULL)
        CHECK_STR(got.reason, reason);
    if (outcome == MAPPING_REJECT)
        CHECK(got.detail != NULL);
    mapping_route_done(&got);
}

TEST(the_way_in_says_who_or_why_not)
{
    check_outcome(IDENTIFY("u", "{\"email\":\"a@b.c\"}"), "", MAPPING_WRITE, "Lead", NULL);
    check_outcome(GROUP("\"813\""), "", MAPPING_WRITE, "Account", NULL);
    check_outcome(GROUP("813"), "version: 1", MAPPING_SKIP, NULL, "needs_version_2");
    check_outcome(GROUP("null"), "", MAPPING_REJECT, "Account", "missing_lookup_value");
    check_outcome(IDENTIFY("u", "{}"), "", MAPPING_REJECT, "Lead", "missing_lookup_value");
    check_outcome("{\"type\":\"identify\",\"messageId\":\"m\",\"userId\":\"u\"}", "", MAPPING_SKIP,
                  NULL, "not_opted_in");
    check_outcome("{\"type\":\"identify\",\"messageId\":\"m\",\"userId\":\"u@b.c\"}",
                  "always_enabled: true", MAPPING_WRITE, "Lead", NULL);
    check_outcome("{\"type\":\"page\",\"messageId\":\"m\",\"userId\":\"u\"}",
                  "always_enabled: true", MAPPING_SKIP, NULL, "type_not_used");
    check_outcome("{\"type\":\"identify\",\"messageId\":\"m\",\"userId\":\"u\","
                  "\"integrations\":{\"SALESFORCE\":true}}",
                  "", MAPPING_SKIP, NULL, "wrong_case");
    check_outcome("{\"type\":\"identify\",\"messageId\":\"m\",\"userId\":\"u\","
                  "\"integrations\":{\"Salesforce\":false}}",
                  "", MAPPING_SKIP, NULL, "opted_out");
}

TEST(a_look_up_value_that_no_query_can_hold_is_refused)
{
    char *user = mem_alloc(4002);
    char *message;

    memset(user, 'x', 4001);
    user[4001] = '\0';
    message = mem_format("{\"type\":\"identify\",\"messageId\":\"m\",\"userId\":\"%s\","
                         "\"integrations\":{\"Salesforce\":true}}",
                         user);
    check_outcome(message, "custom_lead_lookup_fields: {userId: Id__c}", MAPPING_REJECT, "Lead",
                  "lookup_value_too_long");
    mem_free(message);
    user[4000] = '\0';
    message = mem_format("{\"type\":\"identify\",\"messageId\":\"m\",\"userId\":\"%s\","
                         "\"integrations\":{\"Salesforce\":true}}",
                         user);
    check_outcome(message, "custom_lead_lookup_fields: {userId: Id__c}", MAPPING_WRITE, "Lead",
                  NULL);
    mem_free(message);
    mem_free(user);
}

static void check_same(const char *a, const char *b, const char *members, bool same)
{
    struct mapping_route first = route(a, members), second = route(b, members);

    CHECK(first.key != NULL && second.key != NULL);
    CHECK_INT(strcmp(first.key, second.key) == 0, same);
    mapping_route_done(&first);
    mapping_route_done(&second);
}

TEST(the_same_person_has_the_same_key)
{
    const char *plain = IDENTIFY("u", "{\"email\":\"mary@b.example\"}");

    check_same(plain, IDENTIFY("v", "{\"title\":1,\"E_mail\":\" MARY@B.Example \"}"), "", true);
    check_same(plain, IDENTIFY("Mary@b.example", "{}"), "", true);
    check_same(plain, IDENTIFY("u", "{\"email\":\"\\u0000mary@b.example\"}"), "", true);
    check_same(plain, IDENTIFY("u", "{\"email\":\"mary@b.example.org\"}"), "", false);
    check_same(IDENTIFY("u", "{\"email\":\"\xC3\x89@b.c\"}"),
               IDENTIFY("u", "{\"email\":\"\xC3\xA9@b.c\"}"), "", true);
    check_same(GROUP("813"), GROUP("\"813\""), "", true);
    check_same(GROUP("813"), GROUP("\"814\""), "", false);
}

TEST(values_that_run_into_each_other_make_other_keys)
{
    const char *two = "custom_lead_lookup_fields: {a: A__c, b: B__c}";

    check_same(IDENTIFY("u", "{\"a\":\"x\",\"b\":\"yz\"}"),
               IDENTIFY("u", "{\"a\":\"xy\",\"b\":\"z\"}"), two, false);
    check_same(IDENTIFY("u", "{\"a\":\"x 4:b__c 1:y\",\"b\":\"z\"}"),
               IDENTIFY("u", "{\"a\":\"x\",\"b\":\"y 4:b__c 1:z\"}"), two, false);
    check_same(IDENTIFY("u", "{\"a\":\"x\",\"b\":\"y\"}"),
               IDENTIFY("u", "{\"b\":\"Y\",\"a\":\"X\"}"), two, true);
}

TEST(the_way_in_and_delivery_agree_on_the_key)
{
    static const char *const messages[] = {
        IDENTIFY("u", "{\"email\":\" Mary@B.example\\n\"}"),
        IDENTIFY("Mary@b.example", "{\"email\":null}"),
        GROUP("813"),
        GROUP("\" A\\tb \""),
    };
    const char *by_two = "custom_lead_lookup_fields: {email: email, userId: Ext_Id__c}";

    for (size_t i = 0; i < 4; i++) {
        for (int k = 0; k < 2; k++) {
            struct mapping_route way_in = route(messages[i], k == 0 ? "" : by_two);
            char *key = map_key(messages[i], k == 0 ? "" : by_two);
            CHECK(key != NULL);
            CHECK_STR(way_in.key, key);
            for (const char *p = key; *p != '\0'; p++)
                CHECK(isprint((unsigned char)*p)); /* fit for a column and a log */
            mem_free(key);
            mapping_route_done(&way_in);
        }
    }
}

TEST(a_field_that_tells_cases_apart_makes_keys_that_do)
{
    char text_a[] = "A", text_b[] = "a", name[] = "Ext_Id__c";
    struct mapping_lookup a = {name, {VALUE_TEXT, text_a}, FIELD_STRING, false};
    struct mapping_lookup b = {name, {VALUE_TEXT, text_b}, FIELD_STRING, false};
    char *first = mapping_key("Lead", &a, 1), *second = mapping_key("Lead", &b, 1);

    CHECK_STR(first, second);
    mem_free(first);
    mem_free(second);
    a.case_sensitive = b.case_sensitive = true;
    first = mapping_key("Lead", &a, 1);
    second = mapping_key("Lead", &b, 1);
    CHECK(strcmp(first, second) != 0);
    mem_free(first);
    mem_free(second);
}

TEST(running_out_of_memory_on_the_way_in_leaves_nothing_behind)
{
    struct settings *settings = settings_with("");
    const char *message = IDENTIFY("u", "{\"email\":\"a@b.c\"}");
    struct mapping_route ret;
    struct event event;
    struct err err = {0};
    int rc = -1;

    CHECK_INT(event_read(&event, message, strlen(message), &err), 0);
    for (size_t nth = 1; rc < 0 && nth < 1000; nth++) {
        mem_fail_at(nth);
        rc = mapping_route(&event, &settings->destinations[0], &ret, &err);
        mem_fail_at(0);
        if (rc < 0)
            CHECK_INT(err.kind, ERR_MEMORY);
    }
    CHECK_INT(rc, 0);
    CHECK_STR(ret.object, "Lead");
    mapping_route_done(&ret);
    event_done(&event);
    settings_unref(settings);
}

TEST_MAIN(TEST_CASE(the_way_in_says_who_or_why_not),
          TEST_CASE(a_look_up_value_that_no_query_can_hold_is_refused),
          TEST_CASE(the_same_person_has_the_same_key),
          TEST_CASE(values_that_run_into_each_other_make_other_keys),
          TEST_CASE(the_way_in_and_delivery_agree_on_the_key),
          TEST_CASE(a_field_that_tells_cases_apart_makes_keys_that_do),
          TEST_CASE(running_out_of_memory_on_the_way_in_leaves_nothing_behind))
