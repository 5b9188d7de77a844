/* Limits of sources and addresses, and the count of what is refused. */
#include "check.h"

#include "log_ear.h"

#include "base/clock.h"
#include "base/mem.h"
#include "ingest/limits.h"
#include "ingest/refusals.h"

#define NOON INT64_C(1795428468000)

static char site_name[] = "site", shop_name[] = "shop";

static struct limits *fresh(void)
{
    struct err err;
    struct limits *limits = limits_new(&err);

    clock_freeze(NOON);
    CHECK(limits != NULL);
    return limits;
}

static void done(struct limits *limits)
{
    clock_thaw();
    limits_free(limits);
}

static bool take(struct limits *limits, const struct source_settings *source, const char *address,
                 size_t events, size_t bytes, struct limits_broken *ret)
{
    const struct limits_ask ask = {source, address, events, bytes};

    return limits_take(limits, &ask, ret);
}

/* Sends one event of 100 bytes every step_ms for so long; returns how many pass. */
static int sent(struct limits *limits, const struct source_settings *source, const char *address,
                int64_t step_ms, int64_t for_ms)
{
    struct limits_broken broken;
    int passed = 0;

    for (int64_t at = 0; at < for_ms; at += step_ms) {
        passed += take(limits, source, address, 1, 100, &broken);
        clock_advance(step_ms);
    }
    return passed;
}

TEST(without_a_limit_everything_passes)
{
    struct source_settings source = {.name = site_name};
    struct limits *limits = fresh();

    CHECK_INT(sent(limits, &source, "192.0.2.1", 1, 5000), 5000);
    done(limits);
}

TEST(each_limit_lets_its_rate_through_whatever_is_sent)
{
    static const int rates[] = {1, 2, 10, 100, 1000};
    static const int64_t steps[] = {1, 7, 50};

    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++)
        for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++)
            for (int of_address = 0; of_address < 2; of_address++) {
                struct source_settings source = {.name = site_name};
                struct limits *limits = fresh();
                int64_t seconds = 20, offered = seconds * 1000 / steps[s] + 1;
                int passed, least = rates[r] * (int)seconds;
                if (of_address)
                    source.max_events_per_second_per_address = rates[r];
                else
                    source.max_events_per_second = rates[r];
                passed = sent(limits, &source, "192.0.2.1", steps[s], seconds * 1000);
                CHECK(passed <= rates[r] * seconds + rates[r] + 1); /* one bucket more */
                CHECK(passed >= (least < offered ? least : (int)offered) * 9 / 10);
                done(limits);
            }
}

TEST(the_bytes_of_a_day_are_that_many)
{
    struct source_settings source = {.name = site_name, .max_bytes_per_day = 100000};
    struct limits *limits = fresh();
    struct limits_broken broken;
    int64_t minute = 60 * 1000, day = 24 * 60 * minute;

    int at_once = sent(limits, &source, NULL, 1, 10000); /* the bucket, 100 bytes each */
    CHECK(at_once >= 1000 && at_once <= 1001);
    CHECK(!take(limits, &source, NULL, 1, 100, &broken));
    CHECK_STR(broken.setting, "max_bytes_per_day");
    CHECK_STR(broken.code, "over_bytes_per_day");
    CHECK(broken.value == 100000);
    int a_day_more = sent(limits, &source, NULL, minute, day);
    CHECK(a_day_more >= 990 && a_day_more <= 1001);
    done(limits);
}

TEST(a_batch_larger_than_the_bucket_passes_and_is_paid_off)
{
    struct source_settings source = {.name = site_name, .max_events_per_second = 10};
    struct limits *limits = fresh();
    struct limits_broken broken;

    CHECK(take(limits, &source, NULL, 100, 1, &broken)); /* owes 90 */
    CHECK(!take(limits, &source, NULL, 1, 1, &broken));
    CHECK_STR(broken.code, "over_events_per_second");
    CHECK(broken.wait_s >= 9 && broken.wait_s <= 10);
    clock_advance((broken.wait_s - 1) * 1000 - 500);
    CHECK(!take(limits, &source, NULL, 1, 1, &broken));
    clock_advance(1500);
    CHECK(take(limits, &source, NULL, 1, 1, &broken)); /* as it was told */
    done(limits);
}

TEST(the_wait_is_a_whole_number_of_seconds_that_sdks_heed)
{
    static const int64_t days[] = {1, 1000, 1000000000000000};
    struct limits_broken broken;

    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        struct source_settings source = {.name = site_name, .max_bytes_per_day = days[i]};
        struct limits *limits = fresh();
        while (take(limits, &source, NULL, 1, 500000000000000, &broken))
            ;
        CHECK(broken.wait_s >= 1 && broken.wait_s <= LIMITS_MAX_WAIT_S);
        done(limits);
    }
}

