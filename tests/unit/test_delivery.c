#include "delivery_rig.h"

#include "delivery/tries.h"

TEST(a_new_person_becomes_a_lead_and_is_updated_afterwards)
{
    struct rig rig;

    rig_open(&rig, "");
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"Peter@x.io\",\"firstName\":\"Peter\"");
    await_ended(&rig, 1);
    CHECK_STR(lead("peter@x.io", "FirstName"), "Peter");
    CHECK_STR(lead("peter@x.io", "LastName"), "n/a");
    identify(&rig, "\"email\":\"peter@X.io\",\"title\":\"VP\"");
    struct store_counters t = await_ended(&rig, 2);
    CHECK_STR(lead("peter@x.io", "Title"), "VP");
    CHECK_STR(lead("peter@x.io", "LastName"), "n/a");
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK_INT(t.created, 1);
    CHECK_INT(t.updated, 1);
    CHECK_INT(scripted()->calls[STEP_FIND], 1); /* the second time its Id was remembered */
    rig_close(&rig);
}

TEST(an_update_never_writes_defaults_over_real_values)
{
    struct rig rig;

    rig_open(&rig, "");
    struct scripted_record *record = scripted_add("Lead", "Email", "a@x.io");
    scripted_add("Lead", "Email", "other@x.io");
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\",\"phone\":\"1\"");
    await_ended(&rig, 1);
    CHECK_STR(scripted_value(record, "Phone"), "1");
    CHECK(scripted_value(record, "LastName") == NULL);
    CHECK(scripted_value(record, "Company") == NULL);
    rig_close(&rig);
}

TEST(events_of_one_person_merge_in_the_order_they_were_said)
{
    struct rig rig;

    rig_open(&rig, "");
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"new\"", 10);
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"old\",\"phone\":\"1\"", 60);
    identify_at(&rig, "\"email\":\"A@x.io\",\"city\":\"Rome\"", 30);
    rig_deliver(&rig);
    struct store_counters t = await_ended(&rig, 3);
    CHECK_STR(lead("a@x.io", "Title"), "new");
    CHECK_STR(lead("a@x.io", "Phone"), "1");
    CHECK_STR(lead("a@x.io", "City"), "Rome");
    CHECK_INT(t.by_state[STORE_WRITTEN], 1);
    CHECK_INT(t.by_state[STORE_MERGED], 2);
    CHECK_INT(scripted()->calls[STEP_CREATE] + scripted()->calls[STEP_UPDATE], 1);
    check_receipt(&rig, "m1", STORE_WRITTEN, NULL);
    struct store_receipt *list, merged = receipt_of(&rig, "m2", &list);
    CHECK_STR(merged.into, "m1");
    store_receipts_free(list, 1);
    rig_close(&rig);
}

TEST(a_late_event_never_overwrites_a_newer_value)
{
    struct rig rig;

    rig_open(&rig, "");
    rig_deliver(&rig);
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"new\"", 10);
    await_ended(&rig, 1);
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"old\"", 3600);
    await_ended(&rig, 2);
    CHECK_STR(lead("a@x.io", "Title"), "new");
    check_receipt(&rig, "m2", STORE_UNCHANGED, NULL);
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"old\",\"city\":\"Rome\"", 3600);
    await_ended(&rig, 3);
    CHECK_STR(lead("a@x.io", "Title"), "new");
    CHECK_STR(lead("a@x.io", "City"), "Rome");
    rig_close(&rig);
}

TEST(a_thousand_new_people_cost_one_look_up_and_five_creates)
{
    struct rig rig;

    rig_open(&rig, "");
    for (int i = 0; i < 1000; i++) {
        char traits[80];
        snprintf(traits, sizeof traits, "\"email\":\"p%d@x.io\",\"lastName\":\"L%d\"", i, i);
        identify(&rig, traits);
    }
    rig_deliver(&rig);
    await_ended(&rig, 1000);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1000);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 1);
    CHECK_INT(scripted()->calls[STEP_FIND], 1);
    CHECK_INT(scripted()->calls[STEP_CREATE], 5);
    rig_close(&rig);
}

