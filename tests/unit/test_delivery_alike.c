/* Keys that only the org can tell apart, or not: never a second Lead, and nobody waits for ever. */
#include "delivery_rig.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "delivery/poison.h"

#define LOOKS_UP_X "    custom_lead_lookup_fields: {x: X__c}\n"

static const struct schema_field text = {.type = FIELD_STRING, .length = 80};

/* Two values in JSON; the org that compares loosely calls them one. */
static const struct {
    struct schema_field field;
    const char *a, *b;
} pairs[] = {
    {{.type = FIELD_STRING, .length = 80}, "\"Jose\"", "\"Jos\xC3\xA9\""},
    {{.type = FIELD_EMAIL, .length = 80}, "\"jose@x.io\"", "\"jos\xC3\xA9@x.io\""},
    {{.type = FIELD_STRING, .length = 80}, "\"ABC\"", "\"\xEF\xBC\xA1\xEF\xBC\xA2\xEF\xBC\xA3\""},
    {{.type = FIELD_STRING, .length = 80},
     "\"STRASSE\xCC\x81\"",
     "\"stra\xC3\x9F"
     "e\""},
    {{.type = FIELD_STRING, .length = 80}, "\"Ann\"", "\"Ann\xC2\xA0\""},
    {{.type = FIELD_STRING, .length = 80, .case_sensitive = true}, "\"aB1\"", "\"ab1\""},
    {{.type = FIELD_DOUBLE, .precision = 18}, "9007199254740993", "9007199254740992"},
};
#define PAIRS (sizeof pairs / sizeof pairs[0])

/* By base letters, or as numbers as far as the wire carries them. */
static bool equal_loosely(const char *a, const char *b)
{
    char *end_a, *end_b, *base_a = utf8_base_letters(a, strlen(a)),
                         *base_b = utf8_base_letters(b, strlen(b));
    double x = strtod(a, &end_a), y = strtod(b, &end_b);
    bool numbers = *end_a == '\0' && *end_b == '\0' && end_a != a && end_b != b;
    bool equal = numbers ? x == y : strcasecmp(base_a, base_b) == 0;

    mem_free(base_a);
    mem_free(base_b);
    return equal;
}

