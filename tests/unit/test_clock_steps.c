/* Somebody turns the wall clock, at every moment of a delivery, forward and back: no promise
   is broken.  The scripted org turns it while it answers its n-th call. */
#include "delivery_rig.h"

#define HOUR   (INT64_C(3600) * 1000)
#define DAY    (24 * HOUR)
#define YEAR   (365 * DAY)
#define CALLS  7  /* that the first event takes here, with a look-up or two less */
#define WAIT   60 /* unknown_outcome_wait */
#define REPEAT "    unknown_outcome_wait: 60ms\n    linger: 2ms\n"

static const int64_t turns[] = {HOUR, -HOUR, YEAR, -YEAR};

/* A person's create is cut and never comes through, its look-up fails once, its row is locked:
   an event that passes through every kind of wait. */
static void script(int turn_at, int64_t turn_ms)
{
    scripted()->faults[STEP_FIND] =
        (struct scripted_fault){1, ORG_RETRY, "CONNECTION", false, false};
    scripted()->faults[STEP_CREATE] = (struct scripted_fault){1, ORG_RETRY, "TIMEOUT", true, false};
    scripted()->refusals[0] = (struct scripted_refusal){
        2, "Email", "a@x.io", ORG_RECORD_RETRY, "UNABLE_TO_LOCK_ROW", NULL, NULL};
    scripted()->turn_at = turn_at;
    scripted()->turn_ms = turn_ms;
}

/* One Lead, and what was cut was not repeated before its time. */
static void check_one_lead(void)
{
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK(scripted()->calls[STEP_CREATE] >= 2);
    CHECK(scripted()->called_ms[STEP_CREATE][1] - scripted()->called_ms[STEP_CREATE][0] >= WAIT);
}

/* What was said later wins, also over what came in before the clock was turned. */
static void check_order(struct rig *rig, int64_t ended)
{
    identify_at(rig, "\"email\":\"a@x.io\",\"title\":\"third\"", 0);
    await_ended(rig, ended + 1);
    CHECK_STR(lead("a@x.io", "Title"), "third");
    identify_at(rig, "\"email\":\"a@x.io\",\"title\":\"late\"", 60);
    await_ended(rig, ended + 2);
    CHECK_STR(lead("a@x.io", "Title"), "third");
}

static void run_through(int64_t turn_ms, int turn_at)
{
    struct rig rig;

    rig_open(&rig, REPEAT);
    script(turn_at, turn_ms);
    rig_deliver(&rig);
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"first\"", 30);
    await_ended(&rig, 1);
    check_one_lead();
    int finds = scripted()->calls[STEP_FIND];
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"second\"", 20);
    await_ended(&rig, 2);
    CHECK_STR(lead("a@x.io", "Title"), "second");
    check_order(&rig, 2);
    CHECK_INT(scripted()->calls[STEP_FIND], finds); /* the record is as well known as before */
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 1); /* and its object as fresh */
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    rig_close(&rig);
    clock_thaw();
}

TEST(a_step_of_the_clock_at_any_moment_changes_nothing)
{
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++)
        for (int call = 1; call <= CALLS; call++)
            run_through(turns[i], call);
}

/* Stops delivery when the org has had that many calls, or all is done. */
static void stop_after(struct rig *rig, int calls)
{
    int64_t deadline = clock_mono() + PATIENCE_MS;

    while (scripted()->all_calls < calls && counters_of(rig).by_state[STORE_WAITING] > 0) {
        CHECK(clock_mono() < deadline);
        usleep(1000);
    }
    rig_stop_delivery(rig);
}

static void restart(int64_t turn_ms, int after_calls)
{
    struct rig rig;

    rig_open(&rig, REPEAT);
    script(0, 0);
    rig_deliver(&rig);
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"first\"", 30);
    stop_after(&rig, after_calls);
    clock_step_wall(turn_ms);
    clock_restart();
    rig_deliver(&rig);
    await_ended(&rig, 1); /* within seconds: no retry waits for the day to come round */
    check_one_lead();
    CHECK_STR(lead("a@x.io", "Title"), "first");
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"second\"", 0);
    await_ended(&rig, 2);
    CHECK_STR(lead("a@x.io", "Title"), "second");
    check_order(&rig, 2);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    rig_close(&rig);
    clock_thaw();
}

TEST(a_clock_turned_between_two_runs_makes_no_second_lead_and_keeps_nothing_waiting)
{
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++)
        for (int calls = 1; calls <= CALLS; calls++)
            restart(turns[i], calls);
}

/* However far back the clock is, the record of a run whose clock was ahead is looked up. */
TEST(a_record_remembered_in_the_future_is_looked_up_again)
{
    struct rig rig;

    rig_open(&rig, "");
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"Boss\""); /* said in the future, too */
    await_ended(&rig, 1);
    rig_stop_delivery(&rig);
    clock_step_wall(-DAY);
    clock_restart();
    rig_deliver(&rig);
    int finds = scripted()->calls[STEP_FIND];
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"VP\"");
    await_ended(&rig, 2);
    CHECK_INT(scripted()->calls[STEP_FIND], finds + 1);
    CHECK_STR(lead("a@x.io", "Title"), "VP");
    rig_close(&rig);
    clock_thaw();
}

TEST_MAIN(TEST_CASE(a_step_of_the_clock_at_any_moment_changes_nothing),
          TEST_CASE(a_clock_turned_between_two_runs_makes_no_second_lead_and_keeps_nothing_waiting),
          TEST_CASE(a_record_remembered_in_the_future_is_looked_up_again))
