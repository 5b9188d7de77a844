/* A look-up field that gets another type in the org in mid-run makes nobody a second Lead. */
#include "delivery_rig.h"

#include <string.h>

#define MINUTE (INT64_C(60) * 1000)
#define TURN   20 /* ms that the frozen clock moves for each that passes */

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

static const struct schema_field as_text = {.type = FIELD_STRING, .length = 80},
                                 as_number = {.type = FIELD_DOUBLE, .precision = 18};

static bool equal_texts(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static bool equal_numbers(const char *a, const char *b)
{
    return strtod(a, NULL) == strtod(b, NULL);
}

/* The create of "07" is under way when X__c becomes a number and "7" comes. */
static void rig_open_changing(struct rig *rig)
{
    clock_freeze(clock_wall());
    rig_open(rig, "    custom_lead_lookup_fields: {x: X__c}\n    unknown_outcome_wait: 10m\n");
    scripted()->extra = &as_text;
    scripted()->equal = equal_texts;
    scripted()->save_ms = 300;
    identify(rig, "\"x\":\"07\",\"title\":\"VP\"");
    rig_deliver(rig);
    for (int i = 0; scripted()->calls[STEP_FIND] == 0 && i < PATIENCE_MS; i++, usleep(1000))
        clock_advance(TURN);
    for (int i = 0; scripted()->saving == 0 && i < PATIENCE_MS; i++)
        usleep(1000);
    CHECK_INT(scripted()->saving, 1); /* for 300 ms */
    scripted()->extra = &as_number;
    scripted()->equal = equal_numbers;
    clock_advance(31 * MINUTE);
    identify(rig, "\"x\":7,\"city\":\"Rome\"");
}

TEST(a_look_up_field_that_becomes_a_number_while_a_lead_is_made_makes_no_second_one)
{
    struct rig rig;

    rig_open_changing(&rig);
    CHECK_INT(turn_until_ended(&rig, 2).by_state[STORE_DEAD], 0);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK_INT(scripted_count("Lead", "Title", "VP"), 1);
    CHECK_INT(scripted_count("Lead", "City", "Rome"), 1);
    CHECK_INT(scripted()->calls[STEP_DESCRIBE], 2);
    rig_close(&rig);
    clock_thaw();
}

TEST(a_lost_create_of_a_key_that_is_written_otherwise_meanwhile_is_waited_for)
{
    struct rig rig;

    rig_open_changing(&rig);
    scripted()->faults[STEP_CREATE] = (struct scripted_fault){1, ORG_RETRY, "CUT", true, false};
    for (int i = 0; scripted()->calls[STEP_FIND] < 4 && i < PATIENCE_MS / 4; i++, usleep(1000))
        clock_advance(TURN);
    CHECK(scripted()->calls[STEP_FIND] >= 4);
    CHECK_INT(scripted()->calls[STEP_CREATE], 1);
    scripted_add("Lead", "X__c", "7");
    CHECK_INT(turn_until_ended(&rig, 2).by_state[STORE_DEAD], 0);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK_INT(intents_in_store(&rig), 0);
    rig_close(&rig);
    clock_thaw();
}

/* ---- whatever happens, in whatever order ---- */

#define PEOPLE 6
#define DEEDS  40
#define SEEDS  24

static bool equal_days(const char *a, const char *b)
{
    return strncmp(a, b, strlen("2026-11-23")) == 0;
}

/* A field before and after its change, and how a person is told: by one spelling at first, by any
   of them later. */
static const struct change {
    struct schema_field before, after;
    bool (*equal_before)(const char *a, const char *b),
        (*equal_after)(const char *a, const char *b);
    const char *spellings[4];
} changes[] = {
    {{.type = FIELD_STRING, .length = 80},
     {.type = FIELD_DOUBLE, .precision = 18},
     equal_texts,
     equal_numbers,
     {"0%d", "%d", "%d.0", "%de0"}},
    {{.type = FIELD_DATE},
     {.type = FIELD_DATETIME},
     equal_days,
     equal_days,
     {"2026-11-1%d", "2026-11-1%dT00:00:00Z", "2026-11-1%dT01:00:00+01:00", "2026-11-1%d 00:00"}},
};

struct play {
    struct rig rig;
    const struct change *change;
    unsigned seed;
    bool changed, told[PEOPLE];
    int sent;
};

static int draw(struct play *play, int below)
{
    play->seed = play->seed * 1103515245 + 12345;
    return (int)(play->seed >> 16 & 0x7fff) % below;
}

static void tell(struct play *play, int who)
{
    int how = play->changed ? draw(play, 4) : 0;
    char spelled[40], traits[120];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(spelled, sizeof spelled, play->change->spellings[how], who + 1);
#pragma GCC diagnostic pop
    snprintf(traits, sizeof traits, "\"x\":\"%s\",\"title\":\"%d\"", spelled, play->sent);
    identify(&play->rig, traits);
    play->told[who] = true;
    play->sent++;
}

/* Of somebody who is being looked up, or made, or is no further yet. */
static void change_type(struct play *play)
{
    int who = draw(play, PEOPLE);

    tell(play, who);
    for (int turns = draw(play, 40); turns > 0; turns--, usleep(1000))
        clock_advance(TURN);
    scripted()->extra = &play->change->after;
    scripted()->equal = play->change->equal_after;
    play->changed = true;
    clock_advance(31 * MINUTE);
    tell(play, who);
}

static void lose_an_answer(struct play *play)
{
    struct scripted_org *org = scripted();

    pthread_mutex_lock(&org->mutex);
    org->faults[STEP_CREATE] =
        (struct scripted_fault){1, ORG_RETRY, "CUT", true, draw(play, 2) == 0};
    pthread_mutex_unlock(&org->mutex);
}

static void pass_time(struct play *play)
{
    for (int turns = draw(play, 20); turns > 0; turns--, usleep(500))
        clock_advance(TURN);
}

static void restart(struct play *play)
{
    rig_stop_delivery(&play->rig);
    rig_deliver(&play->rig);
}

static void do_something(struct play *play)
{
    int what = draw(play, 12);

    if (what < 5)
        tell(play, draw(play, PEOPLE));
    else if (what < 8)
        pass_time(play);
    else if (what < 10)
        lose_an_answer(play);
    else if (what == 10)
        restart(play);
    else
        clock_advance(31 * MINUTE); /* described anew, and nothing has changed */
}

static void play_once(unsigned seed)
{
    struct play play = {.change = &changes[seed % 2], .seed = seed * 7919};
    int people = 0;

    clock_freeze(clock_wall());
    rig_open(&play.rig, "    custom_lead_lookup_fields: {x: X__c}\n    unknown_outcome_wait: 2s\n");
    scripted()->extra = &play.change->before;
    scripted()->equal = play.change->equal_before;
    scripted()->save_ms = draw(&play, 100);
    rig_deliver(&play.rig);
    for (int i = 0, when = 5 + draw(&play, DEEDS - 10); i < DEEDS; i++) {
        if (i == when)
            change_type(&play);
        do_something(&play);
    }
    struct store_counters t = turn_until_ended(&play.rig, play.sent);
    for (int i = 0; i < PEOPLE; i++)
        people += play.told[i];
    if (scripted_count("Lead", NULL, NULL) != people || t.by_state[STORE_DEAD] > 0)
        fail_msg("seed %u: %d people, %d Leads, %d dead letters", seed, people,
                 scripted_count("Lead", NULL, NULL), (int)t.by_state[STORE_DEAD]);
    rig_close(&play.rig);
    clock_thaw();
}

TEST(however_describes_events_and_lost_answers_follow_each_other_everybody_has_one_lead)
{
    for (unsigned seed = 1; seed <= SEEDS; seed++)
        play_once(seed);
}

TEST_MAIN(
    TEST_CASE(a_look_up_field_that_becomes_a_number_while_a_lead_is_made_makes_no_second_one),
    TEST_CASE(a_lost_create_of_a_key_that_is_written_otherwise_meanwhile_is_waited_for),
    TEST_CASE(however_describes_events_and_lost_answers_follow_each_other_everybody_has_one_lead))