TEST(a_create_that_was_cut_after_the_save_makes_no_second_lead)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->faults[STEP_CREATE] =
        (struct scripted_fault){1, ORG_RETRY, "CONNECTION", true, true};
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"VP\"");
    await_ended(&rig, 1);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK_INT(scripted()->calls[STEP_CREATE], 1);
    rig_close(&rig);
}

TEST(a_create_that_was_cut_waits_for_a_late_commit_before_it_is_repeated)
{
    struct rig rig;

    rig_open(&rig, "    unknown_outcome_wait: 10m\n");
    scripted()->faults[STEP_CREATE] = (struct scripted_fault){1, ORG_RETRY, "TIMEOUT", true, false};
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"VP\"");
    int64_t deadline = clock_mono() + PATIENCE_MS;
    while (scripted()->calls[STEP_FIND] < 3 && clock_mono() < deadline)
        usleep(1000); /* it is looked up again and again, and not made */
    CHECK_INT(scripted()->calls[STEP_CREATE], 1);
    scripted_add("Lead", "Email", "a@x.io"); /* now it shows up */
    await_ended(&rig, 1);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK_STR(lead("a@x.io", "Title"), "VP");
    rig_close(&rig);
}

TEST(a_create_that_never_came_through_is_made_again_in_the_end)
{
    struct rig rig;

    rig_open(&rig, "    unknown_outcome_wait: 50ms\n");
    scripted()->faults[STEP_CREATE] = (struct scripted_fault){1, ORG_RETRY, "TIMEOUT", true, false};
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\"");
    await_ended(&rig, 1);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK_INT(scripted()->calls[STEP_CREATE], 2);
    rig_close(&rig);
}

TEST(an_intent_of_an_earlier_run_is_looked_up_first)
{
    struct rig rig;
    struct err err;
    struct mapping_route route;
    struct event event;
    const char *message = "{\"messageId\":\"x\",\"type\":\"identify\",\"userId\":\"u\","
                          "\"receivedAt\":\"2026-11-23T10:00:00Z\",\"traits\":{\"email\":"
                          "\"a@x.io\"},\"integrations\":{\"Salesforce\":true}}";

    rig_open(&rig, "    unknown_outcome_wait: 10m\n");
    CHECK_INT(event_read(&event, message, strlen(message), &err), 0);
    CHECK_INT(mapping_route(&event, &rig.settings->destinations[0], &route, &err), 0);
    const char *keys[] = {route.key};
    CHECK_INT(writer_intend(rig.writer, "Salesforce", keys, 1, clock_wall(), &err), 0);
    identify(&rig, "\"email\":\"a@x.io\"");
    rig_deliver(&rig);
    int64_t deadline = clock_mono() + PATIENCE_MS;
    while (scripted()->calls[STEP_FIND] < 2 && clock_mono() < deadline)
        usleep(1000);
    CHECK_INT(scripted()->calls[STEP_CREATE], 0);
    scripted_add("Lead", "Email", "a@x.io");
    await_ended(&rig, 1);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    mapping_route_done(&route);
    event_done(&event);
    rig_close(&rig);
}

TEST(a_refused_record_alone_is_a_dead_letter)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->refusals[0] = (struct scripted_refusal){
        99, "LastName", "Bad", ORG_RECORD_DEAD, "FIELD_CUSTOM_VALIDATION_EXCEPTION", NULL, NULL};
    identify(&rig, "\"email\":\"a@x.io\",\"lastName\":\"Good\"");
    identify(&rig, "\"email\":\"b@x.io\",\"lastName\":\"Bad\"");
    identify(&rig, "\"email\":\"c@x.io\",\"lastName\":\"Good\"");
    rig_deliver(&rig);
    struct store_counters t = await_ended(&rig, 3);
    CHECK_INT(t.by_state[STORE_DEAD], 1);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 2);
    check_receipt(&rig, "m2", STORE_DEAD, "FIELD_CUSTOM_VALIDATION_EXCEPTION");
    rig_close(&rig);
}

