/* What events are mapped with is true when they are mapped, whatever the org's administrator
   does meanwhile; and what it is known from the start whether the org can be reached. */
#include "delivery_rig.h"

#define MINUTE (INT64_C(60) * 1000)
#define MANY   305 /* calls are full but for the last */
#define TURN   20  /* ms that the frozen clock moves for each that passes */

/* Waits until so many have ended while the frozen clock moves, slowly enough for every wait. */
static struct store_counters turn_until_ended(struct rig *rig, int64_t ended)
{
    int64_t patience = 4 * PATIENCE_MS / TURN;

    for (;;) {
        struct store_counters t = counters_of(rig);
        if (t.accepted - t.by_state[STORE_WAITING] >= ended)
            return t;
        if (patience-- == 0)
            fail_msg("only %d of %d ended", (int)(t.accepted - t.by_state[STORE_WAITING]),
                     (int)ended);
        clock_advance(TURN);
        usleep(1000);
    }
}

static void await_calls(enum scripted_step step, int calls)
{
    int64_t patience = PATIENCE_MS;

    for (; scripted()->calls[step] < calls; usleep(1000))
        if (patience-- == 0)
            fail_msg("only %d of %d calls of step %d", scripted()->calls[step], calls, step);
}

/* A call that was made is not an answer that was read. */
static void await_described(struct rig *rig)
{
    int64_t patience = PATIENCE_MS;

    for (; status_of(rig).described_ms == 0; usleep(1000))
        if (patience-- == 0)
            fail_msg("no describe came in");
}

static void identify_many(struct rig *rig, const char *prefix, int count)
{
    for (int i = 0; i < count; i++) {
        char *traits = mem_format("\"email\":\"%s%d@x.io\",\"title\":\"VP\",\"shoeSize\":\"%d\"",
                                  prefix, i, i);
        identify(rig, traits);
        mem_free(traits);
    }
}

static void check_shoe_sizes(const char *prefix, int count)
{
    for (int i = 0; i < count; i++) {
        char email[40], size[12];
        snprintf(email, sizeof email, "%s%d@x.io", prefix, i);
        snprintf(size, sizeof size, "%d", i);
        CHECK_STR(lead(email, "Shoe_Size__c"), size);
    }
}

/* ---- a field that is new ---- */

TEST(after_an_idle_time_events_wait_for_the_new_describe)
{
    struct rig rig;

    clock_freeze(clock_wall());
    rig_open(&rig, "");
    rig_deliver(&rig);
    identify_many(&rig, "early", 1);
    turn_until_ended(&rig, 1);
    scripted()->new_field = "Shoe_Size__c";
    clock_advance(31 * MINUTE);
    identify_many(&rig, "p", MANY);
    turn_until_ended(&rig, 1 + MANY);
    check_shoe_sizes("p", MANY);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 2);
    rig_close(&rig);
    clock_thaw();
}

TEST(after_a_restart_with_an_old_describe_events_wait_for_the_new_one)
{
    struct rig rig;

    clock_freeze(clock_wall());
    rig_open(&rig, "");
    rig_deliver(&rig);
    identify_many(&rig, "early", 1);
    turn_until_ended(&rig, 1);
    rig_stop_delivery(&rig);
    scripted()->new_field = "Shoe_Size__c";
    identify_many(&rig, "p", MANY);
    clock_advance(31 * MINUTE);
    rig_deliver(&rig);
    turn_until_ended(&rig, 1 + MANY);
    check_shoe_sizes("p", MANY);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 2);
    rig_close(&rig);
    clock_thaw();
}

TEST(a_describe_kept_by_a_clock_that_was_ahead_is_not_trusted)
{
    struct rig rig;

    clock_freeze(clock_wall());
    rig_open(&rig, "");
    rig_deliver(&rig);
    await_described(&rig);
    rig_stop_delivery(&rig);
    scripted()->new_field = "Shoe_Size__c";
    clock_step_wall(-24 * 60 * MINUTE);
    clock_restart();
    rig_deliver(&rig);
    identify_many(&rig, "p", 3);
    turn_until_ended(&rig, 3);
    check_shoe_sizes("p", 3);
    rig_close(&rig);
    clock_thaw();
}

