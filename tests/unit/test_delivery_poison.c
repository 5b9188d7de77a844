/* What a person costs whose record the org refuses, and that nobody else pays for it. */
#include "delivery_rig.h"

#include "delivery/accumulate.h"
#include "delivery/refusal.h"

static int log2_above(int n)
{
    int log = 0;

    while ((1 << log) < n)
        log++;
    return log;
}

static int calls_made(void)
{
    struct scripted_org *org = scripted();

    return org->calls[STEP_FIND] + org->calls[STEP_CREATE] + org->calls[STEP_UPDATE];
}

#define ALWAYS    1000000
#define WINDOW_MS (INT64_C(3600) * 1000) /* the default refused_window */

/* The i-th event of a person whose every event the org refuses, said in the order of i. */
static void identify_refused(struct rig *rig, const char *email, int i)
{
    char traits[120];

    snprintf(traits, sizeof traits, "\"email\":\"%s\",\"title\":\"T%d\"", email, i);
    identify_at(rig, traits, 5000 - i);
}

static const struct scripted_refusal refuses_bad_person = {
    ALWAYS, "Email", "bad@x.io", ORG_RECORD_DEAD, "FIELD_CUSTOM_VALIDATION_EXCEPTION", NULL, NULL};

TEST(a_person_the_org_refuses_costs_calls_like_the_logarithm_of_its_events)
{
    static const int sizes[] = {1, 2, 3, 10, 100, 1000, 2000};

    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct rig rig;
        int n = sizes[s];

        rig_open(&rig, "");
        scripted()->refusals[0] = refuses_bad_person;
        for (int i = 0; i < n; i++)
            identify_refused(&rig, "bad@x.io", i);
        identify(&rig, "\"email\":\"good@x.io\"");
        rig_deliver(&rig);
        struct store_counters t = await_ended(&rig, n + 1);
        CHECK_INT(t.by_state[STORE_DEAD], n);
        CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
        check_receipt(&rig, "m1", STORE_DEAD, "FIELD_CUSTOM_VALIDATION_EXCEPTION");
        if (calls_made() > log2_above(n) + 2 * REFUSED_ALONE + 5)
            fail_msg("%d events cost %d calls", n, calls_made());
        /* What is not there is not looked up again; who comes with a later read may be. */
        if (scripted()->calls[STEP_FIND] > (n < TAKE_MAX ? 1 : 2))
            fail_msg("%d events cost %d look-ups", n, scripted()->calls[STEP_FIND]);
        rig_close(&rig);
    }
}

/* A known record is refused the same way, without a look-up. */
TEST(a_record_whose_updates_are_refused_costs_calls_like_the_logarithm_of_its_events)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted_add("Lead", "Email", "bad@x.io");
    scripted()->refusals[0] = (struct scripted_refusal){
        ALWAYS, "Company", "Bad", ORG_RECORD_DEAD, "FIELD_CUSTOM_VALIDATION_EXCEPTION", NULL, NULL};
    for (int i = 0; i < 1000; i++)
        identify_at(&rig, "\"email\":\"bad@x.io\",\"company\":\"Bad\"", 5000 - i);
    rig_deliver(&rig);
    struct store_counters t = await_ended(&rig, 1000);
    CHECK_INT(t.by_state[STORE_DEAD], 1000);
    CHECK(calls_made() <= log2_above(1000) + 2 * REFUSED_ALONE + 3);
    rig_close(&rig);
}

