/* What is known of records, and for how long: an older event never goes over a newer value. */
#include "delivery_rig.h"

#include <stdatomic.h>

#include "programs/leadline/ages.h"

#define DAY_MS INT64_C(86400000)
#define NOON   INT64_C(1795428468000)

static bool go_on(void *arg)
{
    return true;
}

/* Forgets what the settings say is old by now.  No delivery runs, so nobody else writes. */
static void forget_what_is_old(struct rig *rig)
{
    struct store_purge round = {.ages = ages_of(rig->settings, clock_steady()), .go_on = go_on};
    struct err err;

    while (!round.done) {
        CHECK_INT(rig->store->api->begin(rig->store, &err), 0);
        CHECK_INT(rig->store->api->purge(rig->store, &round, &err), 0);
        CHECK_INT(rig->store->api->commit(rig->store, &err), 0);
    }
}

/* Delivers what waits, with the clock turned on so that lingering ends. */
static void deliver(struct rig *rig, int64_t ended)
{
    rig_deliver(rig);
    for (int i = 0; i < PATIENCE_MS; i++) {
        struct store_counters t = counters_of(rig);
        if (t.accepted - t.by_state[STORE_WAITING] >= ended)
            break;
        clock_advance(5);
        usleep(1000);
    }
    await_ended(rig, ended);
    rig_stop_delivery(rig);
}

/* How many days lie between the newer event and the older one, and what is left of it. */
static void check_after(int days, const char *extra_top, const char *title, bool told)
{
    struct rig rig;
    struct store_receipt *list, receipt;

    clock_freeze(NOON);
    rig_open_top(&rig, extra_top, "");
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"new\"", 60);
    deliver(&rig, 1);
    for (int day = 0; day < days; day++) {
        clock_advance(DAY_MS);
        forget_what_is_old(&rig);
    }
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"old\",\"city\":\"Rome\"",
                days * 86400 + 3600);
    deliver(&rig, 2);
    CHECK_STR(lead("a@x.io", "Title"), title);
    CHECK_STR(lead("a@x.io", "City"), "Rome");
    receipt = receipt_of(&rig, "m2", &list);
    CHECK_INT(receipt.state, STORE_WRITTEN);
    CHECK((receipt.notes != NULL && strstr(receipt.notes, "older_than_known") != NULL) == told);
    store_receipts_free(list, 1);
    clock_thaw();
    rig_close(&rig);
}

TEST(an_older_event_never_overwrites_a_newer_value_long_after_its_receipts_are_gone)
{
    check_after(0, "", "new", false);
    check_after(6, "", "new", false);
    check_after(8, "", "new", false); /* receipts are kept for 7 days */
    check_after(100, "", "new", false);
    check_after(399, "", "new", false);
}

TEST(what_is_older_than_what_is_known_says_so)
{
    check_after(401, "", "old", true);
    check_after(20, "keep_known_records: 10d\n", "old", true);
    check_after(9, "keep_known_records: 10d\n", "new", false);
}

/* What is known lives on with each write. */
TEST(each_write_keeps_a_record_known)
{
    struct rig rig;

    clock_freeze(NOON);
    rig_open_top(&rig, "keep_known_records: 10d\n", "");
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"new\"", 60);
    deliver(&rig, 1);
    for (int round = 1; round <= 3; round++) {
        clock_advance(8 * DAY_MS);
        forget_what_is_old(&rig);
        identify_at(&rig,
                    round % 2 ? "\"email\":\"a@x.io\",\"city\":\"Rome\""
                              : "\"email\":\"a@x.io\",\"city\":\"Bari\"",
                    0);
        deliver(&rig, 1 + round);
    }
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"old\"", 25 * 86400);
    deliver(&rig, 5);
    CHECK_STR(lead("a@x.io", "Title"), "new");
    clock_thaw();
    rig_close(&rig);
}

