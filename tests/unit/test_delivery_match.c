/* One person is one record, however person, org and memory behave. */
#include "delivery_rig.h"

#include <strings.h>

#include "equal_values.h"

/* ---- one person, spelled in many ways ---- */

#define LOOKS_UP_X "    custom_lead_lookup_fields: {x: X__c}\n"

static const struct equal_values *values; /* of the present round */

static bool is_listed(const char *text)
{
    for (int i = 0; i < EQUAL_SPELLINGS && values->rows[i] != NULL; i++)
        if (strcmp(values->rows[i], text) == 0)
            return true;
    return false;
}

/* As the org compares: by value, which the list knows. */
static bool equal_to_the_org(const char *a, const char *b)
{
    bool exact = values->field.case_sensitive || values->field.type == FIELD_REFERENCE;

    return (exact ? strcmp(a, b) : strcasecmp(a, b)) == 0 || (is_listed(a) && is_listed(b));
}

/* As an org compares that tells accents apart. */
static bool equal_by_case(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

static void rig_open_by_x(struct rig *rig, const char *extra)
{
    char lines[300];

    snprintf(lines, sizeof lines, "%s%s", LOOKS_UP_X, extra);
    rig_open(rig, lines);
    scripted()->extra = &values->field;
    scripted()->equal = equal_to_the_org;
}

static void identify_x(struct rig *rig, const char *json)
{
    char traits[200];

    snprintf(traits, sizeof traits, "\"x\":%s", json);
    identify(rig, traits);
}

static int identify_spellings(struct rig *rig)
{
    int sent = 0;

    for (; sent < EQUAL_SPELLINGS && values->events[sent] != NULL; sent++)
        identify_x(rig, values->events[sent]);
    return sent;
}

static void check_leads(int count)
{
    if (scripted_count("Lead", NULL, NULL) != count)
        fail_msg("%s, %s: %d Leads", field_type_name(values->field.type), values->events[0],
                 scripted_count("Lead", NULL, NULL));
}

TEST(however_a_value_is_written_it_makes_one_lead)
{
    for (size_t i = 0; i < EQUAL_VALUES; i++) {
        struct rig rig;

        values = &equal_values[i];
        rig_open_by_x(&rig, "");
        int sent = identify_spellings(&rig);
        identify_x(&rig, values->other_event);
        rig_deliver(&rig);
        struct store_counters t = await_ended(&rig, sent + 1);
        check_leads(2);
        CHECK_INT(t.by_state[STORE_WRITTEN], 2);
        rig_close(&rig);
    }
}

TEST(however_the_org_spells_a_value_its_lead_is_found)
{
    for (size_t i = 0; i < EQUAL_VALUES; i++)
        for (int k = 0; k < EQUAL_SPELLINGS && equal_values[i].rows[k] != NULL; k++) {
            struct rig rig;

            values = &equal_values[i];
            rig_open_by_x(&rig, "");
            scripted_add("Lead", "X__c", values->rows[k]);
            scripted_add("Lead", "X__c", values->other_row);
            int sent = identify_spellings(&rig);
            identify_x(&rig, values->other_event);
            rig_deliver(&rig);
            await_ended(&rig, sent + 1);
            check_leads(2);
            CHECK_INT(scripted()->calls[STEP_CREATE], 0);
            rig_close(&rig);
        }
}

/* The one that stands in the store has that key. */
static void check_intent_in_store(struct rig *rig, const char *key)
{
    struct store_intent *list = NULL;
    size_t count = 0;
    struct err err;

    CHECK_INT(rig->store->api->intents(rig->store, "Salesforce", &list, &count, &err), 0);
    CHECK_INT(count, 1);
    CHECK_STR(list[0].key, key);
    store_intents_free(list, count);
}

TEST(an_intent_whose_key_is_written_otherwise_is_found)
{
    static const struct equal_values number = {.field = {.type = FIELD_DOUBLE, .precision = 18},
                                               .rows = {"7", "7.0"}};
    static const char *const keys[] = {"Lead 4:x__c 3:7.0", "Lead 4:x__c 2:07"};

    for (int round = 0; round < 4; round++) {
        int described = round % 2;                /* with a schema on disk, and without */
        size_t key_count = 1 + (size_t)round / 2; /* two that turn out to be one, or one */
        struct rig rig;
        struct err err;

        values = &number;
        rig_open_by_x(&rig, "    unknown_outcome_wait: 10m\n");
        if (described) {
            rig_deliver(&rig);
            identify_x(&rig, "1");
            await_ended(&rig, 1);
            rig_stop_delivery(&rig);
        }
        int creates = scripted()->calls[STEP_CREATE], finds = scripted()->calls[STEP_FIND];
        CHECK_INT(writer_intend(rig.writer, "Salesforce", keys, key_count, clock_wall(), &err), 0);
        identify_x(&rig, "7e0");
        rig_deliver(&rig);
        int64_t deadline = clock_mono() + PATIENCE_MS;
        while (scripted()->calls[STEP_FIND] < finds + 2 && clock_mono() < deadline)
            usleep(1000);
        CHECK_INT(scripted()->calls[STEP_FIND] >= finds + 2, 1);
        CHECK_INT(scripted()->calls[STEP_CREATE], creates);
        check_intent_in_store(&rig, "Lead 4:x__c 1:7"); /* a restart finds it by the new key */
        scripted_add("Lead", "X__c", "7.0");
        await_ended(&rig, described + 1);
        CHECK_INT(scripted_count("Lead", "X__c", "7"), 1);
        CHECK_INT(intents_in_store(&rig), 0);
        rig_close(&rig);
    }
}

TEST(a_record_that_was_not_asked_for_is_nobodys)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->stray = scripted_add("Lead", "Email", "stranger@x.io");
    scripted()->strays = 2;
    scripted_add("Lead", "Email", "a@x.io");
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"VP\"");
    identify(&rig, "\"email\":\"b@x.io\",\"title\":\"VP\"");
    await_ended(&rig, 2);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 3);
    CHECK_STR(lead("a@x.io", "Title"), "VP");
    CHECK_STR(lead("b@x.io", "Title"), "VP");
    CHECK_STR(lead("stranger@x.io", "Title"), "(none)");
    rig_close(&rig);
}