TEST(of_events_refused_together_only_the_bad_one_is_a_dead_letter)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->refusals[0] =
        (struct scripted_refusal){99, "Title", "Bad", ORG_RECORD_DEAD, "X", NULL, NULL};
    identify_at(&rig, "\"email\":\"a@x.io\",\"phone\":\"1\"", 30);
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"Bad\"", 20);
    identify_at(&rig, "\"email\":\"a@x.io\",\"city\":\"Rome\"", 10);
    rig_deliver(&rig);
    struct store_counters t = await_ended(&rig, 3);
    CHECK_INT(t.by_state[STORE_DEAD], 1);
    check_receipt(&rig, "m2", STORE_DEAD, "X");
    CHECK_STR(lead("a@x.io", "Phone"), "1");
    CHECK_STR(lead("a@x.io", "City"), "Rome");
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    rig_close(&rig);
}

TEST(a_call_that_faults_as_a_whole_is_halved_until_the_record_at_fault_is_alone)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->poison = "Poison";
    scripted()->poison_class = ORG_BISECT;
    for (int i = 0; i < 20; i++) {
        char traits[80];
        snprintf(traits, sizeof traits, "\"email\":\"p%d@x.io\",\"lastName\":\"%s\"", i,
                 i == 13 ? "Poison" : "Fine");
        identify(&rig, traits);
    }
    rig_deliver(&rig);
    struct store_counters t = await_ended(&rig, 20);
    CHECK_INT(t.by_state[STORE_DEAD], 1);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 19);
    check_receipt(&rig, "m14", STORE_DEAD, "POISON");
    CHECK(scripted()->calls[STEP_CREATE] <= 2 * 5 + 1);
    rig_close(&rig);
}

TEST(a_failure_that_lasts_is_searched_by_halves_after_a_few_tries)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->poison = "Poison";
    scripted()->poison_class = ORG_RETRY_FEW;
    identify(&rig, "\"email\":\"a@x.io\",\"lastName\":\"Fine\"");
    identify(&rig, "\"email\":\"b@x.io\",\"lastName\":\"Poison\"");
    rig_deliver(&rig);
    struct store_counters t = await_ended(&rig, 2);
    CHECK_INT(t.by_state[STORE_DEAD], 1);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    rig_close(&rig);
}

TEST(an_odd_failure_after_many_retries_is_not_taken_for_a_lasting_one)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->refusals[0] = (struct scripted_refusal){
        20, "Email", "a@x.io", ORG_RECORD_RETRY, "UNABLE_TO_LOCK_ROW", NULL, NULL};
    scripted()->refusals[1] = (struct scripted_refusal){
        FEW_TRIES - 1, "Email", "a@x.io", ORG_RECORD_RETRY_FEW, "FLOW_EXCEPTION", NULL, NULL};
    scripted()->refusals[2] = (struct scripted_refusal){
        99, "Email", "b@x.io", ORG_RECORD_RETRY_FEW, "FLOW_EXCEPTION", NULL, NULL};
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\"");
    identify(&rig, "\"email\":\"b@x.io\"");
    await_ended(&rig, 2);
    check_receipt(&rig, "m1", STORE_WRITTEN, NULL);
    check_receipt(&rig, "m2", STORE_DEAD, "FLOW_EXCEPTION");
    rig_close(&rig);
}

TEST(during_an_outage_no_record_is_at_fault)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->faults[STEP_CREATE] =
        (struct scripted_fault){MANY_TRIES - 1, ORG_RETRY_FEW, "UNKNOWN_EXCEPTION", false, false};
    identify(&rig, "\"email\":\"a@x.io\"");
    identify(&rig, "\"email\":\"b@x.io\"");
    rig_deliver(&rig);
    struct store_counters t = await_ended(&rig, 2);
    CHECK_INT(t.by_state[STORE_WRITTEN], 2);
    rig_close(&rig);
}

TEST(an_unknown_field_is_described_anew_before_a_record_is_at_fault)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->unknown_field = "Title";
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"VP\"");
    identify(&rig, "\"email\":\"b@x.io\",\"phone\":\"1\"");
    rig_deliver(&rig);
    struct store_counters t = await_ended(&rig, 2);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 2);
    CHECK_INT(t.by_state[STORE_DEAD], 1); /* the script's org never learns the field */
    check_receipt(&rig, "m1", STORE_DEAD, "INVALID_FIELD");
    check_receipt(&rig, "m2", STORE_WRITTEN, NULL);
    rig_close(&rig);
}

