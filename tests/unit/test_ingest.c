#include "ingest_rig.h"

#include "log_ear.h"

#include "base/clock.h"
#include "base/gzip.h"
#include "ingest/answer.h"
#include "ingest/dead_letters.h"

/* ---- asking it ---- */

static struct answer request(const struct rig *rig, const char *method, const char *target,
                             const char *headers, const char *body)
{
    struct buf text;
    struct answer answer;

    buf_init(&text, 1 << 21);
    buf_format(&text, "%s %s HTTP/1.1\r\nHost: track.example\r\n%s", method, target, headers);
    if (body != NULL)
        buf_format(&text, "Content-Length: %zu\r\n", strlen(body));
    buf_text(&text, "\r\n");
    if (body != NULL)
        buf_text(&text, body);
    CHECK(!buf_failed(&text));
    answer = ask(rig->address, text.data);
    buf_done(&text);
    return answer;
}

static void check_success(struct answer answer)
{
    CHECK_INT(answer.status, 200);
    CHECK(strstr(answer.head, "HTTP/1.1 200 ") == answer.head);
    CHECK(strcasestr(answer.head, "\r\nContent-Type: application/json\r\n") != NULL);
    CHECK_STR(answer.body, "{\"success\": true}");
    forget(&answer);
}

static void check_refused(struct answer answer, int status, const char *code)
{
    CHECK_INT(answer.status, status);
    CHECK(strcasestr(answer.head, "\r\nContent-Type: application/json\r\n") != NULL);
    check_value(answer.body, "success", "false");
    check_value(answer.body, "code", code);
    CHECK(strstr(answer.body, "\"message\":\"") != NULL);
    forget(&answer);
}

static struct answer post(const struct rig *rig, const char *path, const char *body)
{
    return request(rig, "POST", path, "", body);
}

static struct store_receipt *trace(const struct rig *rig, const char *id, size_t *ret_count)
{
    struct store_receipt *receipts;
    struct err err = {0};

    CHECK_INT(rig->store->api->trace(rig->store, id, &receipts, ret_count, &err), 0);
    return receipts;
}

static bool stored(const struct rig *rig, const char *id)
{
    size_t count;
    struct store_receipt *receipts = trace(rig, id, &count);

    store_receipts_free(receipts, count);
    return count > 0;
}

static int64_t skipped(const struct rig *rig, const char *source, const char *destination,
                       const char *reason)
{
    struct store_skip_count *list;
    size_t count;
    struct err err = {0};
    int64_t found = 0;

    CHECK_INT(rig->store->api->skips(rig->store, &list, &count, &err), 0);
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].source, source) == 0 && strcmp(list[i].destination, destination) == 0 &&
            strcmp(list[i].reason, reason) == 0)
            found += list[i].count;
    store_skip_counts_free(list, count);
    return found;
}

/* ---- paths ---- */

TEST(a_message_is_on_disk_when_it_is_answered)
{
    static const char *const paths[] = {"/v1/identify", "/identify", "/v1/i", "/i/", "/", "/v1"};
    static const char *const ids[] = {"m0", "m1", "m2", "m3", "m4", "m5"};
    struct rig rig = start();
    struct ingest_counts counts;

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        char body[] = IDENTIFY("m0");
        *strstr(body, "m0") = 'm';
        strstr(body, "m0")[1] = (char)('0' + i);
        check_success(post(&rig, paths[i], body));
        CHECK(stored(&rig, ids[i]));
    }
    counts = ingest_counts(rig.ingest);
    CHECK_INT(counts.requests, 6);
    CHECK_INT(counts.messages, 6);
    CHECK_INT(counts.accepted, 6);
    CHECK_INT(counts.refused, 0);
    stop(&rig);
}

TEST(the_path_says_the_type_where_the_body_does_not)
{
    struct rig rig = start();
    struct store_receipt *receipts;
    size_t count;

    check_success(
        post(&rig, "/v1/group",
             "{\"writeKey\":\"WK\",\"messageId\":\"g\",\"userId\":\"u\",\"groupId\":813,"
             "\"traits\":{\"name\":\"Initech\"},\"integrations\":{\"Salesforce\":true}}"));
    receipts = trace(&rig, "g", &count);
    CHECK_INT(count, 1);
    CHECK_STR(receipts[0].type, "group");
    CHECK_STR(receipts[0].object, "Account");
    CHECK_STR(receipts[0].source, "website");
    CHECK_STR(receipts[0].destination, "Salesforce");
    CHECK_INT(receipts[0].state, STORE_WAITING);
    store_receipts_free(receipts, count);
    stop(&rig);
}