TEST(a_look_up_that_always_brings_strangers_is_a_dead_letter_and_makes_nobody)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->stray = scripted_add("Lead", "Email", "stranger@x.io");
    scripted()->strays = 1000;
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"VP\"");
    await_ended(&rig, 1);
    check_receipt(&rig, "m1", STORE_DEAD, "FOREIGN_ROW");
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK_STR(lead("stranger@x.io", "Title"), "(none)");
    rig_close(&rig);
}

TEST(a_lead_that_is_equal_by_the_orgs_own_rules_is_found)
{
    static const struct {
        struct equal_values values;
        const char *event;
    } cases[] = {
        {{.field = {.type = FIELD_STRING, .length = 80}, .rows = {"Jose", "Jos\xC3\xA9"}},
         "\"Jose\""},
        /* as far as the wire carries a double */
        {{.field = {.type = FIELD_DOUBLE, .precision = 18},
          .rows = {"9007199254740993", "9.007199254740992E15"}},
         "9007199254740993"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rig rig;

        values = &cases[i].values;
        rig_open_by_x(&rig, "");
        scripted_add("Lead", "X__c", values->rows[1]);
        rig_deliver(&rig);
        char *traits = mem_format("%s,\"title\":\"VP\"", cases[i].event);
        identify_x(&rig, traits);
        mem_free(traits);
        await_ended(&rig, 1);
        CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
        CHECK_INT(scripted()->calls[STEP_CREATE], 0);
        check_receipt(&rig, "m1", STORE_WRITTEN, NULL); /* and not taken for a stranger's */
        rig_close(&rig);
    }
}

/* Two keys in one look-up, one row: what the org counts as equal only the org can tell. */
TEST(values_that_the_org_may_call_equal_are_each_asked_for)
{
    static const struct equal_values joses = {.field = {.type = FIELD_STRING, .length = 80},
                                              .rows = {"Jose", "Jos\xC3\xA9"}};

    for (int alike = 0; alike <= 1; alike++) {
        struct rig rig;

        values = &joses;
        rig_open_by_x(&rig, "");
        scripted()->equal = alike ? equal_to_the_org : equal_by_case;
        scripted_add("Lead", "X__c", "Jos\xC3\xA9");
        identify_x(&rig, "\"Jose\",\"title\":\"VP\"");
        identify_x(&rig, "\"Jos\xC3\xA9\",\"city\":\"Rome\"");
        identify_x(&rig, "\"Somebody else\"");
        rig_deliver(&rig);
        CHECK_INT(await_ended(&rig, 3).by_state[STORE_DEAD], 0);
        CHECK_INT(scripted_count("Lead", NULL, NULL), alike ? 2 : 3);
        CHECK_INT(scripted_count("Lead", "Title", "VP"), 1);
        CHECK_INT(scripted_count("Lead", "City", "Rome"), 1);
        CHECK_INT(scripted()->calls[STEP_FIND], 2);
        rig_close(&rig);
    }
}

/* ---- two keys, one record ---- */

/* a@x.io has a Lead, and a duplicate rule has said times times that b@x.io is the same. */
static struct scripted_record *rig_open_twins(struct rig *rig, int times)
{
    rig_open(rig, "");
    scripted()->refusals[0] = (struct scripted_refusal){times,
                                                        "Email",
                                                        "b@x.io",
                                                        ORG_RECORD_DUPLICATE,
                                                        "DUPLICATES_DETECTED",
                                                        NULL,
                                                        "00Q000000000001AAA"};
    rig_deliver(rig);
    identify_at(rig, "\"email\":\"a@x.io\"", 3600);
    await_ended(rig, 1);
    identify_at(rig, "\"email\":\"b@x.io\"", 3600);
    await_ended(rig, 2);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    return scripted_find("Lead", "Email", "a@x.io");
}

TEST(keys_that_turn_out_to_be_one_record_merge_into_one_write)
{
    struct rig rig;
    struct scripted_record *twin = rig_open_twins(&rig, 99);

    rig_stop_delivery(&rig);
    int updates = scripted()->calls[STEP_UPDATE];
    identify_at(&rig, "\"email\":\"b@x.io\",\"title\":\"old\",\"city\":\"Rome\"", 60);
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"new\"", 10);
    identify_at(&rig, "\"email\":\"b@x.io\",\"title\":\"oldest\",\"city\":\"Bari\"", 90);
    rig_deliver(&rig);
    await_ended(&rig, 5);
    CHECK_STR(scripted_value(twin, "Title"), "new");
    CHECK_STR(scripted_value(twin, "City"), "Rome");
    CHECK_INT(scripted()->calls[STEP_UPDATE], updates + 1);
    check_receipt(&rig, "m3", STORE_MERGED, NULL);
    check_receipt(&rig, "m4", STORE_WRITTEN, NULL);
    check_receipt(&rig, "m5", STORE_MERGED, NULL);
    /* What was written for one is known for the other. */
    identify_at(&rig, "\"email\":\"b@x.io\",\"title\":\"late\"", 30);
    await_ended(&rig, 6);
    CHECK_STR(scripted_value(twin, "Title"), "new");
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"late\"", 30);
    await_ended(&rig, 7);
    CHECK_STR(scripted_value(twin, "Title"), "new");
    rig_close(&rig);
}

