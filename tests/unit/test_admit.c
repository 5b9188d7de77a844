#include "ingest_rig.h"

#include "ingest/admit.h"
#include "ingest/write_key.h"

static struct submission said(const char *body)
{
    return (struct submission){.body = body,
                               .len = strlen(body),
                               .type = EVENT_NONE,
                               .must_be_batch = false,
                               .received_ms = 1795435200000};
}

TEST(each_destination_that_wants_a_message_is_a_target_of_its_own)
{
    static const char three[] =
        "sources:\n"
        "  - {name: shop, write_key: WK, destinations: [Asked, Always, ById]}\n"
        "destinations:\n"
        "  - {name: Asked, account_email: a@example.com, account_password: p}\n"
        "  - {name: Always, account_email: b@example.com, account_password: p,\n"
        "     always_enabled: true}\n"
        "  - {name: ById, account_email: c@example.com, account_password: p,\n"
        "     always_enabled: true, custom_lead_lookup_fields: {customerId: Customer_Id__c}}\n";
    struct settings *settings = read_settings(three);
    const struct submission submission =
        said("{\"writeKey\":\"WK\",\"type\":\"identify\",\"messageId\":\"m\",\"userId\":\"u\","
             "\"timestamp\":\"2026-11-23T10:00:00Z\",\"traits\":{\"email\":\"u@example.com\"}}");
    struct accepted accepted;
    struct refusal refusal;
    const struct store_target *targets;

    CHECK_INT(admit(&submission, settings, &accepted, &refusal), 0);
    CHECK_INT(accepted.event_count, 1);
    CHECK_STR(accepted.events[0].source, "shop");
    CHECK_STR(accepted.events[0].message_id, "m");
    CHECK_STR(accepted.events[0].type, "identify");
    CHECK(accepted.events[0].received_ms == 1795435200000);
    CHECK(accepted.events[0].timestamp_ms == 1795428000000);
    CHECK_INT(accepted.events[0].target_count, 2);
    targets = accepted.events[0].targets;
    CHECK_STR(targets[0].destination, "Always");
    CHECK_STR(targets[0].object, "Lead");
    CHECK(targets[0].key[0] != '\0');
    CHECK(targets[0].dead_code == NULL);
    CHECK_STR(targets[1].destination, "ById");
    CHECK_STR(targets[1].key, "");
    CHECK_STR(targets[1].dead_code, "missing_lookup_value");
    CHECK(strstr(targets[1].dead_message, "Customer_Id__c") != NULL);
    CHECK_INT(accepted.skip_count, 1);
    CHECK_STR(accepted.skips[0].destination, "Asked");
    CHECK_STR(accepted.skips[0].reason, "not_opted_in");
    accepted_done(&accepted);
    settings_unref(settings);
}

TEST(a_key_good_for_nothing_spares_reading_the_body)
{
    struct settings *settings = read_settings(rig_configuration);
    struct submission submission = said("not even JSON");
    struct accepted accepted;
    struct refusal refusal;

    submission.authorization = "Basic Tk9ORTo=";
    CHECK_INT(admit(&submission, settings, &accepted, &refusal), -1);
    CHECK_INT(refusal.status, 401);
    submission.authorization = NULL;
    CHECK_INT(admit(&submission, settings, &accepted, &refusal), -1);
    CHECK_INT(refusal.status, 400);
    settings_unref(settings);
}

TEST(the_user_name_of_basic_is_the_key)
{
    static const struct {
        const char *header, *key;
    } headers[] = {
        {"Basic V0s6", "WK"},
        {"basic   V0s=", "WK"},
        {"BASIC V0s6cGFzcw==", "WK"},
        {"Basic Og==", NULL},
        {"Basic", NULL},
        {"Bearer V0s6", NULL},
        {"Digest username=x", NULL},
        {"", NULL},
    };
    struct refusal refusal;
    char *key;

    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        CHECK_INT(write_key_of_header(headers[i].header, &key, &refusal), 0);
        CHECK((key == NULL) == (headers[i].key == NULL));
        if (key != NULL)
            CHECK_STR(key, headers[i].key);
        mem_free(key);
    }
    CHECK_INT(write_key_of_header("Basic %%%", &key, &refusal), -1);
    CHECK_INT(refusal.status, 401);
}

TEST(out_of_memory_refuses_the_whole_and_leaks_nothing)
{
    struct settings *settings = read_settings(rig_configuration);
    const char *body = "{\"batch\":[" IDENTIFY("a") ",17," IDENTIFY("b") "]}";
    bool admitted = false;

    for (size_t nth = 1; !admitted && nth < 1000; nth++) {
        const struct submission submission = {.authorization = "Basic V0s6",
                                              .body = body,
                                              .len = strlen(body),
                                              .type = EVENT_NONE,
                                              .must_be_batch = true,
                                              .received_ms = 1};
        struct accepted accepted;
        struct refusal refusal;
        mem_fail_at(nth);
        admitted = admit(&submission, settings, &accepted, &refusal) == 0;
        mem_fail_at(0);
        if (admitted) {
            CHECK_INT(accepted.event_count, 2);
            accepted_done(&accepted);
        } else {
            CHECK_INT(refusal.status, 503);
        }
    }
    CHECK(admitted);
    settings_unref(settings);
}

TEST_MAIN(TEST_CASE(each_destination_that_wants_a_message_is_a_target_of_its_own),
          TEST_CASE(a_key_good_for_nothing_spares_reading_the_body),
          TEST_CASE(the_user_name_of_basic_is_the_key),
          TEST_CASE(out_of_memory_refuses_the_whole_and_leaks_nothing))