TEST(a_stop_keeps_the_queue_until_a_person_says_retry)
{
    struct rig rig;
    struct err err;

    rig_open(&rig, "");
    scripted()->faults[STEP_DESCRIBE] =
        (struct scripted_fault){1, ORG_STOP, "INVALID_LOGIN", false, false};
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\"");
    struct delivery_status status = await_delivery_state(&rig, DELIVERY_STOPPED);
    CHECK_STR(status.code, "INVALID_LOGIN");
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 1);
    CHECK_INT(delivery_retry(rig.delivery, "Salesforce", &err), 0);
    await_ended(&rig, 1);
    CHECK_INT(scripted()->calls[STEP_SIGN_IN], 2); /* once more after the retry */
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK_INT(delivery_retry(rig.delivery, "Nobody", &err), -1);
    rig_close(&rig);
}

TEST(a_pause_holds_over_restarts_until_a_person_resumes)
{
    struct rig rig;
    struct err err = {0};

    rig_open(&rig, "");
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\"");
    await_ended(&rig, 1);
    CHECK_INT(delivery_pause(rig.delivery, "Nobody", &err), -1);
    CHECK_INT(err.kind, ERR_NOT_FOUND);
    CHECK_INT(delivery_pause(rig.delivery, "Salesforce", &err), 0);
    struct delivery_status status = await_delivery_state(&rig, DELIVERY_PAUSED);
    CHECK_STR(status.code, "PAUSED");
    int writes = scripted()->calls[STEP_CREATE] + scripted()->calls[STEP_UPDATE];
    identify(&rig, "\"email\":\"b@x.io\"");
    rig_stop_delivery(&rig);
    rig_deliver(&rig);
    await_delivery_state(&rig, DELIVERY_PAUSED);
    identify(&rig, "\"email\":\"c@x.io\"");
    delivery_reload(rig.delivery, rig.settings);
    CHECK_INT(delivery_retry(rig.delivery, "Salesforce", &err), 0); /* not what ends a pause */
    rig_stop_delivery(&rig);
    CHECK_INT(scripted()->calls[STEP_CREATE] + scripted()->calls[STEP_UPDATE], writes);
    CHECK_INT(counters_of(&rig).by_state[STORE_WAITING], 2);
    CHECK(counters_of(&rig).paused_ms > 0);
    rig_deliver(&rig);
    CHECK_INT(delivery_resume(rig.delivery, "Salesforce", &err), 0);
    await_ended(&rig, 3);
    CHECK_INT(counters_of(&rig).paused_ms, 0);
    CHECK_INT(status_of(&rig).state, DELIVERY_RUNNING);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 3);
    rig_close(&rig);
}

TEST(resume_also_ends_a_stop)
{
    struct rig rig;
    struct err err;

    rig_open(&rig, "");
    scripted()->faults[STEP_DESCRIBE] =
        (struct scripted_fault){1, ORG_STOP, "INVALID_LOGIN", false, false};
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\"");
    await_delivery_state(&rig, DELIVERY_STOPPED);
    CHECK_INT(delivery_resume(rig.delivery, "Salesforce", &err), 0);
    await_ended(&rig, 1);
    rig_close(&rig);
}

