/* Memory runs out once, at every allocation in turn: what was accepted arrives, once. */
#include "delivery_rig.h"

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
static void fail_each(int step, bool known)
{
    size_t nth = 1;

    if (mem_fail_at(0) != 0) {
        print_message("skipped: needs a build with -Dfault_memory=true\n");
        skip();
    }
    mem_fail_spare(true);
    clock_freeze(1795428468000);
    while (story_with_failure(nth, step, known))
        nth++;
    print_message("%zu allocations failed, one at a time\n", nth - 1);
    clock_thaw();
    mem_fail_spare(false);
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

TEST_MAIN(TEST_CASE(whichever_allocation_fails_from_the_start_everybody_has_one_lead),
          TEST_CASE(whichever_allocation_fails_after_a_look_up_everybody_has_one_lead),
          TEST_CASE(whichever_allocation_fails_with_known_records_everybody_has_one_lead))
