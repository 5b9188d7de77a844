/* What a trace says of an event that waits: why, what to do, and the next attempt, whatever the
   state of its destination. */
#include "check.h"

#include <jansson.h>

#include "admin/views.h"
#include "base/clock.h"
#include "delivery/delivery.h"

#define NOW INT64_C(1795428468000) /* 2026-11-23T10:07:48Z */

/* A NULL code: the event has met nothing yet.  Seconds are from now; 0: none. */
static const struct {
    const char *what;
    enum delivery_state state;
    const char *its_code, *own_code;
    int its_seconds, own_seconds;
    const char *code;
    int seconds;
} cases[] = {
    {"in hand of one that runs", DELIVERY_RUNNING, "", NULL, 0, 0, NULL, 0},
    {"put off by one that runs", DELIVERY_RUNNING, "", "UNABLE_TO_LOCK_ROW", 0, 9,
     "UNABLE_TO_LOCK_ROW", 9},
    {"in hand though once put off", DELIVERY_RUNNING, "", "UNABLE_TO_LOCK_ROW", 0, -9,
     "UNABLE_TO_LOCK_ROW", 0},
    {"held before its first attempt", DELIVERY_HOLDING, "REQUEST_LIMIT_EXCEEDED", NULL, 900, 0,
     "REQUEST_LIMIT_EXCEEDED", 900},
    {"put off for less than the hold", DELIVERY_HOLDING, "SERVER_UNAVAILABLE", "UNABLE_TO_LOCK_ROW",
     60, 9, "UNABLE_TO_LOCK_ROW", 60},
    {"put off for longer than the hold", DELIVERY_HOLDING, "SERVER_UNAVAILABLE",
     "UNABLE_TO_LOCK_ROW", 60, 90, "UNABLE_TO_LOCK_ROW", 90},
    {"before the first sign-in", DELIVERY_STARTING, "", NULL, 0, 0, "STARTING", 0},
    {"put off before a restart", DELIVERY_STARTING, "", "OUTCOME_UNKNOWN", 0, 5, "OUTCOME_UNKNOWN",
     5},
    {"stopped", DELIVERY_STOPPED, "INVALID_LOGIN", "UNABLE_TO_LOCK_ROW", 0, 9, "INVALID_LOGIN", 0},
    {"paused", DELIVERY_PAUSED, "PAUSED", "UNABLE_TO_LOCK_ROW", 0, 9, "PAUSED", 0},
};

static char *own_text(const char *text)
{
    return (char *)(uintptr_t)text;
}

static void check_text(const char *what, const json_t *shown, const char *member,
                       const char *wanted)
{
    const char *text = json_string_value(json_object_get(shown, member));

    if ((text == NULL) != (wanted == NULL) || (text != NULL && strcmp(text, wanted) != 0))
        fail_msg("%s: %s is %s", what, member, text != NULL ? text : "null");
}

static void check_case(size_t i)
{
    struct delivery_status place = {.destination = own_text("Salesforce"),
                                    .state = cases[i].state,
                                    .advice = cases[i].its_code[0] != '\0' ? "its advice" : ""};
    struct store_receipt receipt = {.seq = 1,
                                    .source = own_text("website"),
                                    .message_id = own_text("m1"),
                                    .destination = own_text("Salesforce"),
                                    .state = STORE_WAITING,
                                    .code = own_text(cases[i].own_code),
                                    .advice = own_text(cases[i].own_code ? "own advice" : NULL)};
    json_t *shown, *wanted;

    snprintf(place.code, sizeof place.code, "%s", cases[i].its_code);
    if (cases[i].its_seconds != 0)
        place.until_ms = NOW + cases[i].its_seconds * 1000;
    if (cases[i].own_seconds != 0)
        receipt.next_attempt_ms = NOW + cases[i].own_seconds * 1000;
    shown = view_receipt_at(&receipt, &place);
    check_text(cases[i].what, shown, "code", cases[i].code);
    if (cases[i].code != NULL && json_string_length(json_object_get(shown, "advice")) == 0)
        fail_msg("%s: no advice", cases[i].what);
    wanted = view_time(cases[i].seconds != 0 ? NOW + cases[i].seconds * 1000 : 0);
    check_text(cases[i].what, shown, "next_attempt", json_string_value(wanted));
    json_decref(wanted);
    json_decref(shown);
}

TEST(what_waits_says_why_and_until_when_in_every_state_of_its_destination)
{
    clock_freeze(NOW);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_case(i);
    clock_thaw();
}

TEST(what_waits_for_a_destination_that_is_not_there_says_so)
{
    struct store_receipt receipt = {.seq = 1, .state = STORE_WAITING, .next_attempt_ms = NOW};
    json_t *shown = view_receipt_at(&receipt, NULL);

    check_text("gone", shown, "code", "DISABLED");
    check_text("gone", shown, "next_attempt", NULL);
    json_decref(shown);
}

TEST_MAIN(TEST_CASE(what_waits_says_why_and_until_when_in_every_state_of_its_destination),
          TEST_CASE(what_waits_for_a_destination_that_is_not_there_says_so))
