#include "check.h"

#include <curl/curl.h>
#include <jansson.h>

#include "admin/admin.h"
#include "admin/metrics.h"
#include "base/clock.h"
#include "base/mem.h"

/* ---- a delivery and an org that say what the test wants ---- */

static int retries, pauses, resumes;

int delivery_status(struct delivery *delivery, struct delivery_status **ret, size_t *ret_count,
                    struct err *err)
{
    struct delivery_status *list = mem_zero(1, sizeof *list);

    CHECK(list != NULL);
    list->destination = mem_text("Salesforce");
    list->state = DELIVERY_STOPPED;
    snprintf(list->code, sizeof list->code, "INVALID_LOGIN");
    snprintf(list->message, sizeof list->message, "Invalid username, \"password\"");
    list->advice = "Correct the password.";
    list->in_hand = 3;
    list->org = (struct org_counts){
        .calls = 7, .sign_ins = 1, .creates = 2, .limit_used = -1, .limit_max = -1};
    *ret = list;
    *ret_count = 1;
    return 0;
}

void delivery_status_free(struct delivery_status *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mem_free(list[i].destination);
    mem_free(list);
}

static int redrives;

void delivery_redrive(struct delivery *delivery, const char *destination)
{
    redrives += strcmp(destination, "Salesforce") == 0;
}

int delivery_retry(struct delivery *delivery, const char *destination, struct err *err)
{
    if (strcmp(destination, "Salesforce") != 0)
        return err_set(err, ERR_NOT_FOUND, "no destination has that name");
    retries++;
    return 0;
}

int delivery_pause(struct delivery *delivery, const char *destination, struct err *err)
{
    if (strcmp(destination, "Salesforce") != 0)
        return err_set(err, ERR_NOT_FOUND, "no destination has that name");
    pauses++;
    return 0;
}

int delivery_resume(struct delivery *delivery, const char *destination, struct err *err)
{
    if (strcmp(destination, "Salesforce") != 0)
        return err_set(err, ERR_NOT_FOUND, "no destination has that name");
    resumes++;
    return 0;
}

const char *org_class_name(enum org_class class)
{
    return "stop";
}

/* ---- a tracking API that has counted what the test wants ---- */

struct ingest {
    int requests;
};

struct ingest_counts ingest_counts(struct ingest *ingest)
{
    return (struct ingest_counts){.requests = ingest->requests, .messages = 5};
}

size_t ingest_refusals(struct ingest *ingest, struct refusal_count ret[REFUSALS_REASONS])
{
    ret[0] = (struct refusal_count){"unknown_write_key", 3};
    return 1;
}

/* ---- a running admin over a store in memory ---- */

struct bench {
    struct settings *settings;
    struct store *store;
    struct writer *writer;
    struct admin *admin;
    struct ingest ingest;
};

static void start_with(struct bench *bench, const char *text)
{
    struct err err = {0};

    *bench = (struct bench){.ingest = {.requests = 12}};
    bench->settings = settings_parse(text, strlen(text), "x", ".", &err);
    bench->store = store_open("memory", NULL, &err);
    CHECK(bench->settings != NULL && bench->store != NULL);
    bench->writer = writer_start(
        bench->store, (struct writer_limits){.max_requests = 100, .max_bytes = 100000}, &err);
    CHECK(bench->writer != NULL);
    struct admin_sources sources = {.settings = bench->settings,
                                    .store = bench->store,
                                    .writer = bench->writer,
                                    .ingest = &bench->ingest};
    bench->admin = admin_start(&sources, &err);
    if (bench->admin == NULL)
        print_error("%s\n", err.text);
    CHECK(bench->admin != NULL);
}

static void start(struct bench *bench)
{
    start_with(bench, "admin_listen: 127.0.0.1:0");
}

static void stop(struct bench *bench)
{
    admin_stop(bench->admin);
    writer_stop(bench->writer);
    store_close(bench->store);
    settings_unref(bench->settings);
}

struct waiter {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    bool done;
};

static void appended(void *arg, const struct err *err)
{
    struct waiter *waiter = arg;

    pthread_mutex_lock(&waiter->mutex);
    waiter->done = err == NULL;
    pthread_cond_signal(&waiter->cond);
    pthread_mutex_unlock(&waiter->mutex);
}

static const char *event_body = "{}";
static const char *event_source = "website", *event_name; /* what it is found by, or NULL */