TEST(a_daily_limit_holds_everything_and_lets_go_when_the_window_frees)
{
    struct rig rig;

    clock_freeze(1795428468000);
    rig_open(&rig, "");
    scripted()->faults[STEP_FIND] =
        (struct scripted_fault){1, ORG_DAY_LIMIT, "REQUEST_LIMIT_EXCEEDED", false, false};
    identify(&rig, "\"email\":\"a@x.io\"");
    rig_deliver(&rig);
    /* The clock must pass the linger, and not the hold. */
    for (int i = 0; i < 2000 && status_of(&rig).state != DELIVERY_HOLDING; i++) {
        clock_advance(20);
        usleep(1000);
    }
    CHECK_STR(status_of(&rig).code, "REQUEST_LIMIT_EXCEEDED");
    check_receipt(&rig, "m1", STORE_WAITING, "REQUEST_LIMIT_EXCEEDED");
    int finds = scripted()->calls[STEP_FIND];
    clock_advance(10 * 60 * 1000);
    usleep(20000);
    CHECK_INT(scripted()->calls[STEP_FIND], finds);
    for (int i = 0; i < 2000 && scripted_count("Lead", NULL, NULL) == 0; i++) {
        clock_advance(60 * 1000);
        usleep(1000);
    }
    clock_thaw();
    await_ended(&rig, 1);
    rig_close(&rig);
}

TEST(a_persons_retry_also_sends_what_a_hold_put_back)
{
    struct rig rig;
    struct err err;

    rig_open(&rig, "");
    scripted()->faults[STEP_FIND] =
        (struct scripted_fault){1, ORG_DAY_LIMIT, "REQUEST_LIMIT_EXCEEDED", false, false};
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\"");
    await_delivery_state(&rig, DELIVERY_HOLDING);
    CHECK_INT(delivery_retry(rig.delivery, "Salesforce", &err), 0);
    await_ended(&rig, 1); /* long before the quarter of an hour that the hold lasts */
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    rig_close(&rig);
}

TEST(a_single_record_whose_call_took_too_long_is_tried_again)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->faults[STEP_FIND] =
        (struct scripted_fault){1, ORG_SPLIT, "QUERY_TIMEOUT", false, false};
    scripted()->faults[STEP_CREATE] =
        (struct scripted_fault){2, ORG_SPLIT, "REQUEST_RUNNING_TOO_LONG", false, false};
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\"");
    await_ended(&rig, 1);
    CHECK_INT(counters_of(&rig).by_state[STORE_WRITTEN], 1);
    rig_close(&rig);
}

TEST(a_deleted_lead_is_looked_up_again_and_made_anew)
{
    struct rig rig;

    rig_open(&rig, "");
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"1\"");
    await_ended(&rig, 1);
    scripted_find("Lead", "Email", "a@x.io")->deleted = true;
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"2\"");
    await_ended(&rig, 2);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK_STR(lead("a@x.io", "Title"), "2");
    rig_close(&rig);
}

TEST(a_duplicate_rule_turns_a_create_into_an_update_of_the_record_it_names)
{
    struct rig rig;

    rig_open(&rig, "");
    struct scripted_record *twin = scripted_add("Lead", "LastName", "Gibbons");
    scripted()->refusals[0] = (struct scripted_refusal){
        1, "LastName", "Gibbons", ORG_RECORD_DUPLICATE, "DUPLICATES_DETECTED", NULL, twin->id};
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\",\"lastName\":\"Gibbons\",\"title\":\"VP\"");
    await_ended(&rig, 1);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK_STR(scripted_value(twin, "Title"), "VP");
    rig_close(&rig);
}

TEST(a_refused_field_is_left_out_and_the_rest_is_written)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->refusals[0] = (struct scripted_refusal){
        99,        "Country", "Atlantis", ORG_RECORD_DROP_FIELD, "FIELD_INTEGRITY_EXCEPTION",
        "Country", NULL};
    scripted()->refusals[1] = (struct scripted_refusal){
        99, "Email", "bad@x.io", ORG_RECORD_DROP_FIELD, "INVALID_EMAIL_ADDRESS", "Email", NULL};
    identify(&rig, "\"email\":\"a@x.io\",\"country\":\"Atlantis\",\"city\":\"Rome\"");
    identify(&rig, "\"email\":\"bad@x.io\"");
    rig_deliver(&rig);
    await_ended(&rig, 2);
    CHECK_STR(lead("a@x.io", "City"), "Rome");
    CHECK_STR(lead("a@x.io", "Country"), "(none)");
    check_receipt(&rig, "m2", STORE_DEAD, "INVALID_EMAIL_ADDRESS"); /* never without its key */
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    rig_close(&rig);
}