TEST(a_record_made_in_the_same_call_is_found_by_its_twin)
{
    struct rig rig;

    rig_open(&rig, "");
    scripted()->refusals[0] = (struct scripted_refusal){99,
                                                        "Email",
                                                        "b@x.io",
                                                        ORG_RECORD_DUPLICATE,
                                                        "DUPLICATES_DETECTED",
                                                        NULL,
                                                        "00Q000000000001AAA"};
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"new\"", 10);
    identify_at(&rig, "\"email\":\"b@x.io\",\"title\":\"old\",\"city\":\"Rome\"", 60);
    rig_deliver(&rig);
    await_ended(&rig, 2);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK_STR(lead("a@x.io", "Title"), "new");
    CHECK_STR(lead("a@x.io", "City"), "Rome");
    rig_close(&rig);
}

TEST(one_record_is_never_written_twice_at_once)
{
    struct rig rig;
    struct scripted_record *twin = rig_open_twins(&rig, 99);
    char traits[80];

    scripted()->save_ms = 5;
    for (int i = 0; i < 60; i++) {
        snprintf(traits, sizeof traits, "\"email\":\"%s@x.io\",\"title\":\"%d\"",
                 i % 2 == 0 ? "a" : "b", i);
        identify_at(&rig, traits, 600 - i);
        usleep(3000);
    }
    await_ended(&rig, 62);
    CHECK_INT(scripted()->overlaps, 0);
    CHECK_STR(scripted_value(twin, "Title"), "59");
    rig_close(&rig);
}