/* One event for Salesforce, and one skip with a name that needs escaping. */
static void append(struct bench *bench, const char *message_id, const char *dead_code)
{
    struct waiter waiter = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
    struct store_target target = {.destination = "Salesforce",
                                  .key = dead_code == NULL ? "Lead email=a@b.example" : "",
                                  .object = "Lead",
                                  .dead_code = dead_code,
                                  .dead_message = dead_code != NULL ? "no email" : NULL,
                                  .dead_advice = dead_code != NULL ? "Send one." : NULL};
    struct store_event event = {.source = event_source,
                                .message_id = message_id,
                                .type = "identify",
                                .received_ms = 1795428300000,
                                .timestamp_ms = 1795428300000,
                                .body = event_body,
                                .body_len = strlen(event_body),
                                .targets = &target,
                                .target_count = 1,
                                .names = &event_name,
                                .name_count = event_name != NULL};
    struct store_skip skip = {
        .source = "web\"site", .destination = "Salesforce", .reason = "opted_out", .count = 2};

    CHECK(writer_append(bench->writer, &event, 1, &skip, 1, appended, &waiter));
    pthread_mutex_lock(&waiter.mutex);
    while (!waiter.done)
        pthread_cond_wait(&waiter.cond, &waiter.mutex);
    pthread_mutex_unlock(&waiter.mutex);
}

/* ---- asking ---- */

struct answer {
    long status;
    char text[65536];
    size_t len;
};

static size_t receive(char *bytes, size_t size, size_t count, void *arg)
{
    struct answer *answer = arg;
    size_t len = size * count;

    CHECK(answer->len + len < sizeof answer->text);
    memcpy(answer->text + answer->len, bytes, len);
    answer->len += len;
    answer->text[answer->len] = '\0';
    return len;
}

static void ask(const struct bench *bench, const char *method, const char *path, const char *header,
                struct answer *ret)
{
    char url[3000];
    struct curl_slist *headers = header != NULL ? curl_slist_append(NULL, header) : NULL;
    CURL *curl = curl_easy_init();

    CHECK(curl != NULL);
    ret->status = 0;
    ret->len = 0;
    ret->text[0] = '\0';
    snprintf(url, sizeof url, "http://%s%s", admin_address(bench->admin), path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, ret);
    CHECK_INT(curl_easy_perform(curl), CURLE_OK);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &ret->status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
}

static json_t *get_json(const struct bench *bench, const char *path, long status)
{
    static struct answer answer;
    json_t *read;

    ask(bench, "GET", path, NULL, &answer);
    CHECK_INT(answer.status, status);
    read = json_loads(answer.text, 0, NULL);
    CHECK(read != NULL);
    return read;
}

static json_int_t number(const json_t *object, const char *name)
{
    CHECK(json_is_integer(json_object_get(object, name)));
    return json_integer_value(json_object_get(object, name));
}

static const char *text(const json_t *object, const char *name)
{
    CHECK(json_is_string(json_object_get(object, name)));
    return json_string_value(json_object_get(object, name));
}

/* ---- tests ---- */

TEST(the_status_brings_intake_store_destinations_and_skips_together)
{
    struct bench bench;
    json_t *status, *to, *skip;

    start(&bench);
    append(&bench, "m1", NULL);
    append(&bench, "m2", "missing_lookup_value");
    status = get_json(&bench, "/api/status", 200);
    CHECK_STR(text(status, "version"), LEADLINE_VERSION);
    CHECK(number(status, "uptime") >= 0);
    CHECK_INT(number(json_object_get(status, "intake"), "requests"), 12);
    CHECK_INT(number(json_object_get(status, "refused"), "unknown_write_key"), 3);
    CHECK(json_is_true(json_object_get(json_object_get(status, "store"), "writable")));
    CHECK_INT(json_array_size(json_object_get(status, "destinations")), 1);
    to = json_array_get(json_object_get(status, "destinations"), 0);
    CHECK_STR(text(to, "name"), "Salesforce");
    CHECK_STR(text(to, "mood"), "stopped");
    CHECK_STR(text(to, "code"), "INVALID_LOGIN");
    CHECK_STR(text(to, "advice"), "Correct the password.");
    CHECK(json_is_null(json_object_get(to, "until")));
    CHECK_INT(number(to, "accepted"), 2);
    CHECK_INT(number(to, "waiting"), 1);
    CHECK_INT(number(to, "dead"), 1);
    CHECK_INT(number(to, "written"), 0);
    CHECK_INT(number(to, "in_hand"), 3);
    CHECK_STR(text(to, "oldest_waiting"), "2026-11-23T10:05:00.000Z");
    CHECK_INT(number(json_object_get(to, "org"), "calls"), 7);
    CHECK(json_is_null(json_object_get(json_object_get(to, "org"), "limit_used")));
    skip = json_array_get(json_object_get(status, "skips"), 0);
    CHECK_STR(text(skip, "reason"), "opted_out");
    CHECK_INT(number(skip, "count"), 4);
    json_decref(status);
    stop(&bench);
}