/* A destination whose own settings stay as they are goes by the new age too. */
TEST(a_reload_changes_how_old_what_is_known_may_be)
{
    struct rig rig;
    struct settings *shorter;
    struct err err = {0};
    char *yaml;

    rig_open_top(&rig, "keep_known_records: 400d\n", "");
    rig_deliver(&rig);
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"new\"", 60);
    await_ended(&rig, 1);
    yaml = mem_format(rig_file, rig.dir, "keep_known_records: 10d\n", "    linger: 20ms\n", "");
    shorter = settings_parse(yaml, strlen(yaml), "test", "/tmp", &err);
    CHECK(shorter != NULL);
    mem_free(yaml);
    delivery_reload(rig.delivery, shorter);
    CHECK_INT(scripted()->calls[STEP_SIGN_IN], 1); /* it runs on */
    identify_at(&rig, "\"email\":\"a@x.io\",\"city\":\"Rome\"", 11 * 86400);
    await_ended(&rig, 2);
    check_note(&rig, "m2", "older_than_known");
    rig_close(&rig);
    settings_unref(shorter);
}

/* a@x.io's Lead is known and a person has given it another address; a new Lead has the old one.
   Returns which of them has what is said next. */
static const char *record_of_next(bool cut_off)
{
    static const char *const keys[] = {"Lead 5:email 6:a@x.io"};
    struct scripted_record *known, *found;
    const char *ret;
    struct rig rig;
    struct err err;

    rig_open(&rig, "");
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\",\"title\":\"VP\"");
    await_ended(&rig, 1);
    rig_stop_delivery(&rig);
    known = scripted_find("Lead", "Email", "a@x.io");
    scripted_set(known, "Email", "b@x.io");
    found = scripted_add("Lead", "Email", "a@x.io");
    if (cut_off)
        CHECK_INT(writer_intend(rig.writer, "Salesforce", keys, 1, clock_steady(), &err), 0);
    rig_deliver(&rig);
    identify(&rig, "\"email\":\"a@x.io\",\"city\":\"Rome\"");
    await_ended(&rig, 2);
    CHECK_INT(scripted_count("Lead", "City", "Rome"), 1);
    ret = scripted_value(known, "City") != NULL   ? "known"
          : scripted_value(found, "City") != NULL ? "found"
                                                  : "neither";
    CHECK_INT(intents_in_store(&rig), 0);
    rig_close(&rig);
    return ret;
}

/* What is known is from before that create, which may have made another one. */
TEST(a_known_record_is_looked_up_all_the_same_after_a_create_that_was_cut_off)
{
    CHECK_STR(record_of_next(false), "known");
    CHECK_STR(record_of_next(true), "found");
}

static const struct store_api *sound;
static struct store_api troubled;
static atomic_int bad_finds;

static int find_known_in_trouble(struct store *store, const char *destination,
                                 const char *const *keys, size_t count, struct store_known **ret,
                                 size_t *ret_count, struct err *err)
{
    if (atomic_fetch_sub(&bad_finds, 1) > 0)
        return err_set(err, ERR_SYSTEM, "disk I/O error");
    return sound->find_known(store, destination, keys, count, ret, ret_count, err);
}

static void trouble(struct store *store)
{
    sound = store->api;
    troubled = *sound;
    troubled.find_known = find_known_in_trouble;
    store->api = &troubled;
}

TEST(nothing_is_written_before_it_is_known_what_was)
{
    struct rig rig;

    rig_wraps_store = trouble;
    rig_open(&rig, "");
    rig_wraps_store = NULL;
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"new\"", 60);
    rig_deliver(&rig);
    await_ended(&rig, 1);
    rig_stop_delivery(&rig);
    atomic_store(&bad_finds, 3);
    identify_at(&rig, "\"email\":\"a@x.io\",\"title\":\"old\"", 3600);
    rig_deliver(&rig);
    await_ended(&rig, 2);
    CHECK_STR(lead("a@x.io", "Title"), "new");
    check_receipt(&rig, "m2", STORE_UNCHANGED, NULL);
    rig_close(&rig);
}

TEST_MAIN(TEST_CASE(an_older_event_never_overwrites_a_newer_value_long_after_its_receipts_are_gone),
          TEST_CASE(what_is_older_than_what_is_known_says_so),
          TEST_CASE(each_write_keeps_a_record_known),
          TEST_CASE(a_reload_changes_how_old_what_is_known_may_be),
          TEST_CASE(a_known_record_is_looked_up_all_the_same_after_a_create_that_was_cut_off),
          TEST_CASE(nothing_is_written_before_it_is_known_what_was))