TEST(unknown_paths_and_methods_get_404_in_json)
{
    struct rig rig = start();
    struct answer answer;
    int fd = dial(rig.address);

    check_refused(post(&rig, "/nothing", "{}"), 404, "not_found");
    check_refused(request(&rig, "GET", "/v1/batch", "", NULL), 404, "not_found");
    say(fd, "HEAD /v1/batch HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK_INT(read_byte(fd), 'H');
    close(fd);
    answer = post(&rig, "//evil.example/v1", "{}");
    CHECK(strcasestr(answer.head, "\r\nLocation:") == NULL);
    check_refused(answer, 404, "not_found");
    CHECK_INT(ingest_counts(rig.ingest).refused, 4);
    stop(&rig);
}

TEST(the_browsers_own_metrics_are_dropped_without_a_key)
{
    struct rig rig = start();

    check_success(post(&rig, "/v1/m", "{\"series\":[]}"));
    CHECK_INT(ingest_counts(rig.ingest).messages, 0);
    stop(&rig);
}

/* ---- write keys ---- */

TEST(a_write_key_is_found_wherever_an_sdk_puts_it)
{
    static const struct {
        const char *target, *headers, *body;
    } good[] = {
        {"/v1/batch", "Authorization: Basic V0s6\r\n", "{\"batch\":[]}"},
        {"/v1/batch", "authorization: basic V0s=\r\n", "{\"batch\":[]}"},
        {"/v1/batch", "Authorization: Basic V0s6\r\n", "{\"batch\":[],\"writeKey\":\"WK\"}"},
        {"/v1/batch", "", "{\"batch\":[],\"writeKey\":\"WK\"}"},
        {"/v1/batch", "", "{\"batch\":[" IDENTIFY("m") "]}"},
        {"/v1/batch", "Authorization: Bearer abc\r\n", "{\"batch\":[],\"writeKey\":\"WK\"}"},
        {"/beacon/v1/batch?writeKey=WK", "", "{\"batch\":[]}"},
        {"/v1/i", "Authorization: Basic Og==\r\n", IDENTIFY("m")},
    };
    static const struct {
        const char *headers, *body, *code;
    } bad[] = {
        {"", "{\"batch\":[]}", "missing_write_key"},
        {"Authorization: Bearer abc\r\n", "{\"batch\":[]}", "missing_write_key"},
        {"Authorization: Basic Tk9ORTo=\r\n", "{\"batch\":[]}", "unknown_write_key"},
        {"Authorization: Basic Tk9ORTo=\r\n", "no json", "unknown_write_key"},
        {"", "{\"batch\":[],\"writeKey\":\"NONE\"}", "unknown_write_key"},
        {"", "{\"batch\":[],\"writeKey\":\"CLOSED\"}", "source_disabled"},
        {"Authorization: Basic V0s6\r\n", "{\"batch\":[],\"writeKey\":\"APP\"}",
         "write_keys_disagree"},
        {"Authorization: Basic !!!\r\n", "{\"batch\":[],\"writeKey\":\"WK\"}", "bad_authorization"},
    };
    struct rig rig = start();

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        check_success(request(&rig, "POST", good[i].target, good[i].headers, good[i].body));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check_refused(request(&rig, "POST", "/v1/batch", bad[i].headers, bad[i].body), 401,
                      bad[i].code);
    stop(&rig);
}

TEST(a_reload_changes_whose_keys_are_known)
{
    struct rig rig = start();
    struct settings *other = read_settings(
        "listen: 127.0.0.1:0\n"
        "sources:\n  - {name: shop, write_key: SHOP, destinations: [Salesforce]}\n"
        "destinations:\n"
        "  - {name: Salesforce, account_email: a@example.com, account_password: p}\n");

    check_success(post(&rig, "/v1/batch", "{\"batch\":[],\"writeKey\":\"WK\"}"));
    ingest_reload(rig.ingest, other);
    settings_unref(other);
    check_refused(post(&rig, "/v1/batch", "{\"batch\":[],\"writeKey\":\"WK\"}"), 401,
                  "unknown_write_key");
    check_success(post(&rig, "/v1/batch", "{\"batch\":[],\"writeKey\":\"SHOP\"}"));
    stop(&rig);
}

/* ---- messages ---- */

TEST(one_bad_message_does_not_fail_its_batch)
{
    struct rig rig = start();
    struct ingest_counts counts;

    check_success(post(
        &rig, "/v1/batch",
        "{\"writeKey\":\"WK\",\"batch\":[" IDENTIFY(
            "good1") ",17,"
                     "{\"type\":\"nonsense\",\"userId\":\"u\"},{\"type\":\"identify\"}," IDENTIFY(
                         "good2") "]}"));
    CHECK(stored(&rig, "good1"));
    CHECK(stored(&rig, "good2"));
    CHECK_INT(skipped(&rig, "website", "", "not_an_object"), 1);
    CHECK_INT(skipped(&rig, "website", "", "unknown_type"), 1);
    CHECK_INT(skipped(&rig, "website", "", "no_ids"), 1);
    counts = ingest_counts(rig.ingest);
    CHECK_INT(counts.messages, 5);
    CHECK_INT(counts.accepted, 2);
    CHECK_INT(counts.bad, 3);
    stop(&rig);
}

/* Each destination that did not want it is kept, with the time at which it came. */
static void check_skipped_at(const struct rig *rig, const char *message_id, int64_t at_ms)
{
    struct store_skipped *list = NULL;
    size_t count = 0;
    struct err err = {0};

    CHECK_INT(rig->store->api->skipped(rig->store, message_id, &list, &count, &err), 0);
    CHECK_INT(count, 2);
    for (size_t i = 0; i < count; i++)
        CHECK_INT(list[i].received_ms, at_ms);
    store_skipped_free(list, count);
}

TEST(what_no_destination_wants_is_counted_with_its_reason)
{
    const int64_t now_ms = 1795428468000;
    struct rig rig = start();
    struct ingest_counts counts;

    clock_freeze(now_ms);
    check_success(
        post(&rig, "/v1/batch",
             "{\"writeKey\":\"APP\",\"batch\":["
             "{\"type\":\"identify\",\"userId\":\"u\",\"messageId\":\"silent\"},"
             "{\"type\":\"identify\",\"userId\":\"u\",\"messageId\":\"case\","
             "\"integrations\":{\"salesforce\":true}},"
             "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"messageId\":\"track\","
             "\"integrations\":{\"Salesforce\":true}}]}"));
    check_success(post(&rig, "/v1/batch",
                       "{\"writeKey\":\"LONELY\",\"batch\":[{\"type\":\"page\",\"userId\":1}]}"));
    CHECK_INT(skipped(&rig, "app", "Salesforce", "not_opted_in"), 1);
    CHECK_INT(skipped(&rig, "app", "Salesforce", "wrong_case"), 1);
    CHECK_INT(skipped(&rig, "app", "Salesforce", "type_not_used"), 1);
    CHECK_INT(skipped(&rig, "app", "Resting", "destination_disabled"), 3);
    CHECK_INT(skipped(&rig, "lonely", "", "no_destination"), 1);
    CHECK(!stored(&rig, "silent"));
    check_skipped_at(&rig, "silent", now_ms);
    counts = ingest_counts(rig.ingest);
    CHECK_INT(counts.skipped, 4);
    CHECK_INT(counts.accepted, 0);
    clock_thaw();
    stop(&rig);
}

TEST(what_can_never_be_found_is_dead_on_arrival_with_advice)
{
    struct rig rig = start();
    struct store_receipt *receipts;
    size_t count;

    check_success(post(&rig, "/v1/identify",
                       "{\"writeKey\":\"WK\",\"messageId\":\"d\",\"userId\":\"u\","
                       "\"traits\":{\"name\":\"Peter\"},\"integrations\":{\"Salesforce\":true}}"));
    receipts = trace(&rig, "d", &count);
    CHECK_INT(count, 1);
    CHECK_INT(receipts[0].state, STORE_DEAD);
    CHECK_STR(receipts[0].code, "missing_lookup_value");
    CHECK(strcasestr(receipts[0].message, "email") != NULL);
    CHECK(strstr(receipts[0].advice, "custom_lead_lookup_fields") != NULL);
    store_receipts_free(receipts, count);
    stop(&rig);
}

#define NO_KEY(id)                                                                                 \
    "{\"type\":\"identify\",\"messageId\":\"" id                                                   \
    "\",\"userId\":\"u\",\"traits\":{\"name\":\"P\"},"                                             \
    "\"integrations\":{\"Salesforce\":true}}"
#define BATCH_OF(messages) "{\"writeKey\":\"WK\",\"batch\":[" messages "]}"

TEST(what_is_dead_on_arrival_is_told_once_a_second_and_a_repeat_not_again)
{
    struct rig rig = start();
    char text[4096];
    int old_stderr;
    FILE *log = listen_to_log(&old_stderr);

    clock_freeze(1795428468000);
    check_success(post(&rig, "/v1/b", BATCH_OF(NO_KEY("a") "," IDENTIFY("good") "," NO_KEY("b"))));
    check_success(post(&rig, "/v1/b", BATCH_OF(NO_KEY("c"))));
    clock_advance(DEAD_LETTERS_EVERY_MS - 1);
    check_success(post(&rig, "/v1/b", BATCH_OF(NO_KEY("d"))));
    clock_advance(1);
    check_success(post(&rig, "/v1/b", BATCH_OF(NO_KEY("a"))));
    check_success(post(&rig, "/v1/b", BATCH_OF(NO_KEY("e") "," NO_KEY("f"))));
    clock_thaw();
    stop(&rig);
    told(log, old_stderr, text, sizeof text);
    CHECK_INT(lines_of(text, "dead_letters"), 2);
    CHECK_INT(lines_of(text, " warn ingest.dead_letters destination=Salesforce "
                             "code=\"missing_lookup_value\" count=2 message_id=\"a\"\n"),
              1);
    CHECK_INT(lines_of(text, " warn ingest.dead_letters destination=Salesforce "
                             "code=\"missing_lookup_value\" count=4 message_id=\"e\"\n"),
              1);
}

TEST(a_repeated_message_is_answered_like_the_first_and_stored_once)
{
    struct rig rig = start();
    struct store_receipt *receipts;
    struct ingest_counts counts;
    size_t count;

    check_success(post(&rig, "/v1/i", IDENTIFY("again")));
    check_success(post(&rig, "/v1/i", IDENTIFY("again")));
    check_success(
        post(&rig, "/v1/b",
             "{\"batch\":[" IDENTIFY("again") "," IDENTIFY("new") "," IDENTIFY("new") "]}"));
    receipts = trace(&rig, "again", &count);
    CHECK_INT(count, 1);
    store_receipts_free(receipts, count);
    counts = ingest_counts(rig.ingest);
    CHECK_INT(counts.accepted, 2);
    CHECK_INT(counts.duplicates, 3);
    stop(&rig);
}

TEST(a_body_that_cannot_be_read_is_refused_in_plain_words)
{
    static const char *const bad[] = {"",
                                      "no json",
                                      "[1]",
                                      "\"text\"",
                                      "{\"batch\":{}}",
                                      "{\"type\":\"identify\"}",
                                      "{\"batch\":[]} x"};
    struct rig rig = start();
    struct answer answer;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check_refused(request(&rig, "POST", "/v1/batch", "Authorization: Basic V0s6\r\n", bad[i]),
                      400, "invalid_body");
    answer =
        ask(rig.address, "POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n");
    CHECK(strstr(answer.body, "1048576") != NULL);
    check_refused(answer, 400, "body_too_large");
    stop(&rig);
}

TEST(any_content_type_is_read_and_gzip_goes_with_chunks)
{
    static const char *const types[] = {"text/plain", "application/x-www-form-urlencoded",
                                        "application/json; charset=utf-8", ""};
    struct rig rig = start();
    struct err err = {0};
    struct buf small;
    struct answer answer;
    int fd = dial(rig.address);

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char header[100];
        snprintf(header, sizeof header, "Content-Type: %s\r\n", types[i]);
        check_success(request(&rig, "POST", "/v1/i", header, IDENTIFY("t")));
    }
    buf_init(&small, 10000);
    CHECK_INT(gzip_deflate(IDENTIFY("zipped"), strlen(IDENTIFY("zipped")), &small, &err), 0);
    say(fd, "POST /v1/i HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            "Transfer-Encoding: chunked\r\n\r\n");
    say_chunks(fd, small.data, small.len, 50);
    answer = hear(fd);
    check_success(answer);
    CHECK(stored(&rig, "zipped"));
    close(fd);
    buf_done(&small);
    stop(&rig);
}

/* ---- overload and trouble ---- */

TEST(a_full_queue_says_later)
{
    struct rig rig =
        start_with(rig_configuration, (struct writer_limits){.max_requests = 0, .max_bytes = 0});
    struct answer answer = post(&rig, "/v1/i", IDENTIFY("m"));

    CHECK(strstr(answer.head, "\r\nRetry-After: ") != NULL);
    check_refused(answer, 429, "too_busy");
    CHECK_INT(ingest_counts(rig.ingest).refused, 1);
    CHECK_INT(ingest_counts(rig.ingest).messages, 0);
    stop(&rig);
}

static void await_full(const struct rig *rig, enum writer_full full)
{
    while (writer_full(rig->writer) != full)
        sched_yield();
}

/* A person who reads the refusal knows which of the bounds it is; and it is no error for good. */
TEST(a_store_that_takes_no_more_names_the_bound_until_there_is_capacity_again)
{
    static const struct {
        struct writer_bounds bounds;
        enum writer_full full;
        const char *code, *message;
    } cases[] = {
        {{.max_waiting = 1},
         WRITER_QUEUE_FULL,
         "queue_full",
         "too many events wait to be delivered; send it again later"},
        {{.max_store = 1},
         WRITER_STORE_FULL,
         "store_full",
         "the store has the size that it may have; send it again later"},
        {{.min_free_disk = INT64_MAX},
         WRITER_DISK_FULL,
         "disk_full",
         "the disk is full; send it again later"},
    };
    struct rig rig = start();

    atomic_store(&disk_left, 1000000);
    check_success(post(&rig, "/v1/i", IDENTIFY("first")));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct answer answer;
        writer_set_bounds(rig.writer, cases[i].bounds);
        await_full(&rig, cases[i].full);
        answer = post(&rig, "/v1/i", IDENTIFY("late"));
        CHECK(strstr(answer.head, "\r\nRetry-After: 60\r\n") != NULL);
        check_value(answer.body, "message", cases[i].message);
        check_refused(answer, 429, cases[i].code);
        CHECK(!stored(&rig, "late"));
    }
    writer_set_bounds(rig.writer, (struct writer_bounds){0});
    await_full(&rig, WRITER_NOT_FULL);
    check_success(post(&rig, "/v1/i", IDENTIFY("late")));
    CHECK(stored(&rig, "late"));
    stop(&rig);
}