TEST(of_several_leads_the_one_changed_last_is_taken)
{
    struct rig rig;

    rig_open(&rig, "");
    struct scripted_record *older = scripted_add("Lead", "Email", "a@x.io");
    struct scripted_record *newer = scripted_add("Lead", "Email", "A@X.io");
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"VP\"");
    await_ended(&rig, 1);
    CHECK_STR(scripted_value(newer, "Title"), "VP");
    CHECK(scripted_value(older, "Title") == NULL);
    struct store_receipt *list, receipt = receipt_of(&rig, "m1", &list);
    CHECK(receipt.notes != NULL && strstr(receipt.notes, "several_matches") != NULL);
    store_receipts_free(list, 1);
    rig_close(&rig);
}

TEST(several_leads_can_be_refused_by_setting)
{
    struct rig rig;

    rig_open(&rig, "    several_matches: reject\n");
    scripted_add("Lead", "Email", "a@x.io");
    scripted_add("Lead", "Email", "a@x.io");
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"VP\"");
    await_ended(&rig, 1);
    check_receipt(&rig, "m1", STORE_DEAD, "several_matches");
    rig_close(&rig);
}

TEST(a_converted_lead_updates_its_contact)
{
    struct rig rig;

    rig_open(&rig, "");
    struct scripted_record *contact = scripted_add("Contact", "Email", "a@x.io");
    struct scripted_record *converted = scripted_add("Lead", "Email", "a@x.io");
    converted->converted = true;
    snprintf(converted->contact_id, sizeof converted->contact_id, "%s", contact->id);
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"VP\",\"city\":\"Rome\"");
    await_ended(&rig, 1);
    CHECK_STR(scripted_value(contact, "Title"), "VP");
    CHECK_STR(scripted_value(contact, "MailingCity"), "Rome");
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    rig_close(&rig);
}

TEST(an_account_needs_a_name_only_when_it_is_new)
{
    struct rig rig;

    rig_open(&rig, "");
    struct scripted_record *account = scripted_add("Account", "AccountNumber", "813");
    rig_deliver(&rig);
    send_at(&rig, "\"type\":\"group\",\"groupId\":\"813\",\"traits\":{\"phone\":\"1\"}", 0);
    send_at(&rig, "\"type\":\"group\",\"groupId\":\"814\",\"traits\":{\"phone\":\"2\"}", 0);
    send_at(&rig, "\"type\":\"group\",\"groupId\":\"815\",\"traits\":{\"name\":\"Initech\"}", 0);
    await_ended(&rig, 3);
    CHECK_STR(scripted_value(account, "Phone"), "1");
    check_receipt(&rig, "m2", STORE_DEAD, "name_required");
    CHECK_INT(scripted_count("Account", "Name", "Initech"), 1);
    CHECK_INT(scripted_count("Account", NULL, NULL), 2);
    rig_close(&rig);
}

TEST(a_locked_row_is_tried_again_alone)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->refusals[0] = (struct scripted_refusal){
        3, "Email", "a@x.io", ORG_RECORD_RETRY, "UNABLE_TO_LOCK_ROW", NULL, NULL};
    identify(&rig, "\"email\":\"a@x.io\"");
    identify(&rig, "\"email\":\"b@x.io\"");
    rig_deliver(&rig);
    struct store_counters t = await_ended(&rig, 2);
    CHECK_INT(t.by_state[STORE_WRITTEN], 2);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 2);
    rig_close(&rig);
}

TEST(a_restart_costs_no_describe_unless_the_settings_ask_for_more_objects)
{
    struct rig rig;
    struct settings *wider;
    struct err err;
    char yaml[2048];

    rig_open(&rig, "    version: 1\n    converted_lead: create\n");
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\"");
    await_ended(&rig, 1);
    rig_stop_delivery(&rig);
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"b@x.io\"");
    await_ended(&rig, 2);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 1);
    snprintf(yaml, sizeof yaml,
             "data_dir: %s\ndestinations:\n  - {name: Salesforce, login_url: "
             "\"http://127.0.0.1:9\", account_email: a@b.c, account_password: secret, "
             "converted_lead: create, linger: 20ms}\n",
             rig.settings->data_dir);
    wider = settings_parse(yaml, strlen(yaml), "test", "/tmp", &err);
    CHECK(wider != NULL);
    delivery_reload(rig.delivery, wider);
    settings_unref(rig.settings);
    rig.settings = wider;
    send_at(&rig, "\"type\":\"group\",\"groupId\":\"815\",\"traits\":{\"name\":\"Initech\"}", 0);
    await_ended(&rig, 3);
    CHECK_INT(scripted_count("Account", "Name", "Initech"), 1);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 2);
    rig_close(&rig);
}