TEST(a_trace_shows_the_receipts_of_one_event)
{
    struct bench bench;
    json_t *trace, *receipt;

    start(&bench);
    append(&bench, "m 1&x=\xC3\xA9", NULL);
    trace = get_json(&bench, "/api/trace?messageId=m%201%26x%3D%C3%A9", 200);
    CHECK_STR(text(trace, "messageId"), "m 1&x=\xC3\xA9");
    CHECK_INT(json_array_size(json_object_get(trace, "receipts")), 1);
    receipt = json_array_get(json_object_get(trace, "receipts"), 0);
    CHECK_STR(text(receipt, "state"), "waiting");
    CHECK_STR(text(receipt, "destination"), "Salesforce");
    CHECK_STR(text(receipt, "received"), "2026-11-23T10:05:00.000Z");
    CHECK(json_is_null(json_object_get(receipt, "record_id")));
    CHECK(json_is_null(json_object_get(receipt, "record_url")));
    CHECK(json_is_null(json_object_get(receipt, "next_attempt")));
    CHECK_STR(text(receipt, "code"), "INVALID_LOGIN"); /* what its destination stopped for */
    CHECK_STR(text(receipt, "advice"), "Correct the password.");
    CHECK(json_is_array(json_object_get(receipt, "notes")));
    json_decref(trace);
    json_decref(get_json(&bench, "/api/trace?messageId=nobody", 404));
    json_decref(get_json(&bench, "/api/trace?q=m%201%26x%3D%C3%A9", 200));
    json_decref(get_json(&bench, "/api/trace?q=nobody", 404));
    json_decref(get_json(&bench, "/api/trace", 400));
    stop(&bench);
}

static size_t found(const struct bench *bench, const char *what)
{
    char path[100];
    json_t *trace;
    size_t count;

    snprintf(path, sizeof path, "/api/trace?q=%s", what);
    trace = get_json(bench, path, 200);
    count = json_array_size(json_object_get(trace, "receipts"));
    json_decref(trace);
    return count;
}

/* Names are kept as hashes: what has the hash of another name, and not the name, is not meant. */
TEST(an_event_that_was_found_by_the_hash_of_another_name_is_not_shown)
{
    struct bench bench;

    start(&bench);
    event_name = "peter@initech.example";
    event_body = "{\"type\":\"identify\",\"messageId\":\"m1\",\"userId\":\"milton\"}";
    append(&bench, "m1", NULL);
    json_decref(get_json(&bench, "/api/trace?q=peter@initech.example", 404));
    event_body =
        "{\"type\":\"identify\",\"messageId\":\"m2\",\"userId\":\"Peter@Initech.example\"}";
    append(&bench, "m2", NULL);
    CHECK_INT(found(&bench, "peter@initech.example"), 1);
    CHECK_INT(found(&bench, "m1"), 1);
    event_name = "m3";
    event_body = "no JSON"; /* has no name at all: found by its messageId, and answered once */
    append(&bench, "m3", NULL);
    CHECK_INT(found(&bench, "m3"), 1);
    CHECK_INT(found(&bench, "m1"), 1);
    event_name = NULL;
    event_body = "{}";
    stop(&bench);
}

TEST(an_event_that_is_found_in_two_ways_is_shown_once_and_each_of_two_sources)
{
    struct bench bench;

    start(&bench);
    event_name = "u-1"; /* an SDK that makes the messageId of the userId */
    event_body = "{\"type\":\"identify\",\"messageId\":\"u-1\",\"userId\":\"u-1\"}";
    append(&bench, "u-1", NULL);
    CHECK_INT(found(&bench, "u-1"), 1);
    event_source = "app";
    append(&bench, "u-1", NULL);
    CHECK_INT(found(&bench, "u-1"), 2);
    event_source = "website";
    event_name = NULL;
    event_body = "{}";
    stop(&bench);
}

TEST(a_skipped_event_is_shown_with_its_reason_and_when_it_came)
{
    static const struct store_skip_event event = {"quiet", "track", 1795428300000};
    const struct store_skip skip = {.source = "website",
                                    .destination = "Salesforce",
                                    .reason = "type_not_used",
                                    .count = 1,
                                    .events = &event,
                                    .event_count = 1};
    struct waiter waiter = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
    struct bench bench;
    json_t *trace, *one;

    start(&bench);
    CHECK(writer_append(bench.writer, NULL, 0, &skip, 1, appended, &waiter));
    pthread_mutex_lock(&waiter.mutex);
    while (!waiter.done)
        pthread_cond_wait(&waiter.cond, &waiter.mutex);
    pthread_mutex_unlock(&waiter.mutex);
    trace = get_json(&bench, "/api/trace?messageId=quiet", 200);
    one = json_array_get(json_object_get(trace, "receipts"), 0);
    CHECK_STR(text(one, "state"), "skipped");
    CHECK_STR(text(one, "code"), "type_not_used");
    CHECK_STR(text(one, "received"), "2026-11-23T10:05:00.000Z");
    CHECK(strlen(text(one, "message")) > 0 && strlen(text(one, "advice")) > 0);
    json_decref(trace);
    json_decref(get_json(&bench, "/api/trace?messageId=loud", 404));
    stop(&bench);
}

