/* Memory runs out once, at every allocation in turn: what was accepted arrives, once. */
#include "delivery_rig.h"

#include <string.h>

#include "base/utf8.h"

/* People told by two fields; the first two stand in the org, spelled otherwise.  Returns
   the number of events. */
static int tell_short_story(struct rig *rig)
{
    identify_at(rig, "\"email\":\"p0@x.io\",\"x\":7,\"title\":\"old\"", 30);
    identify_at(rig, "\"email\":\"p1@x.io\",\"x\":8,\"title\":\"new\"", 30);
    identify_at(rig, "\"email\":\"P0@x.io\",\"x\":\"07\",\"title\":\"new\"", 20);
    return 3;
}

static int tell_story(struct rig *rig)
{
    identify_at(rig, "\"email\":\"p2@x.io\",\"x\":9,\"title\":\"old\"", 30);
    identify_at(rig, "\"email\":\"p0@x.io\",\"x\":10,\"title\":\"new\"", 30);
    identify_at(rig, "\"email\":\"p2@x.io\",\"x\":11,\"title\":\"new\"", 30);
    identify_at(rig, "\"email\":\"p2@x.io\",\"x\":9.0,\"title\":\"new\"", 20);
    return 4 + tell_short_story(rig);
}

static void people_of_story(void)
{
    struct scripted_record *record = scripted_add("Lead", "Email", "P0@X.io");

    scripted_set(record, "X__c", "7.0");
    record = scripted_add("Lead", "Email", "p1@x.io");
    scripted_set(record, "X__c", "8.0E0");
}

static const struct schema_field number = {.type = FIELD_DOUBLE, .precision = 18};

static bool equal_numbers(const char *a, const char *b)
{
    return strtod(a, NULL) == strtod(b, NULL);
}

/* Runs the story with the nth allocation failing; false when there are not so many. */
static bool story_with_failure(size_t nth, int step, bool known)
{
    struct rig rig;
    int leads = known ? 2 : 5, told;
    size_t left;

    rig_open(&rig, "    custom_lead_lookup_fields: {email: Email, x: X__c}\n"
                   "    unknown_outcome_wait: 1s\n    linger: 0s\n"
                   "    max_concurrent_calls: 1\n");
    scripted()->extra = &number;
    scripted()->equal = equal_numbers;
    people_of_story();
    if (known) { /* and remembered: all is an update */
        told = tell_short_story(&rig);
        rig_deliver(&rig);
        await_ended_soon(&rig, told, nth);
        rig_stop_delivery(&rig);
        told += tell_short_story(&rig);
    } else {
        told = tell_story(&rig);
    }
    scripted()->fail_memory_after = step;
    scripted()->fail_memory_at = nth;
    if (step == SCRIPTED_STEPS)
        mem_fail_at(nth);
    rig_deliver(&rig);
    struct store_counters t = await_ended_soon(&rig, told, nth);
    left = mem_fail_at(0);
    if (scripted_count("Lead", NULL, NULL) != leads)
        fail_msg("allocation %zu: %d Leads", nth, scripted_count("Lead", NULL, NULL));
    CHECK_INT(scripted_count("Lead", "Title", "new"), leads);
    CHECK_INT(t.by_state[STORE_DEAD], 0);
    CHECK_INT(intents_in_store(&rig), 0);
    rig_close(&rig);
    return left == 0;
}

/* Fails every allocation in turn, from the start, or from the first answer of a step on. */
static void begin_failures(void)
{
    if (mem_fail_at(0) != 0) {
        print_message("skipped: needs a build with -Dfault_memory=true\n");
        skip();
    }
    mem_fail_spare(true);
    clock_freeze(1795428468000);
}

static void end_failures(size_t count)
{
    print_message("%zu allocations failed, one at a time\n", count);
    clock_thaw();
    mem_fail_spare(false);
}