TEST(an_address_over_its_limit_leaves_others_and_other_sources_alone)
{
    struct source_settings site = {
        .name = site_name, .max_events_per_second_per_address = 5, .max_events_per_second = 1000};
    struct source_settings shop = {.name = shop_name, .max_events_per_second_per_address = 5};
    struct limits *limits = fresh();
    struct limits_broken broken;

    CHECK_INT(sent(limits, &site, "192.0.2.1", 0 + 1, 100), 5);
    CHECK(!take(limits, &site, "192.0.2.1", 1, 1, &broken));
    CHECK_STR(broken.setting, "max_events_per_second_per_address");
    CHECK(take(limits, &site, "192.0.2.2", 1, 1, &broken));
    CHECK(take(limits, &shop, "192.0.2.1", 1, 1, &broken));
    CHECK(take(limits, &site, NULL, 1, 1, &broken));
    done(limits);
}

/* What an address may not send is not taken from its source either. */
TEST(what_is_refused_counts_for_nobody)
{
    struct source_settings site = {
        .name = site_name, .max_events_per_second_per_address = 1, .max_events_per_second = 10};
    struct limits *limits = fresh();
    struct limits_broken broken;

    for (int i = 0; i < 1000; i++)
        CHECK(take(limits, &site, "192.0.2.1", 1, 1, &broken) == (i == 0));
    for (int i = 0; i < 9; i++) {
        char address[32];
        snprintf(address, sizeof address, "198.51.100.%d", i);
        CHECK(take(limits, &site, address, 1, 1, &broken));
    }
    CHECK(!take(limits, &site, "203.0.113.1", 1, 1, &broken));
    CHECK_STR(broken.code, "over_events_per_second");
    done(limits);
}

TEST(a_flood_of_addresses_forgets_the_oldest_and_never_the_source)
{
    struct source_settings site = {.name = site_name,
                                   .max_events_per_second_per_address = 1,
                                   .max_events_per_second = 1000000};
    struct limits *limits = fresh();
    struct limits_broken broken;
    char address[32];

    CHECK(take(limits, &site, "192.0.2.1", 1, 1, &broken));
    for (int i = 0; i < 2 * LIMITS_ENTRIES; i++) {
        snprintf(address, sizeof address, "a%d", i);
        CHECK(take(limits, &site, address, 1, 1, &broken));
    }
    CHECK(!take(limits, &site, address, 1, 1, &broken));      /* known */
    CHECK(take(limits, &site, "192.0.2.1", 1, 1, &broken));   /* forgotten */
    CHECK(take(limits, &site, "other", 1000000, 1, &broken)); /* the source was not: */
    CHECK(!take(limits, &site, "third", 1, 1, &broken));      /* its bucket is empty now */
    done(limits);
}

TEST(without_memory_everything_passes)
{
    struct source_settings site = {
        .name = site_name, .max_events_per_second_per_address = 1, .max_events_per_second = 1};

    for (size_t nth = 1; nth < 20; nth++) {
        struct limits *limits = fresh();
        struct limits_broken broken;
        mem_fail_at(nth);
        CHECK(take(limits, &site, "192.0.2.1", 1, 1, &broken));
        take(limits, &site, "192.0.2.1", 1, 1, &broken);
        mem_fail_at(0);
        done(limits);
    }
}

TEST(a_client_is_known_by_its_connection_or_by_what_trusted_proxies_say)
{
    static const struct {
        const char *peer, *forwarded;
        int proxies;
        const char *expected;
    } cases[] = {
        {"192.0.2.1", NULL, 0, "192.0.2.1"},
        {"192.0.2.1", "203.0.113.9", 0, "192.0.2.1"}, /* anybody can say so */
        {"127.0.0.1", "203.0.113.9", 1, "203.0.113.9"},
        {"127.0.0.1", "6.6.6.6, 203.0.113.9", 1, "203.0.113.9"},
        {"127.0.0.1", "6.6.6.6,203.0.113.9 ,10.0.0.7", 2, "203.0.113.9"},
        {"127.0.0.1", "203.0.113.9", 2, "127.0.0.1"}, /* fewer than are trusted */
        {"127.0.0.1", NULL, 1, "127.0.0.1"},
        {"127.0.0.1", "", 1, "127.0.0.1"},
        {"127.0.0.1", "unknown", 1, "127.0.0.1"},
        {"127.0.0.1", ",", 1, "127.0.0.1"},
        {"127.0.0.1", "203.0.113.9,", 1, "127.0.0.1"},
        {"127.0.0.1", "203.0.113.9:4711", 1, "127.0.0.1"},
        {"2001:db8:1:2:3:4:5:6", NULL, 0, "2001:db8:1:2::"}, /* one client has all 64 bits */
        {"2001:db8:1:2:ffff::1", NULL, 0, "2001:db8:1:2::"},
        {"::ffff:192.0.2.1", NULL, 0, "192.0.2.1"},
        {"somewhere", NULL, 0, ""},
    };
    char address[LIMITS_ADDRESS];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        client_address(cases[i].peer, cases[i].forwarded, cases[i].proxies, address);
        CHECK_STR(address, cases[i].expected);
    }
}