TEST(dead_letters_come_newest_first_and_by_pages)
{
    struct bench bench;
    json_t *page, *list, *rest;
    char id[20], path[100];

    start(&bench);
    for (int i = 0; i < 101; i++) {
        snprintf(id, sizeof id, "m%d", i);
        append(&bench, id, "missing_lookup_value");
    }
    page = get_json(&bench, "/api/dead-letters?destination=Salesforce", 200);
    list = json_object_get(page, "receipts");
    CHECK_INT(json_array_size(list), 100);
    CHECK_STR(text(json_array_get(list, 0), "messageId"), "m100");
    CHECK_STR(text(json_array_get(list, 0), "code"), "missing_lookup_value");
    CHECK_STR(text(json_array_get(list, 0), "advice"), "Send one.");
    snprintf(path, sizeof path, "/api/dead-letters?destination=Salesforce&before=%lld",
             (long long)number(page, "next"));
    rest = get_json(&bench, path, 200);
    list = json_object_get(rest, "receipts");
    CHECK_INT(json_array_size(list), 1);
    CHECK_STR(text(json_array_get(list, 0), "messageId"), "m0");
    CHECK(json_is_null(json_object_get(rest, "next")));
    json_decref(rest);
    json_decref(page);
    stop(&bench);
}

TEST(metrics_carry_the_same_figures_with_labels_escaped)
{
    static const char *const lines[] = {
        "leadline_info{version=\"" LEADLINE_VERSION "\"} 1\n",
        "leadline_intake_total{what=\"requests\"} 12\n",
        "leadline_refused_total{reason=\"unknown_write_key\"} 3\n",
        "leadline_store_writable 1\n",
        "leadline_accepted_total{destination=\"Salesforce\"} 1\n",
        "leadline_events{destination=\"Salesforce\",state=\"waiting\"} 1\n",
        "leadline_api_calls_total{destination=\"Salesforce\",kind=\"creates\"} 2\n",
        "leadline_destination_running{destination=\"Salesforce\"} 0\n",
        ("leadline_skipped_total{source=\"web\\\"site\",destination=\"Salesforce\","
         "reason=\"opted_out\"} 2\n")};
    static struct answer answer;
    struct bench bench;

    start(&bench);
    append(&bench, "m1", NULL);
    ask(&bench, "GET", "/metrics", NULL, &answer);
    CHECK_INT(answer.status, 200);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (strstr(answer.text, lines[i]) == NULL)
            print_error("not there: %s", lines[i]);
        CHECK(strstr(answer.text, lines[i]) != NULL);
    }
    CHECK(strstr(answer.text, "leadline_api_limit_used{") == NULL);
    stop(&bench);
}

/* ---- the exposition format ---- */

/* What has been seen of the text so far. */
struct exposition {
    char families[64][80]; /* each with its HELP and TYPE, one after the other */
    size_t family_count;
    bool counter;
    char samples[256][300]; /* names with labels */
    size_t sample_count;
};

/* The length of a metric's or label's name; 0: none. */
static size_t name_len(const char *text)
{
    if (*text >= '0' && *text <= '9')
        return 0;
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}

static void check_head(struct exposition *seen, const char *help, const char *type)
{
    char name[80], type_name[80], kind[20];

    CHECK_INT(sscanf(help, "# HELP %79s ", name), 1);
    CHECK_INT(sscanf(type, "# TYPE %79s %19s", type_name, kind), 2);
    CHECK_STR(type_name, name);
    CHECK(strlen(help) > strlen("# HELP  ") + strlen(name));
    CHECK_INT(name_len(name), strlen(name));
    for (size_t i = 0; i < seen->family_count; i++)
        CHECK(strcmp(seen->families[i], name) != 0);
    seen->counter = strcmp(kind, "counter") == 0;
    CHECK(seen->counter || strcmp(kind, "gauge") == 0);
    CHECK_INT(seen->counter, strstr(name, "_total") != NULL);
    CHECK(seen->family_count < 64);
    snprintf(seen->families[seen->family_count++], 80, "%s", name);
}

/* name="value",...}, with nothing unescaped in a value; returns what is behind it. */
static const char *check_labels(const char *p)
{
    while (*p != '}') {
        size_t len = name_len(p);
        CHECK(len > 0);
        p += len;
        CHECK(p[0] == '=' && p[1] == '"');
        for (p += 2; *p != '"'; p += *p == '\\' ? 2 : 1) {
            CHECK(*p != '\0');
            CHECK(*p != '\\' || strchr("\\\"n", p[1]) != NULL);
        }
        p++;
        CHECK(*p == ',' || *p == '}');
        p += *p == ',';
    }
    return p + 1;
}