static int64_t refused_for(const struct rig *rig, const char *code)
{
    struct refusal_count counts[REFUSALS_REASONS];
    size_t n = ingest_refusals(rig->ingest, counts);

    for (size_t i = 0; i < n; i++)
        if (strcmp(counts[i].code, code) == 0)
            return counts[i].count;
    return 0;
}

TEST(a_source_over_its_limit_is_told_when_to_come_again)
{
    static const char limited[] =
        "listen: 127.0.0.1:0\n"
        "trusted_proxies: 1\n"
        "sources:\n"
        "  - {name: page, write_key: WK, destinations: [Salesforce],\n"
        "     max_events_per_second_per_address: 2, max_events_per_second: 1000000}\n"
        "destinations:\n"
        "  - {name: Salesforce, account_email: a@example.com, account_password: p}\n";
    struct rig rig = start_with(limited, rig_plenty);
    struct answer answer;
    char headers[80], said[4000];
    int64_t seconds;
    int old_stderr;
    FILE *ear = listen_to_log(&old_stderr);

    clock_freeze(1795428468000);
    snprintf(headers, sizeof headers, "X-Forwarded-For: 6.6.6.6, 203.0.113.%d\r\n", 1);
    check_success(request(&rig, "POST", "/v1/i", headers, IDENTIFY("m1")));
    check_success(request(&rig, "POST", "/v1/i", headers, IDENTIFY("m2")));
    answer = request(&rig, "POST", "/v1/i", headers, IDENTIFY("m3"));
    CHECK(strstr(answer.head, "\r\nRetry-After: ") != NULL);
    seconds = atoi(strstr(answer.head, "\r\nRetry-After: ") + strlen("\r\nRetry-After: "));
    CHECK(seconds >= 1);
    check_refused(answer, 429, "over_events_per_second_per_address");
    CHECK(!stored(&rig, "m3"));
    CHECK_INT(refused_for(&rig, "over_events_per_second_per_address"), 1);
    snprintf(headers, sizeof headers, "X-Forwarded-For: 6.6.6.6, 203.0.113.%d\r\n", 2);
    check_success(request(&rig, "POST", "/v1/i", headers, IDENTIFY("m4")));
    snprintf(headers, sizeof headers, "X-Forwarded-For: 6.6.6.6, 203.0.113.%d\r\n", 1);
    clock_advance(seconds * 1000);
    check_success(request(&rig, "POST", "/v1/i", headers, IDENTIFY("m3")));
    clock_thaw();
    stop(&rig);
    told(ear, old_stderr, said, sizeof said);
    CHECK_INT(lines_of(said, " info ingest.refused status=429 "
                             "code=over_events_per_second_per_address source=\"page\" "),
              1);
}