static bool equal_exactly(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static void open_by_x(struct rig *rig, const struct schema_field *field, const char *extra)
{
    char lines[300];

    snprintf(lines, sizeof lines, "%s%s", LOOKS_UP_X, extra);
    rig_open(rig, lines);
    scripted()->extra = field;
    scripted()->equal = equal_loosely;
}

static void identify_x(struct rig *rig, const char *json, const char *more)
{
    char *traits = mem_format("\"x\":%s%s", json, more);

    identify(rig, traits);
    mem_free(traits);
}

/* Both values, in either order. */
static const char *first_of(size_t pair, int order)
{
    return order == 0 ? pairs[pair].a : pairs[pair].b;
}

static void check_one_lead(size_t pair, int order)
{
    if (scripted_count("Lead", NULL, NULL) != 1)
        fail_msg("%s, then %s: %d Leads", first_of(pair, order), first_of(pair, 1 - order),
                 scripted_count("Lead", NULL, NULL));
    CHECK_INT(scripted_count("Lead", "Title", "VP"), 1);
    CHECK_INT(scripted_count("Lead", "City", "Rome"), 1);
}

static void await_calls(enum scripted_step step, int calls)
{
    int64_t deadline = clock_mono() + PATIENCE_MS;

    while (scripted()->calls[step] < calls) {
        if (clock_mono() > deadline)
            fail_msg("only %d of %d calls of step %d", scripted()->calls[step], calls, step);
        usleep(1000);
    }
}

TEST(two_new_keys_of_one_look_up_that_the_org_calls_equal_make_one_lead)
{
    for (size_t i = 0; i < PAIRS; i++)
        for (int order = 0; order <= 1; order++) {
            struct rig rig;

            open_by_x(&rig, &pairs[i].field, "");
            identify_x(&rig, first_of(i, order), ",\"title\":\"VP\"");
            identify_x(&rig, first_of(i, 1 - order), ",\"city\":\"Rome\"");
            rig_deliver(&rig);
            CHECK_INT(await_ended(&rig, 2).by_state[STORE_DEAD], 0);
            check_one_lead(i, order);
            CHECK(scripted()->calls[STEP_FIND] <= 2);
            CHECK_INT(scripted()->calls[STEP_CREATE], 1);
            rig_close(&rig);
        }
}

TEST(a_new_key_that_comes_while_its_like_is_created_is_looked_up_afterwards)
{
    for (int order = 0; order <= 1; order++) {
        struct rig rig;

        open_by_x(&rig, &text, "    linger: 1ms\n");
        scripted()->save_ms = 200;
        rig_deliver(&rig);
        identify_x(&rig, first_of(0, order), ",\"title\":\"VP\"");
        await_calls(STEP_FIND, 1);
        identify_x(&rig, first_of(0, 1 - order), ",\"city\":\"Rome\"");
        CHECK_INT(await_ended(&rig, 2).by_state[STORE_DEAD], 0);
        check_one_lead(0, order);
        rig_close(&rig);
    }
}

TEST(keys_that_the_org_tells_apart_are_two_leads_all_the_same)
{
    struct rig rig;

    open_by_x(&rig, &text, "");
    scripted()->equal = equal_exactly;
    identify_x(&rig, pairs[0].a, ",\"title\":\"VP\"");
    identify_x(&rig, pairs[0].b, ",\"city\":\"Rome\"");
    rig_deliver(&rig);
    CHECK_INT(await_ended(&rig, 2).by_state[STORE_DEAD], 0);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 2);
    CHECK_INT(scripted()->calls[STEP_FIND], 2);
    CHECK_INT(scripted()->calls[STEP_CREATE], 2);
    rig_close(&rig);
}

TEST(a_refused_record_lets_its_like_have_its_turn)
{
    struct rig rig;

    open_by_x(&rig, &text, "");
    scripted()->refusals[0] = (struct scripted_refusal){
        99, "Title", "VP", ORG_RECORD_DEAD, "FIELD_CUSTOM_VALIDATION_EXCEPTION", NULL, NULL};
    identify_x(&rig, pairs[0].a, ",\"title\":\"VP\"");
    identify_x(&rig, pairs[0].b, ",\"city\":\"Rome\"");
    rig_deliver(&rig);
    CHECK_INT(await_ended(&rig, 2).by_state[STORE_DEAD], 1);
    check_receipt(&rig, "m2", STORE_WRITTEN, NULL);
    /* What the first knew of there being none has ended with its turn. */
    identify_x(&rig, pairs[0].a, ",\"company\":\"Acme\"");
    await_ended(&rig, 3);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK_INT(scripted_count("Lead", "Company", "Acme"), 1);
    rig_close(&rig);
}

/* The create of one is cut off, and comes through much later. */
TEST(a_key_waits_for_the_lost_create_of_its_like)
{
    for (int order = 0; order <= 1; order++) {
        struct rig rig;

        open_by_x(&rig, &text, "    unknown_outcome_wait: 10m\n");
        scripted()->faults[STEP_CREATE] = (struct scripted_fault){1, ORG_RETRY, "CUT", true, false};
        rig_deliver(&rig);
        identify_x(&rig, first_of(0, order), ",\"title\":\"VP\"");
        await_calls(STEP_CREATE, 1);
        identify_x(&rig, first_of(0, 1 - order), ",\"city\":\"Rome\"");
        await_calls(STEP_FIND, 8);
        CHECK_INT(scripted()->calls[STEP_CREATE], 1);
        scripted_add("Lead", "X__c", order == 0 ? "Jose" : "Jos\xC3\xA9");
        CHECK_INT(await_ended(&rig, 2).by_state[STORE_DEAD], 0);
        check_one_lead(0, order);
        CHECK_INT(intents_in_store(&rig), 0);
        rig_close(&rig);
    }
}