static void check_sample(struct exposition *seen, const char *line)
{
    const char *family = seen->families[seen->family_count - 1], *p = line + strlen(family);
    char *end;

    CHECK(strncmp(line, family, strlen(family)) == 0);
    CHECK(*p == '{' || *p == ' ');
    if (*p == '{')
        p = check_labels(p + 1);
    CHECK(*p == ' ');
    CHECK(strtoll(p + 1, &end, 10) >= 0 && end > p + 1 && *end == '\0');
    for (size_t i = 0; i < seen->sample_count; i++)
        CHECK(strncmp(seen->samples[i], line, (size_t)(p - line) + 1) != 0);
    CHECK(seen->sample_count < 256);
    snprintf(seen->samples[seen->sample_count++], 300, "%.*s", (int)(p - line) + 1, line);
}

/* Each family once, head first, its samples behind it and each of them once; names, labels and
   values as the format wants them, a counter called _total, a newline at the end. */
TEST(metrics_keep_to_the_exposition_format)
{
    static struct answer answer;
    static struct exposition seen;
    struct bench bench;
    char *rest, *help = NULL;

    start(&bench);
    append(&bench, "m1", NULL);
    ask(&bench, "GET", "/metrics", NULL, &answer);
    CHECK(answer.text[strlen(answer.text) - 1] == '\n');
    for (char *line = strtok_r(answer.text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        if (help != NULL)
            check_head(&seen, help, line);
        else if (line[0] != '#')
            check_sample(&seen, line);
        help = help == NULL && line[0] == '#' ? line : NULL;
    }
    CHECK(help == NULL);
    CHECK(seen.family_count > 15 && seen.sample_count > 25);
    stop(&bench);
}

/* A unit of seconds or bytes is the end of the name, as Prometheus has it. */
TEST(the_document_shows_every_metric)
{
    static char document[256 * 1024];
    FILE *file = fopen(TEST_DATA "/../../docs/operations.md", "r");
    char *rest, name[80], type[20], unit[40];
    struct buf table;

    CHECK(file != NULL);
    document[fread(document, 1, sizeof document - 1, file)] = '\0';
    fclose(file);
    buf_init(&table, sizeof document);
    metrics_print_reference(&table);
    if (strstr(document, buf_peek(&table)) == NULL)
        print_error("docs/operations.md is out of date: put the output of "
                    "\"leadline help metrics\" between its marks\n");
    CHECK(strstr(document, buf_peek(&table)) != NULL);
    for (char *row = strtok_r(table.data, "\n", &rest); row != NULL;
         row = strtok_r(NULL, "\n", &rest)) {
        if (sscanf(row, "| `%79[^`]` | %19s | %39[^|]", name, type, unit) != 3)
            continue;
        CHECK_INT(strcmp(unit, "seconds ") == 0, strstr(name, "_seconds") != NULL);
        CHECK_INT(strcmp(unit, "bytes ") == 0, strstr(name, "_bytes") != NULL);
    }
    buf_done(&table);
}

TEST(a_person_may_say_try_again_pause_and_resume)
{
    static const struct {
        const char *path;
        int *count;
    } acts[] = {{"/api/retry", &retries}, {"/api/pause", &pauses}, {"/api/resume", &resumes}};
    static struct answer answer;
    struct bench bench;
    char path[80];

    start(&bench);
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        *acts[i].count = 0;
        snprintf(path, sizeof path, "%s?destination=Salesforce", acts[i].path);
        ask(&bench, "POST", path, NULL, &answer);
        CHECK_INT(answer.status, 200);
        CHECK_INT(*acts[i].count, 1);
        ask(&bench, "GET", path, NULL, &answer);
        CHECK_INT(answer.status, 405);
        snprintf(path, sizeof path, "%s?destination=Nobody", acts[i].path);
        ask(&bench, "POST", path, NULL, &answer);
        CHECK_INT(answer.status, 404);
        ask(&bench, "POST", acts[i].path, NULL, &answer);
        CHECK_INT(answer.status, 400);
        CHECK_INT(*acts[i].count, 1);
    }
    stop(&bench);
}