TEST(the_bytes_of_a_request_count_against_the_day_of_its_source)
{
    static const char limited[] =
        "listen: 127.0.0.1:0\n"
        "sources:\n"
        "  - {name: page, write_key: WK, destinations: [Salesforce], max_bytes_per_day: 100}\n"
        "destinations:\n"
        "  - {name: Salesforce, account_email: a@example.com, account_password: p}\n";
    struct rig rig = start_with(limited, rig_plenty);

    clock_freeze(1795428468000);
    check_success(post(&rig, "/v1/i", IDENTIFY("m1"))); /* more than the day has, and so owed */
    check_refused(post(&rig, "/v1/i", IDENTIFY("m2")), 429, "over_bytes_per_day");
    clock_advance(INT64_C(3) * 24 * 3600 * 1000);
    check_success(post(&rig, "/v1/i", IDENTIFY("m2")));
    clock_thaw();
    stop(&rig);
}

TEST(each_event_of_a_batch_counts_against_the_limit_of_its_source)
{
    static const char limited[] =
        "listen: 127.0.0.1:0\n"
        "sources:\n"
        "  - {name: page, write_key: WK, destinations: [Salesforce], max_events_per_second: 3}\n"
        "destinations:\n"
        "  - {name: Salesforce, account_email: a@example.com, account_password: p}\n";
    struct rig rig = start_with(limited, rig_plenty);

    clock_freeze(1795428468000);
    check_success(request(&rig, "POST", "/v1/b", "",
                          "{\"writeKey\":\"WK\",\"batch\":[" IDENTIFY("b1") "," IDENTIFY(
                              "b2") "," IDENTIFY("b3") "]}"));
    check_refused(request(&rig, "POST", "/v1/i", "", IDENTIFY("m1")), 429,
                  "over_events_per_second");
    clock_advance(1000);
    check_success(request(&rig, "POST", "/v1/i", "", IDENTIFY("m1")));
    clock_thaw();
    stop(&rig);
}