TEST(what_waits_at_the_end_is_delivered_after_the_next_start)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->faults[STEP_CREATE] =
        (struct scripted_fault){1000000, ORG_RETRY, "HTTP_503", false, false};
    rig_deliver(&rig);
    for (int i = 0; i < 300; i++) {
        char traits[80];
        snprintf(traits, sizeof traits, "\"email\":\"p%d@x.io\"", i);
        identify(&rig, traits);
    }
    rig_stop_delivery(&rig);
    CHECK_INT(counters_of(&rig).by_state[STORE_WAITING], 300);
    scripted()->faults[STEP_CREATE].times = 0;
    rig_deliver(&rig);
    await_ended(&rig, 300);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 300);
    rig_close(&rig);
}

TEST_MAIN(TEST_CASE(a_new_person_becomes_a_lead_and_is_updated_afterwards),
          TEST_CASE(an_update_never_writes_defaults_over_real_values),
          TEST_CASE(events_of_one_person_merge_in_the_order_they_were_said),
          TEST_CASE(a_late_event_never_overwrites_a_newer_value),
          TEST_CASE(a_thousand_new_people_cost_one_look_up_and_five_creates),
          TEST_CASE(a_create_that_was_cut_after_the_save_makes_no_second_lead),
          TEST_CASE(a_create_that_was_cut_waits_for_a_late_commit_before_it_is_repeated),
          TEST_CASE(a_create_that_never_came_through_is_made_again_in_the_end),
          TEST_CASE(an_intent_of_an_earlier_run_is_looked_up_first),
          TEST_CASE(a_refused_record_alone_is_a_dead_letter),
          TEST_CASE(of_events_refused_together_only_the_bad_one_is_a_dead_letter),
          TEST_CASE(a_call_that_faults_as_a_whole_is_halved_until_the_record_at_fault_is_alone),
          TEST_CASE(a_failure_that_lasts_is_searched_by_halves_after_a_few_tries),
          TEST_CASE(an_odd_failure_after_many_retries_is_not_taken_for_a_lasting_one),
          TEST_CASE(during_an_outage_no_record_is_at_fault),
          TEST_CASE(an_unknown_field_is_described_anew_before_a_record_is_at_fault),
          TEST_CASE(a_stop_keeps_the_queue_until_a_person_says_retry),
          TEST_CASE(a_pause_holds_over_restarts_until_a_person_resumes),
          TEST_CASE(resume_also_ends_a_stop),
          TEST_CASE(a_daily_limit_holds_everything_and_lets_go_when_the_window_frees),
          TEST_CASE(a_persons_retry_also_sends_what_a_hold_put_back),
          TEST_CASE(a_single_record_whose_call_took_too_long_is_tried_again),
          TEST_CASE(a_deleted_lead_is_looked_up_again_and_made_anew),
          TEST_CASE(a_duplicate_rule_turns_a_create_into_an_update_of_the_record_it_names),
          TEST_CASE(a_refused_field_is_left_out_and_the_rest_is_written),
          TEST_CASE(of_several_leads_the_one_changed_last_is_taken),
          TEST_CASE(several_leads_can_be_refused_by_setting),
          TEST_CASE(a_converted_lead_updates_its_contact),
          TEST_CASE(an_account_needs_a_name_only_when_it_is_new),
          TEST_CASE(a_locked_row_is_tried_again_alone),
          TEST_CASE(a_restart_costs_no_describe_unless_the_settings_ask_for_more_objects),
          TEST_CASE(what_waits_at_the_end_is_delivered_after_the_next_start))