TEST(an_org_that_does_not_answer_the_describe_holds_what_would_be_mapped_with_the_old_one)
{
    struct rig rig;

    clock_freeze(clock_wall());
    rig_open(&rig, "");
    rig_deliver(&rig);
    identify_many(&rig, "early", 1);
    turn_until_ended(&rig, 1);
    scripted()->new_field = "Shoe_Size__c";
    scripted()->faults[STEP_DESCRIBE] =
        (struct scripted_fault){4, ORG_RETRY, "HTTP_503", false, false};
    clock_advance(31 * MINUTE);
    identify_many(&rig, "p", 20);
    turn_until_ended(&rig, 21);
    check_shoe_sizes("p", 20);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 6);
    rig_close(&rig);
    clock_thaw();
}

TEST(with_steady_work_the_describe_is_renewed_ahead_and_nobody_waits_for_it)
{
    struct rig rig;

    clock_freeze(clock_wall());
    rig_open(&rig, "");
    rig_deliver(&rig);
    identify_many(&rig, "early", 1);
    turn_until_ended(&rig, 1);
    atomic_store(&scripted()->holds_describes, true);
    clock_advance(25 * MINUTE);
    identify_many(&rig, "p", 20); /* delivered although the describe does not come */
    turn_until_ended(&rig, 21);
    await_calls(STEP_DESCRIBE, 2);
    clock_advance(5 * MINUTE); /* now it is too old */
    scripted()->new_field = "Shoe_Size__c";
    int creates = scripted()->calls[STEP_CREATE];
    identify_many(&rig, "q", 20);
    for (int i = 0; i < 50; i++, usleep(1000))
        clock_advance(TURN);
    CHECK_INT(scripted()->calls[STEP_CREATE], creates);
    atomic_store(&scripted()->holds_describes, false);
    turn_until_ended(&rig, 41);
    check_shoe_sizes("q", 20);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 2);
    rig_close(&rig);
    clock_thaw();
}

/* Read and mapped with the old schema, and not sent when the new one comes. */
TEST(events_that_still_accumulate_when_a_describe_comes_are_mapped_with_it)
{
    struct rig rig;

    clock_freeze(clock_wall());
    rig_open(&rig, "    linger: 1m\n");
    rig_deliver(&rig);
    await_described(&rig);
    scripted()->new_field = "Shoe_Size__c";
    clock_advance(24 * MINUTE - MINUTE / 2);
    identify_many(&rig, "p", 20);
    for (int i = 0; i < PATIENCE_MS && status_of(&rig).in_hand < 20; i++)
        usleep(1000);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 1);
    clock_advance(MINUTE / 2 + 1); /* ahead of need, while they linger */
    await_calls(STEP_DESCRIBE, 2);
    turn_until_ended(&rig, 20);
    check_shoe_sizes("p", 20);
    rig_close(&rig);
    clock_thaw();
}

/* ---- a field or an object that is gone ---- */

TEST(a_field_deleted_in_mid_run_costs_one_describe_and_one_repeat_of_what_was_in_flight)
{
    struct rig rig;

    rig_open(&rig, "    batch_size: 10\n    max_concurrent_calls: 3\n");
    scripted()->new_field = "Shoe_Size__c";
    rig_deliver(&rig);
    await_delivery_state(&rig, DELIVERY_RUNNING);
    rig_stop_delivery(&rig);
    scripted()->new_field = NULL;
    scripted()->gone_fields[0] = "Shoe_Size__c";
    identify_many(&rig, "p", MANY); /* so that calls are full */
    rig_deliver(&rig);
    struct store_counters t = await_ended(&rig, MANY);
    CHECK_INT(t.by_state[STORE_DEAD], 0);
    CHECK_INT(scripted_count("Lead", "Title", "VP"), MANY);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 2);
    CHECK(scripted()->calls[STEP_CREATE] <= MANY / 10 + 1 + 3);
    check_note(&rig, "m7", "unknown_field");
    scripted()->gone_fields[1] = "Title"; /* and later a second one, of the same people */
    identify_many(&rig, "p", MANY);
    identify_many(&rig, "q", MANY);
    t = await_ended(&rig, 3 * MANY);
    CHECK_INT(t.by_state[STORE_DEAD], 0);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 2 * MANY);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 3);
    rig_close(&rig);
}