TEST(a_refused_request_is_counted_by_its_reason)
{
    struct rig rig = start();

    check_refused(request(&rig, "POST", "/v1/i", "", "{"), 400, "invalid_body");
    check_refused(post(&rig, "/v1/i", "{\"writeKey\":\"NONE\",\"type\":\"identify\"}"), 401,
                  "unknown_write_key");
    check_refused(post(&rig, "/v1/i", "{\"writeKey\":\"CLOSED\",\"type\":\"identify\"}"), 401,
                  "source_disabled");
    check_refused(request(&rig, "GET", "/nowhere", "", NULL), 404, "not_found");
    check_refused(request(&rig, "GET", "/nowhere", "", NULL), 404, "not_found");
    CHECK_INT(refused_for(&rig, "invalid_body"), 1);
    CHECK_INT(refused_for(&rig, "unknown_write_key"), 1);
    CHECK_INT(refused_for(&rig, "source_disabled"), 1);
    CHECK_INT(refused_for(&rig, "not_found"), 2);
    CHECK_INT(ingest_counts(rig.ingest).refused, 5);
    stop(&rig);
}

#define HOST   "Host: track.example\r\n"
#define POST_I "POST /v1/i HTTP/1.1\r\n" HOST

/* Whoever finds the fault: the server on the head or the body, a path, the key, the message. */
static const struct {
    const char *request;
    int status;
    const char *code;
} refused_somewhere[] = {
    {"GET /healthz\r\n\r\n", 400, "bad_request"},
    {"GET /healthz HTTP/2.0\r\n" HOST "\r\n", 505, "unknown_version"},
    {"GET /healthz HTTP/1.1\r\n\r\n", 400, "bad_host"},
    {POST_I "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "bad_framing"},
    {POST_I "Transfer-Encoding: chunked\r\n\r\nnot hex\r\n", 400, "bad_framing"},
    {POST_I "Content-Length: 99999999\r\n\r\n", 400, "body_too_large"},
    {POST_I "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", 400, "bad_gzip"},
    {POST_I "Content-Encoding: br\r\nContent-Length: 1\r\n\r\nx", 415, "unsupported_encoding"},
    {"GET /nowhere HTTP/1.1\r\n" HOST "\r\n", 404, "not_found"},
    {"GET /v1/projects/NONE/settings HTTP/1.1\r\n" HOST "\r\n", 404, "unknown_write_key"},
    {"GET /v1/projects/WK/settings HTTP/1.1\r\nHost: a\"b\r\n\r\n", 400, "bad_host"},
    {"GET /v1/p?data=%21&callback=f HTTP/1.1\r\n" HOST "\r\n", 400, "invalid_query"},
    {"GET /v1/p?callback=a(b) HTTP/1.1\r\n" HOST "\r\n", 400, "bad_callback"},
    {POST_I "Authorization: Basic !\r\nContent-Length: 2\r\n\r\n{}", 401, "bad_authorization"},
    {POST_I "Content-Length: 1\r\n\r\n{", 400, "invalid_body"},
};

static int64_t refused_for_any(const struct rig *rig)
{
    struct refusal_count counts[REFUSALS_REASONS];
    size_t n = ingest_refusals(rig->ingest, counts);
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += counts[i].count;
    return sum;
}

TEST(every_refusal_is_counted_once_wherever_the_fault_is_found)
{
    struct rig rig = start();
    int n = sizeof refused_somewhere / sizeof refused_somewhere[0];
    char *line = mem_zero(1, 20001);

    for (int i = 0; i < n; i++) {
        int64_t before = refused_for(&rig, refused_somewhere[i].code);
        check_refused(ask(rig.address, refused_somewhere[i].request), refused_somewhere[i].status,
                      refused_somewhere[i].code);
        CHECK_INT(refused_for(&rig, refused_somewhere[i].code), before + 1);
    }
    memset(line, 'a', 20000);
    memcpy(line, "GET /", 5);
    memcpy(line + 19996, "\r\n\r\n", 4);
    check_refused(ask(rig.address, line), 414, "uri_too_long");
    memcpy(line, POST_I "X: ", strlen(POST_I "X: "));
    check_refused(ask(rig.address, line), 431, "headers_too_large");
    CHECK_INT(refused_for(&rig, "uri_too_long"), 1);
    CHECK_INT(refused_for(&rig, "headers_too_large"), 1);
    CHECK_INT(refused_for_any(&rig), n + 2);
    CHECK_INT(ingest_counts(rig.ingest).refused, n + 2);
    CHECK_INT(ingest_counts(rig.ingest).requests, n + 2);
    mem_free(line);
    stop(&rig);
}

TEST(a_load_balancer_is_told_whether_events_can_be_stored)
{
    struct rig rig = start();

    check_success(request(&rig, "GET", "/healthz", "", NULL));
    atomic_store(&disk_full, true);
    check_refused(post(&rig, "/v1/i", IDENTIFY("m")), 503, "store_unavailable");
    check_refused(request(&rig, "GET", "/healthz", "", NULL), 503, "not_writable");
    atomic_store(&disk_full, false);
    check_success(post(&rig, "/v1/i", IDENTIFY("m")));
    check_success(request(&rig, "GET", "/healthz", "", NULL));
    stop(&rig);
}

TEST(a_store_that_cannot_write_loses_nothing_it_acknowledged)
{
    struct rig rig = start();
    struct answer answer;

    atomic_store(&disk_full, true);
    answer = post(&rig, "/v1/i", IDENTIFY("m"));
    CHECK(strstr(answer.head, "\r\nRetry-After: ") != NULL);
    check_refused(answer, 503, "store_unavailable");
    CHECK_INT(ingest_counts(rig.ingest).accepted, 0);
    atomic_store(&disk_full, false);
    check_success(post(&rig, "/v1/i", IDENTIFY("m")));
    CHECK(stored(&rig, "m"));
    stop(&rig);
}

/* ---- browsers ---- */

TEST(a_preflight_is_answered_with_all_three_headers)
{
    struct rig rig = start();
    struct answer answer =
        request(&rig, "OPTIONS", "/v1/b",
                "Origin: https://shop.example\r\nAccess-Control-Request-Method: POST\r\n"
                "Access-Control-Request-Headers: authorization,content-type\r\n",
                NULL);

    CHECK_INT(answer.status, 200);
    CHECK(strstr(answer.head, "\r\nAccess-Control-Allow-Origin: https://shop.example\r\n"));
    CHECK(strstr(answer.head, "\r\nAccess-Control-Allow-Credentials: true\r\n"));
    CHECK(strstr(answer.head, "\r\nAccess-Control-Allow-Methods: GET, POST, OPTIONS\r\n"));
    CHECK(strstr(answer.head, "\r\nAccess-Control-Allow-Headers: "
                              "authorization, content-type, x-retry-count\r\n"));
    CHECK(strstr(answer.head, "\r\nAccess-Control-Max-Age: "));
    CHECK(strstr(answer.head, "\r\nVary: Origin\r\n"));
    forget(&answer);
    stop(&rig);
}

TEST(a_page_may_read_every_answer_also_the_bad_ones)
{
    static const char *const asked[][2] = {
        {"/v1/i", IDENTIFY("m")},        /* 200 */
        {"/v1/i", "no json"},            /* 400 */
        {"/v1/i", "{\"userId\":\"u\"}"}, /* 401 */
        {"/nothing", "{}"},              /* 404 */
    };
    struct rig rig = start();

    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        struct answer answer =
            request(&rig, "POST", asked[i][0], "Origin: http://a.example\r\n", asked[i][1]);
        CHECK(strstr(answer.head, "\r\nAccess-Control-Allow-Origin: http://a.example\r\n"));
        CHECK(strstr(answer.head, "\r\nAccess-Control-Expose-Headers: Retry-After\r\n"));
        forget(&answer);
    }
    stop(&rig);
}