/* The process ends between the create and its receipt: only the intent in the store tells. */
TEST(a_key_waits_for_the_create_of_its_like_that_a_crash_cut_off)
{
    static const char *const keys[] = {"Lead 4:x__c 4:jose", "Lead 4:x__c 5:jos\xC3\xA9"};

    for (int order = 0; order <= 1; order++)
        for (int described = 0; described <= 1; described++) {
            struct rig rig;
            struct err err;

            open_by_x(&rig, &text, "    unknown_outcome_wait: 10m\n");
            if (described) { /* an earlier run has left a schema */
                rig_deliver(&rig);
                identify_x(&rig, "\"Somebody else\"", "");
                await_ended(&rig, 1);
                rig_stop_delivery(&rig);
            }
            int creates = scripted()->calls[STEP_CREATE], finds = scripted()->calls[STEP_FIND];
            CHECK_INT(writer_intend(rig.writer, "Salesforce", &keys[order], 1, clock_wall(), &err),
                      0);
            identify_x(&rig, first_of(0, 1 - order), ",\"city\":\"Rome\",\"title\":\"VP\"");
            rig_deliver(&rig);
            await_calls(STEP_FIND, finds + 3);
            CHECK_INT(scripted()->calls[STEP_CREATE], creates);
            scripted_add("Lead", "X__c", order == 0 ? "Jose" : "Jos\xC3\xA9");
            await_ended(&rig, 1 + described);
            CHECK_INT(scripted_count("Lead", NULL, NULL), 1 + described);
            CHECK_INT(scripted_count("Lead", "Title", "VP"), 1);
            rig_close(&rig);
        }
}

/* ---- what it costs ---- */

#define MANY 1000

static int calls_made(void)
{
    return scripted()->calls[STEP_FIND] + scripted()->calls[STEP_CREATE] +
           scripted()->calls[STEP_UPDATE];
}

TEST(a_thousand_new_people_cost_no_further_call)
{
    struct rig rig;

    open_by_x(&rig, &text, "");
    scripted()->equal = equal_exactly;
    for (int i = 0; i < MANY; i++) {
        char json[20];
        snprintf(json, sizeof json, "\"Jose%d\"", i);
        identify_x(&rig, json, "");
    }
    rig_deliver(&rig);
    await_ended(&rig, MANY);
    CHECK_INT(scripted()->calls[STEP_FIND], 1);
    CHECK_INT(scripted()->calls[STEP_CREATE], MANY / 200);
    CHECK_INT(scripted_count("Lead", NULL, NULL), MANY);
    rig_close(&rig);
}

/* The character at *at, of which an é is an e. */
static char next_but_for_e(const char **at)
{
    bool accent = strncmp(*at, "\xC3\xA9", 2) == 0;
    char c = accent ? 'e' : **at;

    *at += accent ? 2 : 1;
    return c;
}

/* Cheap, for it compares every value with every other. */
static bool equal_but_for_e(const char *a, const char *b)
{
    for (;;) {
        char of_a = next_but_for_e(&a), of_b = next_but_for_e(&b);
        if (of_a != of_b)
            return false;
        if (of_a == '\0')
            return true;
    }
}

/* A round for the first of each pair, and one for the second. */
TEST(a_thousand_pairs_cost_at_most_a_call_more_for_each_two_hundred)
{
    for (int alike = 0; alike <= 1; alike++) {
        struct rig rig;

        open_by_x(&rig, &text, "");
        scripted()->equal = alike ? equal_but_for_e : equal_exactly;
        for (int i = 0; i < 2 * MANY; i++) {
            char json[20];
            snprintf(json, sizeof json, i < MANY ? "\"Jose%d\"" : "\"Jos\xC3\xA9%d\"", i % MANY);
            identify_x(&rig, json, ",\"title\":\"VP\"");
        }
        rig_deliver(&rig);
        await_ended(&rig, 2 * MANY);
        CHECK_INT(scripted_count("Lead", NULL, NULL), alike ? MANY : 2 * MANY);
        print_message("%d pairs that the org calls %s: %d look-ups, %d creates, %d updates\n", MANY,
                      alike ? "one" : "two", scripted()->calls[STEP_FIND],
                      scripted()->calls[STEP_CREATE], scripted()->calls[STEP_UPDATE]);
        CHECK(calls_made() <= 1 + 3 * MANY / 200 + 2 * MANY / 200);
        rig_close(&rig);
    }
}