TEST(dead_letters_wait_again_when_a_person_says_so)
{
    static struct answer answer;
    struct bench bench;
    json_t *status, *to;

    start_with(&bench, "admin_listen: 127.0.0.1:0\n"
                       "destinations:\n"
                       "  - {name: Salesforce, account_email: a@b.c, account_password: x}\n");
    append(&bench, "m1", "missing_lookup_value");
    append(&bench, "m2", "missing_lookup_value");
    append(&bench, "m3", "missing_lookup_value");
    redrives = 0;
    ask(&bench, "POST", "/api/dead-letters/retry?destination=Salesforce&messageId=m2", NULL,
        &answer);
    CHECK_INT(answer.status, 200);
    CHECK_INT(redrives, 1); /* what was held against its record is forgotten */
    CHECK(strstr(answer.text, "\"retried\":1") != NULL);
    ask(&bench, "POST", "/api/dead-letters/retry?destination=Salesforce&messageId=m2", NULL,
        &answer);
    CHECK_INT(answer.status, 404);
    ask(&bench, "POST", "/api/dead-letters/retry?destination=Nobody", NULL, &answer);
    CHECK_INT(answer.status, 400);
    ask(&bench, "POST", "/api/dead-letters/retry?destination=Salesforce", NULL, &answer);
    CHECK(strstr(answer.text, "\"retried\":2") != NULL);
    status = get_json(&bench, "/api/status", 200);
    to = json_array_get(json_object_get(status, "destinations"), 0);
    CHECK_INT(number(to, "dead"), 0);
    CHECK_INT(number(to, "waiting"), 3);
    json_decref(status);
    stop(&bench);
}

static struct settings *settings_with(const char *name)
{
    char text[200];
    struct err err = {0};
    struct settings *settings;

    snprintf(text, sizeof text,
             "admin_listen: 127.0.0.1:0\n"
             "destinations:\n"
             "  - {name: %s, account_email: a@b.c, account_password: x}\n",
             name);
    settings = settings_parse(text, strlen(text), "x", ".", &err);
    CHECK(settings != NULL);
    return settings;
}

/* As after SIGHUP: the settings of now say which destinations there are. */
TEST(a_reload_adds_and_removes_destinations_that_take_dead_letters_again)
{
    static const char retry[] = "/api/dead-letters/retry?destination=Salesforce";
    static struct answer answer;
    struct settings *with = settings_with("Salesforce"), *without = settings_with("Other");
    struct bench bench;

    start(&bench); /* without any */
    append(&bench, "m1", "missing_lookup_value");
    ask(&bench, "POST", retry, NULL, &answer);
    CHECK_INT(answer.status, 400);
    admin_reload(bench.admin, with);
    ask(&bench, "POST", retry, NULL, &answer);
    CHECK_INT(answer.status, 200);
    CHECK(strstr(answer.text, "\"retried\":1") != NULL);
    append(&bench, "m2", "missing_lookup_value");
    admin_reload(bench.admin, without);
    ask(&bench, "POST", retry, NULL, &answer);
    CHECK_INT(answer.status, 400);
    CHECK(strstr(answer.text, "the parameter destination is missing or names none") != NULL);
    /* What it has left can still be given up. */
    ask(&bench, "POST", "/api/dead-letters/discard?destination=Salesforce", NULL, &answer);
    CHECK_STR(answer.text, "{\"success\":true,\"discarded\":1}");
    settings_unref(with);
    settings_unref(without);
    stop(&bench);
}

TEST(dead_letters_are_filtered_and_shown_with_user_and_event)
{
    struct bench bench;
    json_t *page, *list, *one;

    start(&bench);
    event_body = "{\"type\":\"identify\",\"userId\":7,\"traits\":{\"email\":\"a@b.c\"}}";
    append(&bench, "m1", "no_key");
    event_body = "{\"type\":\"group\",\"userId\":\"u\",\"groupId\":\"acme\"}";
    append(&bench, "m2", "no_name");
    event_body = "no JSON";
    append(&bench, "m3", "no_name");
    event_body = "{}";
    page = get_json(&bench, "/api/dead-letters?destination=Salesforce&code=no_name&body=1", 200);
    list = json_object_get(page, "receipts");
    CHECK_INT(json_array_size(list), 2);
    CHECK_STR(text(json_array_get(list, 0), "event"), "no JSON");
    CHECK(json_is_null(json_object_get(json_array_get(list, 0), "user")));
    CHECK_STR(text(json_array_get(list, 1), "user"), "acme");
    CHECK_STR(text(json_object_get(json_array_get(list, 1), "event"), "groupId"), "acme");
    json_decref(page);
    page = get_json(&bench, "/api/dead-letters?destination=Salesforce&code=no_key", 200);
    one = json_array_get(json_object_get(page, "receipts"), 0);
    CHECK_STR(text(one, "user"), "7");
    CHECK(json_object_get(one, "event") == NULL);
    json_decref(page);
    page = get_json(&bench, "/api/dead-letters?messageId=m1", 200);
    one = json_array_get(json_object_get(page, "receipts"), 0);
    CHECK_STR(text(json_object_get(json_object_get(one, "event"), "traits"), "email"), "a@b.c");
    json_decref(page);
    json_decref(get_json(&bench, "/api/dead-letters?messageId=nobody", 404));
    json_decref(get_json(&bench, "/api/dead-letters", 400));
    json_decref(get_json(&bench, "/api/dead-letters?destination=Salesforce&before=x", 400));
    stop(&bench);
}

