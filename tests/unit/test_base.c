#include "check.h"

#include "base/buf.h"
#include "base/gzip.h"
#include "base/isotime.h"
#include "base/buf_json.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/clock.h"
#include "base/queue.h"
#include "base/random.h"
#include "base/utf8.h"

TEST(a_wrapped_error_grows_outwards_and_keeps_its_kind)
{
    struct err err = {0};

    CHECK_INT(err_set(&err, ERR_RETRY, "timed out after %d s", 30), -1);
    CHECK_INT(err_wrap(&err, "sign in"), -1);
    CHECK_STR(err.text, "sign in: timed out after 30 s");
    CHECK_INT(err.kind, ERR_RETRY);
}

TEST(a_full_buffer_fails_once_and_stays_failed)
{
    struct err err = {0};
    struct buf buf;

    buf_init(&buf, 5);
    buf_text(&buf, "hello");
    CHECK(!buf_failed(&buf));
    buf_char(&buf, '!');
    CHECK(buf_failed(&buf));
    buf_text(&buf, "x");
    CHECK_INT(buf_check(&buf, "greeting", &err), -1);
    CHECK_INT(err.kind, ERR_FULL);
    CHECK_STR(err.text, "greeting is larger than 5 bytes");
    CHECK(buf_take(&buf, NULL) == NULL);
    buf_clear(&buf);
    buf_format(&buf, "%d", 12345);
    CHECK_STR(buf_peek(&buf), "12345");
    buf_done(&buf);
}

TEST(dates_are_read_as_clients_write_them)
{
    static const struct {
        const char *text, *utc;
        enum isotime_kind kind;
    } good[] = {
        {"2026-11-23", "2026-11-23T00:00:00.000Z", ISOTIME_DATE},
        {"2026-11-23T10:05:00Z", "2026-11-23T10:05:00.000Z", ISOTIME_INSTANT},
        {"2026-11-23 10:05", "2026-11-23T10:05:00.000Z", ISOTIME_LOCAL},
        {"2026-11-23T10:05:00.123456789+02:00", "2026-11-23T08:05:00.123Z", ISOTIME_INSTANT},
        {"2026-11-23T10:05:00-0530", "2026-11-23T15:35:00.000Z", ISOTIME_INSTANT},
        {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z", ISOTIME_INSTANT},
        {"2000-02-29", "2000-02-29T00:00:00.000Z", ISOTIME_DATE},
        {"0001-01-01", "0001-01-01T00:00:00.000Z", ISOTIME_DATE},
    };
    static const char *const bad[] = {
        "",           "2026",        "2026-1-2",    "2026-02-30",       "1900-02-29",
        "2026-13-01", "2026-11-23T", "2026-11-23x", "2026-11-23T25:00", "2026-11-23T10:05:00ZZ"};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char utc[ISOTIME_MAX];
        enum isotime_kind kind;
        int64_t ms;
        CHECK_INT(isotime_parse(good[i].text, strlen(good[i].text), &ms, &kind), 0);
        isotime_format(ms, utc);
        CHECK_STR(utc, good[i].utc);
        CHECK_INT(kind, good[i].kind);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        enum isotime_kind kind;
        int64_t ms;
        CHECK_INT(isotime_parse(bad[i], strlen(bad[i]), &ms, &kind), -1);
    }
}

TEST(text_is_cut_between_characters_by_utf16_units)
{
    const char *text = "a\xC3\xA9\xF0\x9F\x98\x80z"; /* a, e acute, a face (2 units), z */

    CHECK_INT(utf8_utf16_length(text, strlen(text)), 5);
    CHECK_INT(utf8_cut(text, strlen(text), 2), 3);
    CHECK_INT(utf8_cut(text, strlen(text), 3), 3);
    CHECK_INT(utf8_cut(text, strlen(text), 4), 7);
    CHECK_INT(utf8_cut(text, strlen(text), 99), 8);
    CHECK(!utf8_valid("\xED\xA0\x80", 3));
    CHECK(!utf8_valid("\xC0\x80", 2));
    CHECK(!utf8_xml_char(0x0B) && !utf8_xml_char(0xFFFE) && utf8_xml_char('\n'));
}

TEST(folding_forgets_case_and_outer_space)
{
    char *folded = utf8_fold("  \xC3\x89mile@X.IO ", 13);

    CHECK_STR(folded, "\xC3\xA9mile@x.io");
    mem_free(folded);
}