TEST(a_header_of_any_length_is_no_address)
{
    char address[LIMITS_ADDRESS];

    for (size_t len = 1; len < 200; len++) {
        char header[256];
        memset(header, '1', len);
        header[len] = '\0';
        client_address("192.0.2.1", header, 1, address);
        CHECK_STR(address, "192.0.2.1");
    }
}

/* ---- refusals ---- */

TEST(a_reason_is_counted_each_time_and_told_once_a_second)
{
    struct refusal_count counts[REFUSALS_REASONS];
    char text[4096];
    struct err err;
    struct refusals *refusals = refusals_new(&err);
    int old_stderr;
    FILE *log = listen_to_log(&old_stderr);

    clock_freeze(NOON);
    for (int i = 0; i < 3000; i++) {
        refusals_add(refusals, 401, "unknown_write_key", NULL);
        refusals_add(refusals, 429, "over_events_per_second", "site");
        clock_advance(1);
    }
    clock_thaw();
    told(log, old_stderr, text, sizeof text);
    CHECK_INT(refusals_read(refusals, counts), 2);
    CHECK_STR(counts[0].code, "unknown_write_key");
    CHECK(counts[0].count == 3000);
    CHECK(counts[1].count == 3000);
    CHECK_INT(lines_of(text, "code=unknown_write_key"), 3);
    CHECK_INT(lines_of(text, "code=over_events_per_second source=\"site\""), 3);
    CHECK_INT(lines_of(text, " info ingest.refused status="), 6);
    CHECK_INT(lines_of(text, "suppressed=0\n"), 2);
    CHECK_INT(lines_of(text, "suppressed=999\n"), 4);
    refusals_free(refusals);
}

TEST(more_reasons_than_there_is_room_for_are_counted_together)
{
    static char codes[2 * REFUSALS_REASONS][16];
    struct refusal_count counts[REFUSALS_REASONS];
    char text[1 << 16];
    struct err err;
    struct refusals *refusals = refusals_new(&err);
    int old_stderr;
    FILE *log = listen_to_log(&old_stderr);
    int64_t sum = 0;

    for (int i = 0; i < 2 * REFUSALS_REASONS; i++) {
        snprintf(codes[i], sizeof codes[i], "code_%d", i);
        refusals_add(refusals, 400, codes[i], NULL);
    }
    told(log, old_stderr, text, sizeof text);
    CHECK_INT(refusals_read(refusals, counts), REFUSALS_REASONS);
    CHECK_STR(counts[REFUSALS_REASONS - 1].code, "other");
    for (int i = 0; i < REFUSALS_REASONS; i++)
        sum += counts[i].count;
    CHECK(sum == 2 * REFUSALS_REASONS);
    refusals_free(refusals);
}

TEST_MAIN(TEST_CASE(without_a_limit_everything_passes),
          TEST_CASE(each_limit_lets_its_rate_through_whatever_is_sent),
          TEST_CASE(the_bytes_of_a_day_are_that_many),
          TEST_CASE(a_batch_larger_than_the_bucket_passes_and_is_paid_off),
          TEST_CASE(the_wait_is_a_whole_number_of_seconds_that_sdks_heed),
          TEST_CASE(an_address_over_its_limit_leaves_others_and_other_sources_alone),
          TEST_CASE(what_is_refused_counts_for_nobody),
          TEST_CASE(a_flood_of_addresses_forgets_the_oldest_and_never_the_source),
          TEST_CASE(without_memory_everything_passes),
          TEST_CASE(a_client_is_known_by_its_connection_or_by_what_trusted_proxies_say),
          TEST_CASE(a_header_of_any_length_is_no_address),
          TEST_CASE(a_reason_is_counted_each_time_and_told_once_a_second),
          TEST_CASE(more_reasons_than_there_is_room_for_are_counted_together))