TEST(dead_letters_are_discarded_when_a_person_says_so)
{
    static struct answer answer;
    struct bench bench;
    json_t *status, *to;

    start(&bench);
    append(&bench, "m1", "no_key");
    append(&bench, "m2", "no_name");
    append(&bench, "m3", "no_name");
    ask(&bench, "POST", "/api/dead-letters/discard?destination=Salesforce&messageId=m2", NULL,
        &answer);
    CHECK_STR(answer.text, "{\"success\":true,\"discarded\":1}");
    ask(&bench, "POST", "/api/dead-letters/discard?destination=Salesforce&messageId=m2", NULL,
        &answer);
    CHECK_INT(answer.status, 404);
    ask(&bench, "POST", "/api/dead-letters/discard?destination=Nobody", NULL, &answer);
    CHECK_INT(answer.status, 400);
    ask(&bench, "POST", "/api/dead-letters/discard?destination=Salesforce",
        "Origin: http://evil.example", &answer);
    CHECK_INT(answer.status, 403);
    ask(&bench, "GET", "/api/dead-letters/discard?destination=Salesforce", NULL, &answer);
    CHECK_INT(answer.status, 405);
    ask(&bench, "POST", "/api/dead-letters/discard?destination=Salesforce&code=no_name", NULL,
        &answer);
    CHECK_STR(answer.text, "{\"success\":true,\"discarded\":1}");
    status = get_json(&bench, "/api/status", 200);
    to = json_array_get(json_object_get(status, "destinations"), 0);
    CHECK_INT(number(to, "dead"), 3);
    CHECK_INT(number(to, "dead_letters"), 1);
    json_decref(status);
    stop(&bench);
}

/* What comes behind the cursor, until count events have been told.  What changed in the
   millisecond of the last answer is told by the next one. */
static json_t *watch(struct bench *bench, const char *cursor, size_t count)
{
    json_t *told = json_array();
    char path[200];

    snprintf(path, sizeof path, "/api/events?after=%s", cursor);
    while (json_array_size(told) < count) {
        json_t *page = get_json(bench, path, 200);
        json_array_extend(told, json_object_get(page, "events"));
        snprintf(path, sizeof path, "/api/events?after=%s", text(page, "next"));
        json_decref(page);
    }
    CHECK_INT(json_array_size(told), count);
    return told;
}

/* The one event told of that messageId; borrowed. */
static json_t *told_of(json_t *told, const char *message_id)
{
    json_t *found = NULL, *one;
    size_t i;

    json_array_foreach(told, i, one) {
        if (strcmp(text(one, "messageId"), message_id) != 0)
            continue;
        CHECK(found == NULL);
        found = one;
    }
    CHECK(found != NULL);
    return found;
}

TEST(events_are_watched_by_a_cursor)
{
    static struct answer answer;
    struct bench bench;
    char id[8];
    json_t *page, *list, *told;

    start(&bench);
    for (int i = 1; i <= 3; i++) {
        snprintf(id, sizeof id, "m%d", i);
        append(&bench, id, i == 2 ? "no_key" : NULL);
    }
    page = get_json(&bench, "/api/events?lines=2", 200);
    list = json_object_get(page, "events");
    CHECK_INT(json_array_size(list), 2);
    CHECK_STR(text(json_array_get(list, 0), "messageId"), "m2");
    CHECK_STR(text(json_array_get(list, 1), "messageId"), "m3");
    append(&bench, "m4", NULL);
    ask(&bench, "POST", "/api/dead-letters/discard?destination=Salesforce&messageId=m2", NULL,
        &answer);
    told = watch(&bench, text(page, "next"), 2);
    json_decref(page);
    CHECK(json_is_true(json_object_get(told_of(told, "m2"), "discarded")));
    told_of(told, "m4");
    json_decref(told);
    page = get_json(&bench, "/api/events?outcome=dead&source=website&destination=Salesforce", 200);
    CHECK_INT(json_array_size(json_object_get(page, "events")), 1);
    json_decref(page);
    page = get_json(&bench, "/api/events?source=elsewhere", 200);
    CHECK_INT(json_array_size(json_object_get(page, "events")), 0);
    json_decref(page);
    stop(&bench);
}

