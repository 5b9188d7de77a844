#include "check.h"

#include "base/isotime.h"
#include "base/mem.h"
#include "event/event.h"

static int read_text(struct event *event, const char *text, struct err *err)
{
    return event_read(event, text, strlen(text), err);
}

static bool is_raw(const struct event *event, const struct doc_node *node, const char *want)
{
    size_t len;
    const char *raw;

    if (node == NULL)
        return want == NULL;
    raw = doc_raw(&event->doc, node, &len);
    return want != NULL && len == strlen(want) && memcmp(raw, want, len) == 0;
}

TEST(a_message_is_read_whole)
{
    struct err err = {0};
    struct event event;

    CHECK_INT(read_text(&event,
                        "{\"type\":\"group\",\"messageId\":\"m1\",\"userId\":\"u\\u00e9\","
                        "\"anonymousId\":\"a1\",\"groupId\":813,\"traits\":{\"name\":\"Initech\"},"
                        "\"context\":{\"ip\":\"::1\"},\"integrations\":{\"Salesforce\":true},"
                        "\"timestamp\":\"2026-11-23T10:00:00.000Z\","
                        "\"sentAt\":\"2026-11-23T10:00:01Z\","
                        "\"receivedAt\":\"2026-11-23T12:00:01Z\"}",
                        &err),
              0);
    CHECK_INT(event.type, EVENT_GROUP);
    CHECK_STR(event.message_id, "m1");
    CHECK_STR(event.user_id, "u\xC3\xA9");
    CHECK_STR(event.anonymous_id, "a1");
    CHECK_STR(event.group_id, "813");
    CHECK(is_raw(&event, event.traits, "{\"name\":\"Initech\"}"));
    CHECK(is_raw(&event, event.context, "{\"ip\":\"::1\"}"));
    CHECK(is_raw(&event, event.integrations, "{\"Salesforce\":true}"));
    CHECK_INT(event.received_ms - event.timestamp_ms, 1000);
    event_done(&event);
}