static void fail_each(int step, bool known)
{
    size_t nth = 1;

    begin_failures();
    while (story_with_failure(nth, step, known))
        nth++;
    end_failures(nth - 1);
}

/* ---- the org refuses, and calls fail ---- */

/* Of one person an event is refused, of another a field, a third is somebody else's duplicate,
   and a fourth makes its whole call fail. */
static int tell_troubles(struct rig *rig)
{
    identify_at(rig, "\"email\":\"a@x.io\",\"phone\":\"1\"", 30);
    identify_at(rig, "\"email\":\"a@x.io\",\"title\":\"Bad\"", 20);
    identify_at(rig, "\"email\":\"a@x.io\",\"city\":\"Rome\"", 10);
    identify(rig, "\"email\":\"b@x.io\",\"country\":\"Atlantis\",\"city\":\"Rome\"");
    identify(rig, "\"email\":\"c@x.io\",\"city\":\"Rome\"");
    identify(rig, "\"email\":\"d@x.io\",\"lastName\":\"Poison\"");
    return 6;
}

static void check_troubles(size_t nth, const struct store_counters *t)
{
    if (scripted_count("Lead", NULL, NULL) != 3 || t->by_state[STORE_DEAD] != 2)
        fail_msg("allocation %zu: %d Leads, %d dead letters", nth,
                 scripted_count("Lead", NULL, NULL), (int)t->by_state[STORE_DEAD]);
    CHECK_INT(scripted_count("Lead", "City", "Rome"), 3);
    CHECK_STR(lead("a@x.io", "Phone"), "1");
    CHECK_STR(lead("a@x.io", "Title"), "(none)");
    CHECK_STR(lead("b@x.io", "Country"), "(none)");
}

static bool troubles_with_failure(size_t nth)
{
    struct rig rig;
    struct scripted_record *known;
    int told;
    size_t left;

    rig_open(&rig, "    linger: 0s\n    max_concurrent_calls: 1\n");
    known = scripted_add("Lead", "Email", "known@x.io");
    scripted()->refusals[0] =
        (struct scripted_refusal){99, "Title", "Bad", ORG_RECORD_DEAD, "X", NULL, NULL};
    scripted()->refusals[1] = (struct scripted_refusal){
        99, "Country", "Atlantis", ORG_RECORD_DROP_FIELD, "INVALID", "Country", NULL};
    scripted()->refusals[2] = (struct scripted_refusal){
        99, "Email", "c@x.io", ORG_RECORD_DUPLICATE, "DUPLICATES_DETECTED", NULL, known->id};
    scripted()->poison = "Poison";
    scripted()->poison_class = ORG_BISECT;
    told = tell_troubles(&rig);
    mem_fail_at(nth);
    rig_deliver(&rig);
    struct store_counters t = await_ended_soon(&rig, told, nth);
    left = mem_fail_at(0);
    check_troubles(nth, &t);
    CHECK_INT(intents_in_store(&rig), 0);
    rig_close(&rig);
    return left == 0;
}

/* A create is carried out and its answer lost; then a look-up fails. */
static bool lost_answer_with_failure(size_t nth)
{
    struct rig rig;
    size_t left;

    rig_open(&rig, "    unknown_outcome_wait: 1s\n    linger: 0s\n");
    scripted()->faults[STEP_CREATE] = (struct scripted_fault){1, ORG_RETRY, "TIMEOUT", true, true};
    scripted()->faults[STEP_FIND] = (struct scripted_fault){1, ORG_RETRY, "TIMEOUT", false, false};
    identify(&rig, "\"email\":\"a@x.io\",\"city\":\"Rome\"");
    identify(&rig, "\"email\":\"b@x.io\",\"city\":\"Rome\"");
    mem_fail_at(nth);
    rig_deliver(&rig);
    struct store_counters t = await_ended_soon(&rig, 2, nth);
    left = mem_fail_at(0);
    if (scripted_count("Lead", NULL, NULL) != 2)
        fail_msg("allocation %zu: %d Leads", nth, scripted_count("Lead", NULL, NULL));
    CHECK_INT(scripted_count("Lead", "City", "Rome"), 2);
    CHECK_INT(t.by_state[STORE_DEAD], 0);
    CHECK_INT(intents_in_store(&rig), 0);
    rig_close(&rig);
    return left == 0;
}