/* Told by the record and not by the call: it may be hidden from this user, or locked. */
TEST(a_field_locked_in_mid_run_costs_one_describe_a_minute_and_its_values)
{
    struct rig rig;
    char message_id[16];

    clock_freeze(clock_wall());
    rig_open(&rig, "    linger: 0s\n");
    scripted()->refusals[0] = (struct scripted_refusal){
        99, "Fax", "1", ORG_RECORD_DROP_FIELD, "INVALID_FIELD_FOR_INSERT_UPDATE", "Fax", NULL};
    rig_deliver(&rig);
    identify_many(&rig, "p", 1);
    turn_until_ended(&rig, 1);
    for (int minute = 1; minute <= 2; minute++) {
        clock_advance(MINUTE);
        for (int i = 0; i < 3; i++) {
            char *traits =
                mem_format("\"email\":\"p%d%d@x.io\",\"fax\":\"1\",\"city\":\"Rome\"", minute, i);
            identify(&rig, traits);
            mem_free(traits);
            turn_until_ended(&rig, rig.sent);
            snprintf(message_id, sizeof message_id, "m%d", rig.sent);
            check_note(&rig, message_id, "refused_field");
        }
        await_calls(STEP_DESCRIBE, 1 + minute);
        CHECK_INT(scripted()->calls[STEP_DESCRIBE], 1 + minute);
    }
    CHECK_INT(scripted_count("Lead", "City", "Rome"), 6);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 7);
    rig_close(&rig);
    clock_thaw();
}

TEST(a_look_up_field_that_is_gone_costs_no_search_for_a_record_at_fault)
{
    struct rig rig;

    rig_open(&rig, "    custom_lead_lookup_fields: {phone: Phone}\n");
    rig_deliver(&rig);
    await_delivery_state(&rig, DELIVERY_RUNNING);
    rig_stop_delivery(&rig);
    scripted()->gone_fields[0] = "Phone";
    for (int i = 0; i < 40; i++) {
        char *traits = mem_format("\"email\":\"p%d@x.io\",\"phone\":\"%d\"", i, i);
        identify(&rig, traits);
        mem_free(traits);
    }
    rig_deliver(&rig);
    struct store_counters t = await_ended(&rig, 40);
    CHECK_INT(t.by_state[STORE_DEAD], 40);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 2);
    CHECK_INT(scripted()->calls[STEP_FIND], 1);
    rig_close(&rig);
}

static void group(struct rig *rig, int number)
{
    char *message =
        mem_format("\"type\":\"group\",\"groupId\":\"%d\",\"traits\":{\"name\":\"Company %d\"}",
                   number, number);

    send_at(rig, message, 0);
    mem_free(message);
}

TEST(an_object_hidden_in_mid_run_costs_its_events_and_nothing_else)
{
    struct rig rig;

    rig_open(&rig, "");
    rig_deliver(&rig);
    await_described(&rig);
    scripted()->gone_object = "Account";
    for (int i = 0; i < 40; i++)
        group(&rig, i);
    identify_many(&rig, "p", 40);
    struct store_counters t = await_ended(&rig, 80);
    CHECK_INT(t.by_state[STORE_DEAD], 40);
    CHECK_INT(t.by_state[STORE_WRITTEN], 40);
    check_receipt(&rig, "m1", STORE_DEAD, "object_not_visible");
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 2);
    rig_close(&rig);
}