TEST(what_is_no_message_is_refused_with_a_reason)
{
    static const struct {
        const char *text, *reason;
    } bad[] = {
        {"{", "read the event: the name of a member is missing at byte 1"},
        {"[]", "an event must be a JSON object"},
        {"{\"messageId\":\"m\"}", "the event's type is missing or not known"},
        {"{\"type\":\"Identify\",\"messageId\":\"m\"}", "the event's type is missing or not known"},
        {"{\"type\":\"i\",\"messageId\":\"m\"}", "the event's type is missing or not known"},
        {"{\"type\":\"page\",\"type\":null,\"messageId\":\"m\"}",
         "the event's type is missing or not known"},
        {"{\"type\":\"page\"}", "the event has no messageId"},
        {"{\"type\":\"page\",\"messageId\":null}", "the event has no messageId"},
        {"{\"type\":\"page\",\"messageId\":\"\"}", "the event has no messageId"},
        {"{\"type\":\"page\",\"messageId\":\"\\u0000\"}", "the event has no messageId"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err err = {0};
        struct event event;
        CHECK_INT(read_text(&event, bad[i].text, &err), -1);
        CHECK_INT(err.kind, ERR_INVALID);
        CHECK_STR(err.text, bad[i].reason);
    }
}

TEST(of_a_member_that_stands_twice_the_last_counts)
{
    struct err err = {0};
    struct event event;

    CHECK_INT(read_text(&event,
                        "{\"typ\\u0065\":\"track\",\"type\":\"page\",\"messageId\":\"a\","
                        "\"messageId\":\"b\",\"traits\":{},\"traits\":{\"x\":1}}",
                        &err),
              0);
    CHECK_INT(event.type, EVENT_PAGE);
    CHECK_STR(event.message_id, "b");
    CHECK(is_raw(&event, event.traits, "{\"x\":1}"));
    event_done(&event);
}

TEST(an_id_is_text_or_a_number_that_is_not_zero)
{
    static const struct {
        const char *json, *id; /* NULL = none */
    } cases[] = {
        {"\"u1\"", "u1"},
        {"12", "12"},
        {"123456789012345678901", "123456789012345678901"},
        {"-1.50", "-1.50"},
        {"0", NULL},
        {"0.0", NULL},
        {"\"\"", NULL},
        {"null", NULL},
        {"true", NULL},
        {"{}", NULL},
        {"[1]", NULL},
        {"\"0\"", "0"},
        {"\" \"", " "},
        {"\"a\\u0000b\"", "ab"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        struct event event;
        char text[200];
        snprintf(text, sizeof text, "{\"type\":\"page\",\"messageId\":1,\"userId\":%s}",
                 cases[i].json);
        CHECK_INT(read_text(&event, text, &err), 0);
        CHECK_STR(event.message_id, "1");
        CHECK((event.user_id == NULL) == (cases[i].id == NULL));
        if (cases[i].id != NULL)
            CHECK_STR(event.user_id, cases[i].id);
        CHECK(event.anonymous_id == NULL && event.group_id == NULL);
        event_done(&event);
    }
}

TEST(the_time_is_put_on_the_servers_clock)
{
#define RECEIVED "\"receivedAt\":\"2026-11-23T12:00:00.000Z\""
    static const struct {
        const char *members, *timestamp;
    } cases[] = {
        /* the client's clock is an hour and two seconds behind, the event 3 s old */
        {RECEIVED ",\"sentAt\":\"2026-11-23T10:59:58Z\",\"timestamp\":\"2026-11-23T10:59:55Z\"",
         "2026-11-23T11:59:57.000Z"},
        /* ahead */
        {RECEIVED ",\"sentAt\":\"2027-11-23T10:59:58Z\",\"timestamp\":\"2027-11-23T10:59:55Z\"",
         "2026-11-23T11:59:57.000Z"},
        {RECEIVED ",\"sentAt\":\"2026-11-23T10:59:58Z\","
                  "\"originalTimestamp\":\"2026-11-23T10:59:55Z\"",
         "2026-11-23T11:59:57.000Z"},
        {RECEIVED ",\"originalTimestamp\":\"2020-01-01T00:00:00Z\","
                  "\"timestamp\":\"2021-01-01T00:00:00Z\"",
         "2021-01-01T00:00:00.000Z"},
        {RECEIVED ",\"timestamp\":\"never\",\"originalTimestamp\":\"2020-01-01T00:00:00Z\"",
         "2020-01-01T00:00:00.000Z"},
        /* nothing, or nothing readable, about the original: received */
        {RECEIVED, "2026-11-23T12:00:00.000Z"},
        {RECEIVED ",\"sentAt\":\"2026-11-23T10:59:58Z\"", "2026-11-23T12:00:00.000Z"},
        {RECEIVED ",\"timestamp\":null", "2026-11-23T12:00:00.000Z"},
        {RECEIVED ",\"timestamp\":{},\"sentAt\":[]", "2026-11-23T12:00:00.000Z"},
        /* never later than received */
        {RECEIVED ",\"timestamp\":\"2030-01-01T00:00:00Z\"", "2026-11-23T12:00:00.000Z"},
        {RECEIVED ",\"sentAt\":\"2026-11-23T10:00:00Z\",\"timestamp\":\"2026-11-23T10:00:01Z\"",
         "2026-11-23T12:00:00.000Z"},
        /* as the SDKs write them */
        {RECEIVED ",\"timestamp\":\"2026-11-23T10:15:27.306822711Z\"", "2026-11-23T10:15:27.306Z"},
        {RECEIVED ",\"timestamp\":\"2026-11-23T11:15:27\\u002B01:00\"", "2026-11-23T10:15:27.000Z"},
        {RECEIVED ",\"timestamp\":\"2010-06-01\"", "2010-06-01T00:00:00.000Z"},
        {RECEIVED ",\"timestamp\":1495209600", "2017-05-19T16:00:00.000Z"},
        {RECEIVED ",\"timestamp\":1495209600123", "2017-05-19T16:00:00.123Z"},
        {RECEIVED ",\"timestamp\":\"1495209600123\"", "2017-05-19T16:00:00.123Z"},
        {RECEIVED ",\"timestamp\":1e9", "2026-11-23T12:00:00.000Z"},
        {RECEIVED ",\"timestamp\":-5", "2026-11-23T12:00:00.000Z"},
        {RECEIVED ",\"timestamp\":\"\"", "2026-11-23T12:00:00.000Z"},
        /* without receivedAt, as in a file: as it stands */
        {"\"timestamp\":\"2026-11-23T10:00:00Z\",\"sentAt\":\"2026-11-23T11:00:00Z\"",
         "2026-11-23T10:00:00.000Z"},
        {"\"userId\":1", "1970-01-01T00:00:00.000Z"},
    };
#undef RECEIVED

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        struct event event;
        char text[400], timestamp[ISOTIME_MAX];
        snprintf(text, sizeof text, "{\"type\":\"page\",\"messageId\":\"m\",%s}", cases[i].members);
        CHECK_INT(read_text(&event, text, &err), 0);
        isotime_format(event.timestamp_ms, timestamp);
        CHECK_STR(timestamp, cases[i].timestamp);
        CHECK(event.timestamp_ms <= event.received_ms);
        event_done(&event);
    }
}

TEST(traits_are_found_where_sdks_put_them)
{
    static const struct {
        const char *type, *members, *traits; /* NULL = none */
    } cases[] = {
        {"identify", "\"traits\":{\"a\":1}", "{\"a\":1}"},
        {"identify", "\"traits\":{\"a\":1},\"context\":{\"traits\":{\"b\":2}}", "{\"a\":1}"},
        {"identify", "\"context\":{\"traits\":{\"b\":2}}", "{\"b\":2}"},
        {"identify", "\"traits\":{},\"context\":{\"traits\":{\"b\":2}}", "{\"b\":2}"},
        {"identify", "\"traits\":null,\"context\":{\"traits\":{\"b\":2}}", "{\"b\":2}"},
        {"identify", "\"traits\":{},\"context\":{\"traits\":[1]}", "{}"},
        {"identify", "\"traits\":{}", "{}"},
        {"identify", "\"traits\":[1]", NULL},
        {"identify", "\"properties\":{\"c\":3}", NULL},
        {"identify", "\"options\":{\"traits\":{\"d\":4}},\"context\":{\"traits\":{\"b\":2}}",
         "{\"d\":4}"},
        {"identify", "\"options\":null,\"context\":{\"traits\":{\"b\":2}}", "{\"b\":2}"},
        {"group", "\"properties\":{\"c\":3}", "{\"c\":3}"},
        {"group", "\"traits\":{},\"properties\":{\"c\":3}", "{\"c\":3}"},
        {"group", "\"traits\":{\"a\":1},\"properties\":{\"c\":3}", "{\"a\":1}"},
        {"group", "\"context\":{\"traits\":{\"b\":2}}", NULL},
        {"track", "\"context\":{\"traits\":{\"b\":2}}", NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        struct event event;
        char text[300];
        snprintf(text, sizeof text, "{\"type\":\"%s\",\"messageId\":\"m\",%s}", cases[i].type,
                 cases[i].members);
        CHECK_INT(read_text(&event, text, &err), 0);
        if (!is_raw(&event, event.traits, cases[i].traits))
            print_error("%s\n", text);
        CHECK(is_raw(&event, event.traits, cases[i].traits));
        event_done(&event);
    }
}

TEST(types_have_names)
{
    static const char *const names[] = {"identify", "group", "track", "page", "screen", "alias"};

    for (unsigned i = 0; i < EVENT_TYPES; i++)
        CHECK_STR(event_type_name((enum event_type)i), names[i]);
    CHECK_STR(event_type_name(EVENT_NONE), "none");
}

TEST(running_out_of_memory_is_an_error_and_loses_nothing)
{
    for (size_t nth = 1;; nth++) {
        struct err err = {0};
        struct event event;
        mem_fail_at(nth);
        int rc = read_text(&event,
                           "{\"type\":\"group\",\"messageId\":\"m\",\"userId\":\"u\","
                           "\"anonymousId\":\"a\",\"groupId\":\"g\",\"a\":[1,2,3,4,5,6,7,8,9,0]}",
                           &err);
        mem_fail_at(0);
        if (rc == 0) {
            event_done(&event);
            break;
        }
        CHECK_INT(err.kind, ERR_MEMORY);
    }
}

TEST_MAIN(TEST_CASE(a_message_is_read_whole),
          TEST_CASE(what_is_no_message_is_refused_with_a_reason),
          TEST_CASE(of_a_member_that_stands_twice_the_last_counts),
          TEST_CASE(an_id_is_text_or_a_number_that_is_not_zero),
          TEST_CASE(the_time_is_put_on_the_servers_clock),
          TEST_CASE(traits_are_found_where_sdks_put_them), TEST_CASE(types_have_names),
          TEST_CASE(running_out_of_memory_is_an_error_and_loses_nothing))