TEST(gzip_goes_there_and_back_and_is_bounded)
{
    struct err err = {0};
    struct buf small, large;

    buf_init(&small, 100000);
    buf_init(&large, 100000);
    for (int i = 0; i < 1000; i++)
        buf_text(&large, "the same again ");
    CHECK_INT(gzip_deflate(large.data, large.len, &small, &err), 0);
    CHECK(small.len < large.len / 10);
    buf_done(&large);
    CHECK_INT(gzip_inflate(small.data, small.len, &large, &err), 0);
    CHECK_INT(large.len, 15000);
    buf_done(&large);
    buf_init(&large, 14999);
    CHECK_INT(gzip_inflate(small.data, small.len, &large, &err), -1);
    CHECK_INT(err.kind, ERR_FULL);
    buf_clear(&large);
    CHECK_INT(gzip_inflate(small.data, small.len - 1, &large, &err), -1);
    buf_clear(&large);
    CHECK_INT(gzip_inflate("plain", 5, &large, &err), -1);
    CHECK_INT(err.kind, ERR_INVALID);
    buf_done(&small);
    buf_done(&large);
}

TEST(a_queue_keeps_its_bound_and_its_order)
{
    struct err err = {0};
    struct queue *queue = queue_new(2, &err);
    int a, b, c;

    CHECK(queue != NULL);
    CHECK(queue_put(queue, &a) && queue_put(queue, &b) && !queue_put(queue, &c));
    CHECK(queue_take(queue, 0) == &a);
    queue_close(queue);
    CHECK(!queue_put(queue, &c));
    CHECK(queue_take(queue, INT64_MAX) == &b);
    CHECK(queue_take(queue, INT64_MAX) == NULL);
    queue_free(queue);
}

TEST(a_frozen_clock_moves_only_when_told)
{
    clock_freeze(1000);
    int64_t mono = clock_mono();
    CHECK_INT(clock_wall(), 1000);
    clock_advance(3600000);
    CHECK_INT(clock_wall(), 3601000);
    CHECK_INT(clock_mono() - mono, 3600000);
    clock_thaw();
}

TEST(the_steady_clock_does_not_follow_a_turned_wall_clock)
{
    int64_t steady = clock_steady(), wall = clock_wall();

    clock_step_wall(-86400000);
    CHECK(clock_wall() < wall);
    CHECK(clock_steady() >= steady && clock_steady() < steady + 60000);
    clock_restart();
    CHECK(clock_steady() < steady);
    clock_thaw();
    CHECK(clock_steady() >= steady);
}

TEST(json_strings_are_escaped)
{
    struct buf buf;

    buf_init(&buf, 100);
    buf_char(&buf, '{');
    buf_json_key(&buf, "a");
    buf_json_string(&buf, "\"\\\n\x01", 4);
    buf_json_key(&buf, "b");
    buf_text(&buf, "[");
    buf_json_comma(&buf);
    buf_text(&buf, "1");
    buf_json_comma(&buf);
    buf_text(&buf, "2]}");
    CHECK_STR(buf_peek(&buf), "{\"a\":\"\\\"\\\\\\n\\u0001\",\"b\":[1,2]}");
    buf_done(&buf);
}

TEST(log_text_cannot_forge_a_line)
{
    CHECK_STR(LOG_TEXT("a\nb\"c"), "\"a?b\\\"c\"");
}

TEST(uuids_have_their_version_and_differ)
{
    char a[RANDOM_UUID_MAX], b[RANDOM_UUID_MAX];

    random_uuid(a);
    random_uuid(b);
    CHECK_INT(strlen(a), 36);
    CHECK(a[14] == '4' && strcmp(a, b) != 0);
    CHECK(random_below(3) < 3);
}

TEST_MAIN(TEST_CASE(a_wrapped_error_grows_outwards_and_keeps_its_kind),
          TEST_CASE(a_full_buffer_fails_once_and_stays_failed),
          TEST_CASE(dates_are_read_as_clients_write_them),
          TEST_CASE(text_is_cut_between_characters_by_utf16_units),
          TEST_CASE(folding_forgets_case_and_outer_space),
          TEST_CASE(gzip_goes_there_and_back_and_is_bounded),
          TEST_CASE(a_queue_keeps_its_bound_and_its_order),
          TEST_CASE(a_frozen_clock_moves_only_when_told),
          TEST_CASE(the_steady_clock_does_not_follow_a_turned_wall_clock),
          TEST_CASE(json_strings_are_escaped), TEST_CASE(log_text_cannot_forge_a_line),
          TEST_CASE(uuids_have_their_version_and_differ))