TEST(what_the_user_sees_is_written_and_a_restart_costs_no_describe)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->gone_object = "Account";
    rig_deliver(&rig);
    group(&rig, 1);
    identify_many(&rig, "p", 1);
    await_ended(&rig, 2);
    check_receipt(&rig, "m1", STORE_DEAD, "object_not_visible");
    check_receipt(&rig, "m2", STORE_WRITTEN, NULL);
    rig_stop_delivery(&rig);
    rig_deliver(&rig);
    group(&rig, 2);
    identify_many(&rig, "q", 1);
    await_ended(&rig, 4);
    check_receipt(&rig, "m3", STORE_DEAD, "object_not_visible");
    check_receipt(&rig, "m4", STORE_WRITTEN, NULL);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 1);
    rig_close(&rig);
}

TEST(without_any_object_to_write_the_destination_stops_and_keeps_its_queue)
{
    struct rig rig;
    struct err err;

    rig_open(&rig, "    version: 1\n");
    scripted()->gone_object = "Lead";
    rig_deliver(&rig);
    identify_many(&rig, "p", 1);
    struct delivery_status status = await_delivery_state(&rig, DELIVERY_STOPPED);
    CHECK(strstr(status.message, "Lead") != NULL);
    CHECK_INT(counters_of(&rig).by_state[STORE_WAITING], 1);
    scripted()->gone_object = NULL;
    CHECK_INT(delivery_retry(rig.delivery, "Salesforce", &err), 0);
    await_ended(&rig, 1);
    rig_close(&rig);
}

/* Seen by a save while a describe, asked for before the change, is still on its way. */
TEST(a_describe_that_was_under_way_when_a_field_went_is_not_the_last_word)
{
    struct rig rig;

    clock_freeze(clock_wall());
    rig_open(&rig, "");
    scripted()->new_field = "Shoe_Size__c";
    rig_deliver(&rig);
    await_described(&rig);
    atomic_store(&scripted()->holds_answers, true);
    clock_advance(25 * MINUTE); /* ahead of need */
    identify_many(&rig, "early", 1);
    turn_until_ended(&rig, 1);
    await_calls(STEP_DESCRIBE, 2);
    usleep(20000); /* it has read the fields, or the test shows less */
    scripted()->new_field = NULL;
    scripted()->gone_fields[0] = "Shoe_Size__c";
    identify_many(&rig, "p", 1);
    for (int i = 0; i < PATIENCE_MS && scripted()->calls[STEP_CREATE] < 2; i++, usleep(1000))
        clock_advance(TURN);
    for (int i = 0; i < 20; i++, usleep(1000)) /* the fault is read */
        clock_advance(TURN);
    atomic_store(&scripted()->holds_answers, false);
    CHECK_INT(turn_until_ended(&rig, 2).by_state[STORE_DEAD], 0);
    check_note(&rig, "m2", "unknown_field");
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 3);
    rig_close(&rig);
    clock_thaw();
}

TEST(an_object_that_is_visible_again_is_written_after_the_next_describe)
{
    struct store_receipt *list;
    struct rig rig;

    clock_freeze(clock_wall());
    rig_open(&rig, "");
    scripted()->gone_object = "Account";
    rig_deliver(&rig);
    group(&rig, 1);
    turn_until_ended(&rig, 1);
    check_receipt(&rig, "m1", STORE_DEAD, "object_not_visible");
    CHECK(strstr(receipt_of(&rig, "m1", &list).advice, "profile access") != NULL);
    store_receipts_free(list, 1);
    scripted()->gone_object = NULL; /* a person has given the user access */
    clock_advance(31 * MINUTE);
    group(&rig, 2);
    turn_until_ended(&rig, 2);
    check_receipt(&rig, "m2", STORE_WRITTEN, NULL);
    CHECK_INT(scripted_count("Account", "Name", "Company 2"), 1);
    check_receipt(&rig, "m1", STORE_DEAD, "object_not_visible"); /* a person may retry it */
    rig_close(&rig);
    clock_thaw();
}

/* ---- the start ---- */