/* Wherever the bad ones stand, only they are dead, and each costs a search. */
TEST(bad_events_among_many_good_ones_of_a_person_alone_are_dead_letters)
{
    static const int bad[][3] = {{0, 0, 0},       {999, 999, 999}, {500, 500, 500},
                                 {997, 998, 999}, {0, 1, 2},       {3, 500, 998}};

    for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
        struct rig rig;
        int count = 0;

        rig_open(&rig, "");
        scripted()->refusals[0] =
            (struct scripted_refusal){ALWAYS, "Fax", "Bad", ORG_RECORD_DEAD, "X", NULL, NULL};
        for (int i = 0; i < 1000; i++) {
            char traits[120];
            bool is_bad = i == bad[b][0] || i == bad[b][1] || i == bad[b][2];
            count += is_bad;
            snprintf(traits, sizeof traits, "\"email\":\"a@x.io\",\"title\":\"T%d\"%s", i,
                     is_bad ? ",\"fax\":\"Bad\"" : "");
            identify_at(&rig, traits, 5000 - i);
        }
        rig_deliver(&rig);
        struct store_counters t = await_ended(&rig, 1000);
        CHECK_INT(t.by_state[STORE_DEAD], count);
        for (int i = 0; i < 3; i++) {
            char id[16];
            snprintf(id, sizeof id, "m%d", bad[b][i] + 1);
            check_receipt(&rig, id, STORE_DEAD, "X");
        }
        CHECK_STR(lead("a@x.io", "Title"),
                  bad[b][2] == 999 ? (bad[b][0] == 997 ? "T996" : "T998") : "T999");
        CHECK_STR(lead("a@x.io", "Fax"), "(none)");
        CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
        if (calls_made() > 2 + count * (2 * log2_above(1000) + 4))
            fail_msg("case %zu cost %d calls", b, calls_made());
        rig_close(&rig);
    }
}

static void await_state(struct rig *rig, enum store_state state, int64_t count)
{
    int64_t deadline = clock_mono() + PATIENCE_MS;

    while (counters_of(rig).by_state[state] != count) {
        if (clock_mono() > deadline)
            fail_msg("%d instead of %d are %s", (int)counters_of(rig).by_state[state], (int)count,
                     store_state_name(state));
        usleep(1000);
    }
}

/* Until it has been tried, or put off. */
static struct store_receipt await_code(struct rig *rig, const char *message_id,
                                       struct store_receipt **ret_list)
{
    int64_t deadline = clock_mono() + PATIENCE_MS;
    struct store_receipt receipt;

    while ((receipt = receipt_of(rig, message_id, ret_list)).code == NULL) {
        store_receipts_free(*ret_list, 1);
        if (clock_mono() > deadline)
            fail_msg("%s has no code", message_id);
        usleep(200);
    }
    return receipt;
}

/* One event after the other, so that none of them can be merged: how ever an answer refuses
   them, the hour's writes are used up, and the rest waits with its reason. */
static void check_bound_of(enum org_record_class class, const char *matched_id, const char *code)
{
    struct rig rig;
    struct store_receipt *list, last;
    char id[16];
    int n = POISON_WRITES + 20, calls;

    rig_open(&rig, "    linger: 0s\n");
    scripted()->refusals[0] = refuses_bad_person;
    scripted()->refusals[0].class = class;
    scripted()->refusals[0].matched_id = matched_id;
    rig_deliver(&rig);
    for (int i = 0; i < n; i++) {
        identify_refused(&rig, "bad@x.io", i);
        snprintf(id, sizeof id, "m%d", i + 1);
        last = await_code(&rig, id, &list);
        store_receipts_free(list, 1);
    }
    await_state(&rig, STORE_WAITING, n - counters_of(&rig).by_state[STORE_DEAD]);
    last = receipt_of(&rig, id, &list);
    CHECK_INT(last.state, STORE_WAITING);
    CHECK_STR(last.code, code);
    CHECK(last.advice != NULL && last.advice[0] != '\0');
    CHECK(last.next_attempt_ms > clock_steady() + LOOK_AGAIN_LONGEST_MS / 2);
    store_receipts_free(list, 1);
    identify(&rig, "\"email\":\"good@x.io\"");
    await_state(&rig, STORE_WRITTEN, 1);
    calls = calls_made();
    if (calls > 2 * (POISON_WRITES + 2) + 2)
        fail_msg("class %d: %d calls", (int)class, calls);
    rig_close(&rig);
}

TEST(a_person_who_is_refused_again_and_again_costs_a_bounded_number_of_calls_an_hour)
{
    const char *code = refuses_bad_person.code;

    check_bound_of(ORG_RECORD_DEAD, NULL, code);
    check_bound_of(ORG_RECORD_RETRY, NULL, code);
    check_bound_of(ORG_RECORD_RETRY_FEW, NULL, code);
    check_bound_of(ORG_RECORD_LOST, NULL, code);
    check_bound_of(ORG_RECORD_DUPLICATE, NULL, code);
    check_bound_of(ORG_RECORD_DUPLICATE, "00Q000000000999AAA", /* that is not there */
                   "ENTITY_IS_DELETED");
}