/* All are one to the org, or none is: each has its turn, in the order they came. */
TEST(of_many_like_keys_each_has_its_turn)
{
    static const char *const marks[] = {"\xCC\x80", "\xCC\x81", "\xCC\x82", "\xCC\x83",
                                        "\xCC\x84", "\xCC\x85", "\xCC\x86", "\xCC\x87"};
    const int count = 40;

    for (int alike = 0; alike <= 1; alike++) {
        struct rig rig;

        open_by_x(&rig, &text, "    linger: 1ms\n");
        scripted()->equal = alike ? equal_loosely : equal_exactly;
        for (int i = 0; i < count; i++) {
            char *json = mem_format("\"q%sq%s\"", marks[i / 8], marks[i % 8]);
            identify_x(&rig, json, ",\"title\":\"VP\"");
            mem_free(json);
        }
        rig_deliver(&rig);
        CHECK_INT(await_ended(&rig, count).by_state[STORE_DEAD], 0);
        CHECK_INT(scripted_count("Lead", NULL, NULL), alike ? 1 : count);
        CHECK_INT(scripted()->calls[STEP_FIND], count);
        rig_close(&rig);
    }
}

/* A stranger may send one address in any number of spellings. */
TEST(what_very_many_like_keys_cost_is_bounded_in_an_hour)
{
    struct rig rig;

    open_by_x(&rig, &text, "    linger: 1ms\n    refused_window: 1h\n");
    for (int i = 0; i < 3 * POISON_WRITES; i++) {
        char *json = mem_format(
            "\"q%s%s%s%s%s%s%s%sq\"", i & 1 ? "\xCC\x80" : "", i & 2 ? "\xCC\xA3" : "",
            i & 4 ? "\xCC\x82" : "", i & 8 ? "\xCC\xAE" : "", i & 16 ? "\xCC\x84" : "",
            i & 32 ? "\xCC\xA5" : "", i & 64 ? "\xCC\x86" : "", i & 128 ? "\xCC\xB1" : "");
        identify_x(&rig, json, "");
        mem_free(json);
    }
    rig_deliver(&rig);
    await_ended(&rig, POISON_WRITES + 1);
    identify_x(&rig, "\"Somebody else\"", "");
    await_ended(&rig, POISON_WRITES + 2); /* who waits is in nobody's way */
    CHECK_INT(scripted_count("Lead", "X__c", "qq"), 1);
    CHECK(calls_made() <= 2 * POISON_WRITES + 4);
    rig_close(&rig);
}

TEST_MAIN(TEST_CASE(two_new_keys_of_one_look_up_that_the_org_calls_equal_make_one_lead),
          TEST_CASE(a_new_key_that_comes_while_its_like_is_created_is_looked_up_afterwards),
          TEST_CASE(keys_that_the_org_tells_apart_are_two_leads_all_the_same),
          TEST_CASE(a_refused_record_lets_its_like_have_its_turn),
          TEST_CASE(a_key_waits_for_the_lost_create_of_its_like),
          TEST_CASE(a_key_waits_for_the_create_of_its_like_that_a_crash_cut_off),
          TEST_CASE(a_thousand_new_people_cost_no_further_call),
          TEST_CASE(a_thousand_pairs_cost_at_most_a_call_more_for_each_two_hundred),
          TEST_CASE(of_many_like_keys_each_has_its_turn),
          TEST_CASE(what_very_many_like_keys_cost_is_bounded_in_an_hour))