TEST(twins_whose_record_is_deleted_part_again)
{
    struct rig rig;
    struct scripted_record *twin = rig_open_twins(&rig, 1);

    rig_stop_delivery(&rig);
    twin->deleted = true;
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"A\"");
    identify(&rig, "\"email\":\"b@x.io\",\"title\":\"B\"");
    rig_deliver(&rig);
    await_ended(&rig, 4);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 2);
    CHECK_STR(lead("a@x.io", "Title"), "A");
    CHECK_STR(lead("b@x.io", "Title"), "B");
    CHECK_INT(counters_of(&rig).by_state[STORE_DEAD], 0);
    rig_close(&rig);
}

/* A third key turns out to be the record in the very call that writes it: its events were not
   in that write, and what all three have said is known of each. */
TEST(a_third_key_of_a_record_loses_nothing_and_knows_what_the_others_wrote)
{
    for (int third_first = 0; third_first <= 1; third_first++) {
        struct rig rig;
        struct scripted_record *twin = rig_open_twins(&rig, 99);

        identify_at(&rig, "\"email\":\"c@x.io\"", 3600);
        await_ended(&rig, 3);
        rig_stop_delivery(&rig);
        scripted()->refusals[1] = (struct scripted_refusal){1,
                                                            "Title",
                                                            "newest",
                                                            ORG_RECORD_DUPLICATE,
                                                            "DUPLICATES_DETECTED",
                                                            NULL,
                                                            "00Q000000000001AAA"};
        if (third_first)
            identify_at(&rig, "\"email\":\"c@x.io\",\"title\":\"newest\",\"city\":\"Rome\"", 10);
        identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"old\"", 60);
        identify_at(&rig, "\"email\":\"b@x.io\",\"title\":\"older\"", 70);
        if (!third_first)
            identify_at(&rig, "\"email\":\"c@x.io\",\"title\":\"newest\",\"city\":\"Rome\"", 10);
        rig_deliver(&rig);
        await_ended(&rig, 6);
        CHECK_STR(scripted_value(twin, "Title"), "newest");
        CHECK_STR(scripted_value(twin, "City"), "Rome");
        for (int i = 0; i < 2; i++) { /* of a key that is joined, and of what it had joined */
            identify_at(&rig,
                        i == 0 ? "\"email\":\"a@x.io\",\"title\":\"late\""
                               : "\"email\":\"b@x.io\",\"title\":\"late\"",
                        30);
            await_ended(&rig, 7 + i);
            CHECK_STR(scripted_value(twin, "Title"), "newest");
        }
        rig_close(&rig);
    }
}

/* Whichever of two is answered first: while one of them writes the record, what comes for the
   other meanwhile does not write it too. */
/* While the creates of two keys of one record are out, events of that key come. */
static void write_during_the_create(const char *key)
{
    struct rig rig;
    char traits[80];

    rig_open(&rig, "");
    scripted()->save_ms = 200;
    scripted()->refusals[0] = (struct scripted_refusal){99,
                                                        "Email",
                                                        "b@x.io",
                                                        ORG_RECORD_DUPLICATE,
                                                        "DUPLICATES_DETECTED",
                                                        NULL,
                                                        "00Q000000000001AAA"};
    identify_at(&rig, "\"email\":\"b@x.io\",\"city\":\"Rome\"", 60);
    identify_at(&rig, "\"email\":\"a@x.io\"", 60);
    rig_deliver(&rig);
    int64_t deadline = clock_mono() + PATIENCE_MS;
    while (scripted()->calls[STEP_CREATE] == 0 && clock_mono() < deadline)
        usleep(1000);
    for (int i = 0; i < 4; i++) { /* while it is out */
        snprintf(traits, sizeof traits, "\"email\":\"%s\",\"title\":\"%d\"", key, i);
        identify_at(&rig, traits, 10 - i);
    }
    await_ended(&rig, 6);
    CHECK_INT(scripted()->overlaps, 0);
    CHECK_INT(scripted_count("Lead", NULL, NULL), 1);
    CHECK_STR(lead("a@x.io", "Title"), "3");
    CHECK_STR(lead("a@x.io", "City"), "Rome");
    rig_close(&rig);
}