TEST(what_waits_for_the_hour_to_end_is_written_then_together)
{
    struct rig rig;
    int calls, n = POISON_WRITES + 20;

    clock_freeze(1795428468000);
    rig_open(&rig, "    linger: 0s\n");
    scripted()->refusals[0] = refuses_bad_person;
    rig_deliver(&rig);
    for (int i = 0; i < n; i++) {
        identify_refused(&rig, "bad@x.io", i);
        if (i < POISON_WRITES)
            await_state(&rig, STORE_DEAD, i + 1);
    }
    scripted()->refusals[0].times = 0; /* a person has mended the rule */
    calls = calls_made();
    for (int i = 0; i < 30000 && counters_of(&rig).by_state[STORE_WAITING] > 0; i++) {
        CHECK(i == 0 || clock_wall() < 1795428468000 + 2 * WINDOW_MS);
        clock_advance(WINDOW_MS / 100);
        usleep(2000);
    }
    clock_thaw();
    CHECK_INT(counters_of(&rig).by_state[STORE_DEAD], POISON_WRITES);
    CHECK_STR(lead("bad@x.io", "Title"), "T67");
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK(calls_made() - calls <= 3);
    rig_close(&rig);
}

TEST(a_dead_letter_that_a_person_retries_is_tried_at_once)
{
    struct rig rig;
    struct store_receipt *list;
    struct err err;
    char id[16];

    snprintf(id, sizeof id, "m%d", POISON_WRITES + 1);
    rig_open(&rig, "    linger: 0s\n");
    scripted()->refusals[0] = refuses_bad_person;
    rig_deliver(&rig);
    for (int i = 0; i < POISON_WRITES; i++) {
        identify_refused(&rig, "bad@x.io", i);
        await_state(&rig, STORE_DEAD, i + 1);
    }
    identify_refused(&rig, "bad@x.io", 99);
    CHECK_INT(await_code(&rig, id, &list).state, STORE_WAITING);
    store_receipts_free(list, 1);
    scripted()->refusals[0].times = 0;
    int64_t seq = receipt_of(&rig, "m1", &list).seq;
    store_receipts_free(list, 1);
    delivery_redrive(rig.delivery, "Salesforce");
    delivery_redrive(rig.delivery, "Nobody");
    CHECK_INT(writer_redrive(rig.writer,
                             &(struct store_dead_letters){
                                 .destination = "Salesforce", .first = seq, .last = seq},
                             &err),
              0);
    await_state(&rig, STORE_WRITTEN, 1);
    CHECK_STR(lead("bad@x.io", "Title"), "T0");
    rig_close(&rig);
}

/* Once found, it goes alone: the others' calls are not searched again for each of its events. */
TEST(a_person_who_made_a_whole_call_fail_goes_alone_from_then_on)
{
    static const enum org_class classes[] = {ORG_BISECT, ORG_RETRY_FEW, ORG_SPLIT};

    for (size_t c = 0; c < sizeof classes / sizeof classes[0]; c++) {
        struct rig rig;

        rig_open(&rig, "    linger: 200ms\n");
        scripted()->poison = "Poison";
        scripted()->poison_class = classes[c];
        rig_deliver(&rig);
        for (int round = 0; round < 4; round++) {
            int before = scripted()->poisoned;
            for (int i = 0; i < 20; i++) {
                char traits[80];
                snprintf(traits, sizeof traits, "\"email\":\"p%d-%d@x.io\"", round, i);
                identify(&rig, i == 10 ? "\"email\":\"bad@x.io\",\"lastName\":\"Poison\"" : traits);
            }
            await_ended(&rig, 20 * (round + 1));
            if (round > 0)
                CHECK_INT(scripted()->poisoned - before, 1);
        }
        CHECK_INT(counters_of(&rig).by_state[STORE_DEAD], 4);
        CHECK_INT(scripted_count("Lead", NULL, NULL), 4 * 19);
        rig_close(&rig);
    }
}