static bool equal_by_base_letters(const char *a, const char *b)
{
    char *base_a = utf8_base_letters(a, strlen(a)), *base_b = utf8_base_letters(b, strlen(b));
    bool equal = strcmp(base_a, base_b) == 0;

    mem_free(base_a);
    mem_free(base_b);
    return equal;
}

/* Two keys that are one to the org, and the answer to the first create is lost. */
static bool like_keys_with_failure(size_t nth)
{
    static const struct schema_field text = {.type = FIELD_STRING, .length = 80};
    struct rig rig;
    size_t left;

    rig_open(&rig, "    custom_lead_lookup_fields: {x: X__c}\n"
                   "    unknown_outcome_wait: 1s\n    linger: 0s\n");
    scripted()->extra = &text;
    scripted()->equal = equal_by_base_letters;
    scripted()->faults[STEP_CREATE] = (struct scripted_fault){1, ORG_RETRY, "TIMEOUT", true, true};
    identify(&rig, "\"x\":\"Jos\xC3\xA9\",\"city\":\"Rome\"");
    identify(&rig, "\"x\":\"Jose\",\"title\":\"VP\"");
    mem_fail_at(nth);
    rig_deliver(&rig);
    struct store_counters t = await_ended_soon(&rig, 2, nth);
    left = mem_fail_at(0);
    if (scripted_count("Lead", NULL, NULL) != 1)
        fail_msg("allocation %zu: %d Leads", nth, scripted_count("Lead", NULL, NULL));
    CHECK_INT(scripted_count("Lead", "City", "Rome"), 1);
    CHECK_INT(scripted_count("Lead", "Title", "VP"), 1);
    CHECK_INT(t.by_state[STORE_DEAD], 0);
    CHECK_INT(intents_in_store(&rig), 0);
    rig_close(&rig);
    return left == 0;
}

static void fail_each_of(bool (*story)(size_t nth))
{
    size_t nth = 1;

    begin_failures();
    while (story(nth))
        nth++;
    end_failures(nth - 1);
}

TEST(whichever_allocation_fails_from_the_start_everybody_has_one_lead)
{
    fail_each(SCRIPTED_STEPS, false);
}

TEST(whichever_allocation_fails_after_a_look_up_everybody_has_one_lead)
{
    fail_each(STEP_FIND, false);
}

TEST(whichever_allocation_fails_with_known_records_everybody_has_one_lead)
{
    fail_each(SCRIPTED_STEPS, true);
}

TEST(whichever_allocation_fails_while_the_org_refuses_each_event_ends_as_it_should)
{
    fail_each_of(troubles_with_failure);
}

TEST(whichever_allocation_fails_after_a_lost_answer_everybody_has_one_lead)
{
    fail_each_of(lost_answer_with_failure);
}

TEST(whichever_allocation_fails_two_keys_that_are_one_to_the_org_have_one_lead)
{
    fail_each_of(like_keys_with_failure);
}

TEST_MAIN(TEST_CASE(whichever_allocation_fails_from_the_start_everybody_has_one_lead),
          TEST_CASE(whichever_allocation_fails_after_a_look_up_everybody_has_one_lead),
          TEST_CASE(whichever_allocation_fails_with_known_records_everybody_has_one_lead),
          TEST_CASE(whichever_allocation_fails_while_the_org_refuses_each_event_ends_as_it_should),
          TEST_CASE(whichever_allocation_fails_after_a_lost_answer_everybody_has_one_lead),
          TEST_CASE(whichever_allocation_fails_two_keys_that_are_one_to_the_org_have_one_lead))