static void check_sdk_settings(struct answer answer, const char *host, const char *protocol)
{
    static const char only[] = "{\"integrations\":{\"Segment.io\":{";

    CHECK_INT(answer.status, 200);
    CHECK(strstr(answer.head, "\r\nCache-Control: max-age=") != NULL);
    CHECK(strncmp(answer.body, only, strlen(only)) == 0);
    check_value(answer.body, "integrations/Segment.io/apiKey", "WK");
    check_value(answer.body, "integrations/Segment.io/apiHost", host);
    check_value(answer.body, "integrations/Segment.io/protocol", protocol);
    check_value(answer.body, "integrations/Segment.io/httpConfig/rateLimitConfig/enabled", "true");
    CHECK(strcmp(answer.body + answer.len - 5, "}}}}}") == 0);
    forget(&answer);
}

TEST(an_sdk_is_told_where_to_send_to)
{
    struct rig rig = start();

    check_sdk_settings(request(&rig, "GET", "/v1/projects/WK/settings", "", NULL),
                       "track.example/v1", "http");
    check_sdk_settings(request(&rig, "GET", "/v1/projects/projects/WK/settings",
                               "X-Forwarded-Proto: https\r\n", NULL),
                       "track.example/v1", "https");
    check_refused(request(&rig, "GET", "/v1/projects/NONE/settings", "", NULL), 404,
                  "unknown_write_key");
    check_refused(request(&rig, "GET", "/v1/projects/CLOSED/settings", "", NULL), 404,
                  "unknown_write_key");
    check_refused(ask(rig.address, "GET /v1/projects/WK/settings HTTP/1.1\r\nHost: a/b\"c\r\n\r\n"),
                  400, "bad_host");
    stop(&rig);
}