TEST(parameters_that_cannot_be_meant_are_refused)
{
    static const char *const paths[] = {
        "/api/events?after=1",
        "/api/events?after=1.2.3.4.5",
        "/api/events?after=-1.2.3",
        "/api/events?after=1.2.99999999999999999999",
        "/api/events?after=",
        "/api/events?lines=1001",
        "/api/events?lines=-1",
        "/api/events?outcome=lost",
        "/api/dead-letters?destination=Salesforce&before=9223372036854775808",
    };
    static char path[2000];
    struct bench bench;

    start(&bench);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        json_decref(get_json(&bench, paths[i], 400));
    for (size_t len = 1000; len <= 1001; len++) {
        size_t at = (size_t)snprintf(path, sizeof path, "/api/events?source=");
        memset(path + at, 'x', len);
        path[at + len] = '\0';
        json_decref(get_json(&bench, path, len == 1000 ? 200 : 400));
    }
    json_decref(
        get_json(&bench, "/api/events?after=0.9223372036854775807.9223372036854775807", 200));
    stop(&bench);
}

TEST(other_sites_cannot_act_through_a_browser)
{
    static struct answer answer;
    struct bench bench;
    char own[100];

    start(&bench);
    retries = 0;
    ask(&bench, "POST", "/api/retry?destination=Salesforce", "Origin: http://evil.example",
        &answer);
    CHECK_INT(answer.status, 403);
    ask(&bench, "POST", "/api/retry?destination=Salesforce", "Origin: null", &answer);
    CHECK_INT(answer.status, 403);
    ask(&bench, "GET", "/api/status", "Host: evil.example", &answer);
    CHECK_INT(answer.status, 403);
    ask(&bench, "GET", "/api/status", "Host: localhost.evil.example:80", &answer);
    CHECK_INT(answer.status, 403);
    ask(&bench, "GET", "/api/status", "Host: localhost:80", &answer);
    CHECK_INT(answer.status, 200);
    ask(&bench, "GET", "/api/status", "Host: [::1]:80", &answer);
    CHECK_INT(answer.status, 200);
    CHECK_INT(retries, 0);
    snprintf(own, sizeof own, "Origin: http://%s", admin_address(bench.admin));
    ask(&bench, "POST", "/api/retry?destination=Salesforce", own, &answer);
    CHECK_INT(answer.status, 200);
    stop(&bench);
}

TEST(the_page_health_and_unknown_paths_answer)
{
    static struct answer answer;
    struct bench bench;

    start(&bench);
    ask(&bench, "GET", "/", NULL, &answer);
    CHECK_INT(answer.status, 200);
    CHECK(strstr(answer.text, "<title>Leadline</title>") != NULL);
    CHECK(strstr(answer.text, "</html>") != NULL);
    ask(&bench, "GET", "/healthz", NULL, &answer);
    CHECK_INT(answer.status, 200);
    json_decref(get_json(&bench, "/api/nothing", 404));
    stop(&bench);
}

TEST(a_port_in_use_is_said_by_its_key)
{
    struct bench bench;
    struct err err = {0};
    char line[100];
    struct admin_sources sources = {0};

    start(&bench);
    snprintf(line, sizeof line, "admin_listen: %s", admin_address(bench.admin));
    sources.settings = settings_parse(line, strlen(line), "x", ".", &err);
    CHECK(sources.settings != NULL);
    CHECK(admin_is_loopback(sources.settings));
    CHECK(admin_start(&sources, &err) == NULL);
    CHECK(strstr(err.text, "admin_listen") != NULL);
    settings_unref(sources.settings);
    stop(&bench);
}

TEST_MAIN(TEST_CASE(the_status_brings_intake_store_destinations_and_skips_together),
          TEST_CASE(a_trace_shows_the_receipts_of_one_event),
          TEST_CASE(an_event_that_was_found_by_the_hash_of_another_name_is_not_shown),
          TEST_CASE(an_event_that_is_found_in_two_ways_is_shown_once_and_each_of_two_sources),
          TEST_CASE(a_skipped_event_is_shown_with_its_reason_and_when_it_came),
          TEST_CASE(dead_letters_come_newest_first_and_by_pages),
          TEST_CASE(metrics_carry_the_same_figures_with_labels_escaped),
          TEST_CASE(metrics_keep_to_the_exposition_format),
          TEST_CASE(the_document_shows_every_metric),
          TEST_CASE(a_person_may_say_try_again_pause_and_resume),
          TEST_CASE(dead_letters_wait_again_when_a_person_says_so),
          TEST_CASE(a_reload_adds_and_removes_destinations_that_take_dead_letters_again),
          TEST_CASE(dead_letters_are_filtered_and_shown_with_user_and_event),
          TEST_CASE(dead_letters_are_discarded_when_a_person_says_so),
          TEST_CASE(events_are_watched_by_a_cursor),
          TEST_CASE(parameters_that_cannot_be_meant_are_refused),
          TEST_CASE(other_sites_cannot_act_through_a_browser),
          TEST_CASE(the_page_health_and_unknown_paths_answer),
          TEST_CASE(a_port_in_use_is_said_by_its_key))