TEST(a_person_whose_look_up_makes_the_call_fail_costs_no_look_up_an_event)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->poison_key = "bad@x.io";
    for (int i = 0; i < 200; i++) {
        char traits[80];
        identify_refused(&rig, "bad@x.io", i);
        snprintf(traits, sizeof traits, "\"email\":\"p%d@x.io\"", i);
        if (i < 30)
            identify(&rig, traits);
    }
    rig_deliver(&rig);
    struct store_counters t = await_ended(&rig, 230);
    CHECK_INT(t.by_state[STORE_DEAD], 200);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 30);
    check_receipt(&rig, "m1", STORE_DEAD, "POISON");
    CHECK(scripted()->calls[STEP_FIND] <= 2 * log2_above(31) + 1);
    identify_refused(&rig, "bad@x.io", 999);
    await_ended(&rig, 231);
    CHECK(scripted()->calls[STEP_FIND] <= 2 * log2_above(31) + 2);
    rig_close(&rig);
}

/* Only the third event names the Account, the second is bad. */
TEST(a_part_without_the_name_of_a_new_account_lets_the_event_that_has_it_go_first)
{
    struct rig rig;
    const char *traits[] = {"\"fax\":\"1\"", "\"phone\":\"Bad\"", "\"name\":\"Initech\""};

    rig_open(&rig, "");
    scripted()->refusals[0] =
        (struct scripted_refusal){ALWAYS, "Phone", "Bad", ORG_RECORD_DEAD, "X", NULL, NULL};
    for (int i = 0; i < 3; i++) {
        char message[200];
        snprintf(message, sizeof message, "\"type\":\"group\",\"groupId\":\"813\",\"traits\":{%s}",
                 traits[i]);
        send_at(&rig, message, 10 - i);
    }
    rig_deliver(&rig);
    await_ended(&rig, 3);
    CHECK_INT(scripted_count("Account", NULL, NULL), 1);
    CHECK_STR(scripted_value(scripted_find("Account", "Name", "Initech"), "Fax"), "1");
    check_receipt(&rig, "m1", STORE_WRITTEN, NULL);
    check_receipt(&rig, "m2", STORE_DEAD, "X");
    check_receipt(&rig, "m3", STORE_WRITTEN, NULL);
    rig_close(&rig);
}

/* Memory runs out once, at every point in turn. */
TEST(memory_that_runs_out_while_a_refused_event_is_searched_loses_nothing)
{
    if (mem_fail_at(0) != 0) {
        print_message("skipped: needs a build with -Dfault_memory=true\n");
        skip();
    }
    clock_freeze(1795428468000);
    for (size_t nth = 1; nth <= 260; nth++) {
        struct rig rig;

        rig_open(&rig, "    unknown_outcome_wait: 20ms\n    linger: 0s\n");
        scripted()->refusals[0] =
            (struct scripted_refusal){ALWAYS, "Fax", "Bad", ORG_RECORD_DEAD, "X", NULL, NULL};
        identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"1\"", 30);
        identify_at(&rig, "\"email\":\"a@x.io\",\"fax\":\"Bad\"", 20);
        identify_at(&rig, "\"email\":\"a@x.io\",\"city\":\"Rome\"", 10);
        rig_deliver(&rig);
        mem_fail_at(nth);
        struct store_counters t = await_ended_soon(&rig, 3, nth);
        mem_fail_at(0);
        CHECK_INT(t.by_state[STORE_DEAD], 1);
        check_receipt(&rig, "m2", STORE_DEAD, "X");
        CHECK_STR(lead("a@x.io", "Title"), "1");
        CHECK_STR(lead("a@x.io", "City"), "Rome");
        CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
        rig_close(&rig);
    }
    clock_thaw();
}

TEST_MAIN(
    TEST_CASE(a_person_the_org_refuses_costs_calls_like_the_logarithm_of_its_events),
    TEST_CASE(a_record_whose_updates_are_refused_costs_calls_like_the_logarithm_of_its_events),
    TEST_CASE(bad_events_among_many_good_ones_of_a_person_alone_are_dead_letters),
    TEST_CASE(a_person_who_is_refused_again_and_again_costs_a_bounded_number_of_calls_an_hour),
    TEST_CASE(what_waits_for_the_hour_to_end_is_written_then_together),
    TEST_CASE(a_dead_letter_that_a_person_retries_is_tried_at_once),
    TEST_CASE(a_person_who_made_a_whole_call_fail_goes_alone_from_then_on),
    TEST_CASE(a_person_whose_look_up_makes_the_call_fail_costs_no_look_up_an_event),
    TEST_CASE(a_part_without_the_name_of_a_new_account_lets_the_event_that_has_it_go_first),
    TEST_CASE(memory_that_runs_out_while_a_refused_event_is_searched_loses_nothing))