TEST(what_comes_during_the_create_of_a_record_found_by_its_twin_waits_for_the_twin)
{
    write_during_the_create("a@x.io");
    write_during_the_create("b@x.io");
}

/* Ids that differ in a single character. */
TEST(people_whose_records_are_known_are_each_written_their_own)
{
    struct rig rig;
    char traits[80], email[20], title[12];

    rig_open(&rig, "");
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 12; i++) {
            snprintf(traits, sizeof traits, "\"email\":\"p%d@x.io\",\"title\":\"%d of %d\"", i, i,
                     round);
            identify(&rig, traits);
        }
        rig_deliver(&rig);
        await_ended(&rig, 12 * (1 + round));
        rig_stop_delivery(&rig);
        for (int i = 0; i < 12; i++) {
            snprintf(email, sizeof email, "p%d@x.io", i);
            snprintf(title, sizeof title, "%d of %d", i, round);
            CHECK_STR(lead(email, "Title"), title);
        }
    }
    CHECK_INT(scripted_count("Lead", NULL, NULL), 12);
    rig_close(&rig);
}

/* How a call failed says what to do with it; that nobody knows what it did comes first. */
TEST(a_create_of_unknown_outcome_is_looked_up_whatever_its_fault_asks_for)
{
    static const enum org_class classes[] = {ORG_RETRY,  ORG_RETRY_FEW,    ORG_BUSY,
                                             ORG_BISECT, ORG_STALE_SCHEMA, ORG_SPLIT};

    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        struct rig rig;

        rig_open(&rig, "    unknown_outcome_wait: 50ms\n");
        scripted()->faults[STEP_CREATE] = (struct scripted_fault){2, classes[i], "CUT", true, true};
        identify(&rig, "\"email\":\"a@x.io\"");
        identify(&rig, "\"email\":\"b@x.io\"");
        identify(&rig, "\"email\":\"c@x.io\"");
        rig_deliver(&rig);
        CHECK_INT(await_ended(&rig, 3).by_state[STORE_DEAD], 0);
        if (scripted_count("Lead", NULL, NULL) != 3)
            fail_msg("class %d: %d Leads", (int)classes[i], scripted_count("Lead", NULL, NULL));
        rig_close(&rig);
    }
}

TEST_MAIN(TEST_CASE(however_a_value_is_written_it_makes_one_lead),
          TEST_CASE(however_the_org_spells_a_value_its_lead_is_found),
          TEST_CASE(an_intent_whose_key_is_written_otherwise_is_found),
          TEST_CASE(a_record_that_was_not_asked_for_is_nobodys),
          TEST_CASE(a_look_up_that_always_brings_strangers_is_a_dead_letter_and_makes_nobody),
          TEST_CASE(a_lead_that_is_equal_by_the_orgs_own_rules_is_found),
          TEST_CASE(values_that_the_org_may_call_equal_are_each_asked_for),
          TEST_CASE(keys_that_turn_out_to_be_one_record_merge_into_one_write),
          TEST_CASE(a_record_made_in_the_same_call_is_found_by_its_twin),
          TEST_CASE(one_record_is_never_written_twice_at_once),
          TEST_CASE(twins_whose_record_is_deleted_part_again),
          TEST_CASE(a_third_key_of_a_record_loses_nothing_and_knows_what_the_others_wrote),
          TEST_CASE(what_comes_during_the_create_of_a_record_found_by_its_twin_waits_for_the_twin),
          TEST_CASE(people_whose_records_are_known_are_each_written_their_own),
          TEST_CASE(a_create_of_unknown_outcome_is_looked_up_whatever_its_fault_asks_for))