TEST(a_public_host_is_told_instead_of_the_one_asked)
{
    char text[sizeof rig_configuration + 100];
    struct rig rig;

    snprintf(text, sizeof text, "public_host: events.example\n%s", rig_configuration);
    rig = start_with(text, rig_plenty);
    check_sdk_settings(request(&rig, "GET", "/v1/projects/WK/settings", "", NULL),
                       "events.example/v1", "https");
    check_sdk_settings(
        request(&rig, "GET", "/v1/projects/WK/settings", "X-Forwarded-Proto: http\r\n", NULL),
        "events.example/v1", "http");
    check_sdk_settings(ask(rig.address, "GET /v1/projects/WK/settings HTTP/1.1\r\n"
                                        "Host: events.example\r\n\r\n"),
                       "events.example/v1", "http");
    stop(&rig);
}

static void check_image(struct answer answer)
{
    CHECK_INT(answer.status, 200);
    CHECK(strstr(answer.head, "\r\nContent-Type: image/gif\r\n") != NULL);
    CHECK(answer.len == 43 && memcmp(answer.body, "GIF89a\1\0\1\0", 10) == 0);
    CHECK_INT(answer.body[42], 0x3b);
    forget(&answer);
}

TEST(an_image_beacon_is_taken_in_and_always_gets_its_image)
{
    struct rig rig = start();
    struct store_receipt *receipts;
    size_t count;

    check_image(request(&rig, "GET",
                        "/v1/pixel/identify?writeKey=WK&userId=u&messageId=p1"
                        "&traits.email=u%40example.com&traits.company.name=Initech"
                        "&integrations.Salesforce=true",
                        "", NULL));
    receipts = trace(&rig, "p1", &count);
    CHECK_INT(count, 1);
    CHECK(strstr(receipts[0].body, "\"company\":{\"name\":\"Initech\"}") != NULL);
    store_receipts_free(receipts, count);
    /* {"writeKey":"WK","messageId":"p2","userId":"u","traits":{"email":"u@e.io"},
       "integrations":{"Salesforce":true}}, without padding */
    check_image(
        request(&rig, "GET",
                "/v1/pixel/identify?data=eyJ3cml0ZUtleSI6IldLIiwibWVzc2FnZUlkIjoicDIiLCJ1c2Vy"
                "SWQiOiJ1IiwidHJhaXRzIjp7ImVtYWlsIjoidUBlLmlvIn0sImludGVncmF0aW9ucyI6eyJTYWxl"
                "c2ZvcmNlIjp0cnVlfX0",
                "", NULL));
    CHECK(stored(&rig, "p2"));
    check_image(request(&rig, "GET", "/v1/pixel/page?data=%21%21", "", NULL));
    check_image(request(&rig, "GET", "/v1/pixel/page?userId=u", "", NULL));
    check_image(request(&rig, "GET", "/v1/pixel/page", "", NULL));
    CHECK_INT(ingest_counts(rig.ingest).refused, 3);
    stop(&rig);
}