TEST(a_wrong_password_is_seen_at_the_start_without_an_event_and_tried_once)
{
    for (int kept = 0; kept < 2; kept++) { /* without and with a describe of an earlier run */
        struct rig rig;

        rig_open(&rig, "");
        if (kept) {
            rig_deliver(&rig);
            await_delivery_state(&rig, DELIVERY_RUNNING);
            rig_stop_delivery(&rig);
        }
        scripted()->calls[STEP_SIGN_IN] = scripted()->calls[STEP_DESCRIBE] = 0;
        scripted()->faults[STEP_SIGN_IN] =
            (struct scripted_fault){9, ORG_STOP, "INVALID_LOGIN", false, false};
        rig_deliver(&rig);
        struct delivery_status status = await_delivery_state(&rig, DELIVERY_STOPPED);
        CHECK_STR(status.code, "INVALID_LOGIN");
        identify_many(&rig, "p", 1); /* accepted, and no reason to try again */
        usleep(30000);
        CHECK_INT(scripted()->calls[STEP_SIGN_IN] + scripted()->calls[STEP_DESCRIBE], 1);
        CHECK_INT(counters_of(&rig).by_state[STORE_WAITING], 1);
        rig_close(&rig);
    }
}

TEST(a_destination_is_starting_until_a_call_has_come_through)
{
    struct rig rig;

    rig_open(&rig, "");
    atomic_store(&scripted()->holds_describes, true);
    rig_deliver(&rig);
    await_calls(STEP_DESCRIBE, 1);
    CHECK_INT(status_of(&rig).state, DELIVERY_STARTING);
    atomic_store(&scripted()->holds_describes, false);
    await_delivery_state(&rig, DELIVERY_RUNNING);
    rig_stop_delivery(&rig);
    rig_deliver(&rig); /* the kept describe is fresh: one sign-in, no call that counts */
    await_delivery_state(&rig, DELIVERY_RUNNING);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 1);
    CHECK_INT(scripted()->calls[STEP_SIGN_IN], 2); /* one a run */
    rig_close(&rig);
}

TEST(an_org_that_cannot_be_reached_at_the_start_is_tried_until_it_can)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->faults[STEP_DESCRIBE] =
        (struct scripted_fault){5, ORG_RETRY, "CONNECTION", false, false};
    rig_deliver(&rig);
    identify_many(&rig, "p", 1);
    await_ended(&rig, 1);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 6);
    CHECK_INT(status_of(&rig).state, DELIVERY_RUNNING);
    rig_close(&rig);
}

TEST_MAIN(
    TEST_CASE(after_an_idle_time_events_wait_for_the_new_describe),
    TEST_CASE(after_a_restart_with_an_old_describe_events_wait_for_the_new_one),
    TEST_CASE(a_describe_kept_by_a_clock_that_was_ahead_is_not_trusted),
    TEST_CASE(an_org_that_does_not_answer_the_describe_holds_what_would_be_mapped_with_the_old_one),
    TEST_CASE(with_steady_work_the_describe_is_renewed_ahead_and_nobody_waits_for_it),
    TEST_CASE(events_that_still_accumulate_when_a_describe_comes_are_mapped_with_it),
    TEST_CASE(a_field_deleted_in_mid_run_costs_one_describe_and_one_repeat_of_what_was_in_flight),
    TEST_CASE(a_field_locked_in_mid_run_costs_one_describe_a_minute_and_its_values),
    TEST_CASE(a_look_up_field_that_is_gone_costs_no_search_for_a_record_at_fault),
    TEST_CASE(an_object_hidden_in_mid_run_costs_its_events_and_nothing_else),
    TEST_CASE(what_the_user_sees_is_written_and_a_restart_costs_no_describe),
    TEST_CASE(a_describe_that_was_under_way_when_a_field_went_is_not_the_last_word),
    TEST_CASE(an_object_that_is_visible_again_is_written_after_the_next_describe),
    TEST_CASE(without_any_object_to_write_the_destination_stops_and_keeps_its_queue),
    TEST_CASE(a_wrong_password_is_seen_at_the_start_without_an_event_and_tried_once),
    TEST_CASE(a_destination_is_starting_until_a_call_has_come_through),
    TEST_CASE(an_org_that_cannot_be_reached_at_the_start_is_tried_until_it_can))