TEST(a_script_request_is_answered_by_calling_its_function)
{
    /* {"writeKey":"WK","messageId":"j","userId":"u"} */
#define DATA "data=eyJ3cml0ZUtleSI6IldLIiwibWVzc2FnZUlkIjoiaiIsInVzZXJJZCI6InUifQ%3D%3D"
    struct rig rig = start();
    struct answer answer = request(&rig, "GET", "/v1/p?" DATA "&callback=__jp0", "", NULL);

    CHECK_INT(answer.status, 200);
    CHECK(strstr(answer.head, "\r\nContent-Type: application/javascript\r\n") != NULL);
    CHECK(strstr(answer.head, "\r\nX-Content-Type-Options: nosniff\r\n") != NULL);
    CHECK_STR(answer.body, "/**/__jp0({\"success\": true});");
    forget(&answer);
    check_success(request(&rig, "GET", "/v1/p?" DATA, "", NULL));
    check_refused(request(&rig, "GET", "/v1/p?" DATA "&callback=alert(1)", "", NULL), 400,
                  "bad_callback");
    check_refused(request(&rig, "GET", "/v1/p?data=%21&callback=f", "", NULL), 400,
                  "invalid_query");
    CHECK(answer_callback_valid("$a_B9"));
    CHECK(!answer_callback_valid(""));
    CHECK(!answer_callback_valid("9a"));
    CHECK(!answer_callback_valid("a.b"));
    CHECK(!answer_callback_valid("a;b"));
    stop(&rig);
}

TEST_MAIN(TEST_CASE(a_message_is_on_disk_when_it_is_answered),
          TEST_CASE(the_path_says_the_type_where_the_body_does_not),
          TEST_CASE(unknown_paths_and_methods_get_404_in_json),
          TEST_CASE(the_browsers_own_metrics_are_dropped_without_a_key),
          TEST_CASE(a_write_key_is_found_wherever_an_sdk_puts_it),
          TEST_CASE(a_reload_changes_whose_keys_are_known),
          TEST_CASE(one_bad_message_does_not_fail_its_batch),
          TEST_CASE(what_no_destination_wants_is_counted_with_its_reason),
          TEST_CASE(what_can_never_be_found_is_dead_on_arrival_with_advice),
          TEST_CASE(what_is_dead_on_arrival_is_told_once_a_second_and_a_repeat_not_again),
          TEST_CASE(a_repeated_message_is_answered_like_the_first_and_stored_once),
          TEST_CASE(a_body_that_cannot_be_read_is_refused_in_plain_words),
          TEST_CASE(any_content_type_is_read_and_gzip_goes_with_chunks),
          TEST_CASE(a_full_queue_says_later),
          TEST_CASE(a_store_that_takes_no_more_names_the_bound_until_there_is_capacity_again),
          TEST_CASE(a_source_over_its_limit_is_told_when_to_come_again),
          TEST_CASE(the_bytes_of_a_request_count_against_the_day_of_its_source),
          TEST_CASE(each_event_of_a_batch_counts_against_the_limit_of_its_source),
          TEST_CASE(a_refused_request_is_counted_by_its_reason),
          TEST_CASE(every_refusal_is_counted_once_wherever_the_fault_is_found),
          TEST_CASE(a_load_balancer_is_told_whether_events_can_be_stored),
          TEST_CASE(a_store_that_cannot_write_loses_nothing_it_acknowledged),
          TEST_CASE(a_preflight_is_answered_with_all_three_headers),
          TEST_CASE(a_page_may_read_every_answer_also_the_bad_ones),
          TEST_CASE(an_sdk_is_told_where_to_send_to),
          TEST_CASE(a_public_host_is_told_instead_of_the_one_asked),
          TEST_CASE(an_image_beacon_is_taken_in_and_always_gets_its_image),
          TEST_CASE(a_script_request_is_answered_by_calling_its_function))
