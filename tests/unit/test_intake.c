#include "check.h"

#include <dirent.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "base/buf.h"
#include "event/intake.h"
#include "event/parse.h"
#include "event/shared.h"
#include "same_event.h"

#define RECEIVED_MS 1795435200000 /* 2026-11-23T12:00:00.000Z */
#define RECEIVED    "\"receivedAt\":\"2026-11-23T12:00:00.000Z\""

static int read_body(struct intake *intake, const char *body, enum event_type path_type,
                     bool is_batch_path, struct err *err)
{
    return intake_read(intake, body, strlen(body), path_type, is_batch_path, RECEIVED_MS, err);
}

/* The event of a message says what its text says. */
static void check_event(const struct intake *intake, const struct intake_message *message)
{
    struct err err = {0};
    struct event event, of_text;

    CHECK_INT(intake_event(intake, message, &event, &err), 0);
    CHECK_INT(event_read(&of_text, message->text, message->len, &err), 0);
    CHECK(same_event(&event, &of_text));
    CHECK_INT(event.received_ms, RECEIVED_MS);
    event_done(&event);
    event_done(&of_text);
}

/* The only message of a body, which must be fine, has this text. */
static void check_text(const char *body, enum event_type path_type, const char *want)
{
    struct err err = {0};
    struct intake intake;

    CHECK_INT(read_body(&intake, body, path_type, path_type == EVENT_NONE, &err), 0);
    CHECK_INT(intake.count, 1);
    CHECK(intake.messages[0].problem == NULL);
    CHECK_STR(intake.messages[0].text, want);
    CHECK_INT(intake.messages[0].len, strlen(want));
    check_event(&intake, &intake.messages[0]);
    intake_done(&intake);
}

TEST(a_message_is_kept_as_it_came)
{
    check_text("{ \"userId\" : \"u\", \"z\":1.10, \"a\":{\"n\": 12345678901234567890123},"
               "\"type\":\"identify\", \"e\":\"\\u00e9\\n\", \"messageId\":\"m\"}",
               EVENT_IDENTIFY,
               "{\"userId\":\"u\",\"z\":1.10,\"a\":{\"n\": 12345678901234567890123},"
               "\"e\":\"\\u00e9\\n\",\"type\":\"identify\",\"messageId\":\"m\"," RECEIVED "}");
}

TEST(the_path_decides_the_type)
{
    check_text("{\"userId\":1,\"messageId\":\"m\"}", EVENT_PAGE,
               "{\"userId\":1,\"type\":\"page\",\"messageId\":\"m\"," RECEIVED "}");
    check_text("{\"type\":\"track\",\"userId\":1,\"messageId\":\"m\",\"typ\\u0065\":2}", EVENT_PAGE,
               "{\"userId\":1,\"type\":\"page\",\"messageId\":\"m\"," RECEIVED "}");
    check_text("{\"batch\":[{\"type\":\"track\",\"userId\":1,\"messageId\":\"m\"}]}", EVENT_NONE,
               "{\"type\":\"track\",\"userId\":1,\"messageId\":\"m\"," RECEIVED "}");
    check_text("{\"batch\":[],\"userId\":1,\"messageId\":\"m\"}", EVENT_PAGE,
               "{\"batch\":[],\"userId\":1,\"type\":\"page\",\"messageId\":\"m\"," RECEIVED "}");
}

TEST(a_path_that_says_nothing_takes_a_message_or_a_batch)
{
    struct err err = {0};
    struct intake intake;

    CHECK_INT(read_body(&intake, "{\"type\":\"page\",\"userId\":1}", EVENT_NONE, false, &err), 0);
    CHECK_INT(intake.count, 1);
    CHECK(intake.messages[0].problem == NULL);
    intake_done(&intake);
    CHECK_INT(read_body(&intake, "{\"batch\":[]}", EVENT_NONE, false, &err), 0);
    CHECK_INT(intake.count, 0);
    intake_done(&intake);
}

TEST(of_a_member_that_stands_twice_the_last_is_kept)
{
    check_text(
        "{\"userId\":\"first\",\"x\":1,\"x\":2,\"userId\":\"second\",\"messageId\":\"m\","
        "\"message\\u0049d\":\"n\",\"receivedAt\":1,\"received\\u0041t\":2}",
        EVENT_PAGE,
        "{\"x\":1,\"x\":2,\"userId\":\"second\",\"type\":\"page\",\"messageId\":\"n\"," RECEIVED
        "}");
    /* of what the batch says twice, too; what a message says itself stays as it is written */
    check_text("{\"batch\":[{\"type\":\"page\",\"userId\":1,\"messageId\":\"m\","
               "\"context\":{\"b\":1,\"b\":2}}],\"context\":{\"a\":1,\"a\":2,\"b\":3},"
               "\"integrations\":{\"x\":1},\"integrations\":{\"x\":2}}",
               EVENT_NONE,
               "{\"type\":\"page\",\"userId\":1,\"context\":{\"b\":1,\"b\":2,\"a\":2},"
               "\"integrations\":{\"x\":2},\"messageId\":\"m\"," RECEIVED "}");
}

static char *message_id_of(const char *member)
{
    struct err err = {0};
    struct intake intake;
    struct event event;
    char *body = mem_format("{\"userId\":1%s}", member);

    CHECK(body != NULL);
    CHECK_INT(read_body(&intake, body, EVENT_PAGE, false, &err), 0);
    CHECK(intake.messages[0].problem == NULL);
    CHECK_INT(event_read(&event, intake.messages[0].text, intake.messages[0].len, &err), 0);
    char *id = mem_text(event.message_id);
    CHECK(id != NULL);
    event_done(&event);
    intake_done(&intake);
    mem_free(body);
    return id;
}

static void check_message_id(const char *member, const char *want)
{
    char *id = message_id_of(member);

    CHECK_STR(id, want);
    mem_free(id);
}

TEST(a_missing_message_id_is_made)
{
    static const char *const missing[] = {
        "",
        ",\"messageId\":null",
        ",\"messageId\":\"\"",
        ",\"messageId\":0",
        ",\"messageId\":true",
        ",\"messageId\":{\"a\":1}",
        ",\"messageId\":\"first\",\"messageId\":null",
    };

    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        char *one = message_id_of(missing[i]), *other = message_id_of(missing[i]);
        CHECK_INT(strlen(one), 36);
        CHECK(one[14] == '4' && strcmp(one, other) != 0);
        mem_free(one);
        mem_free(other);
    }
    check_message_id(",\"messageId\":17", "17");
    check_message_id(",\"messageId\":\"\\u0041\"", "A");
}

TEST(a_long_message_id_becomes_its_hash)
{
    char member[200], *a, *b;
    char hundred[101];

    memset(hundred, 'x', 100);
    hundred[100] = '\0';
    snprintf(member, sizeof member, ",\"messageId\":\"%s\"", hundred);
    check_message_id(member, hundred);

    snprintf(member, sizeof member, ",\"messageId\":\"%sy\"", hundred);
    a = message_id_of(member);
    CHECK_INT(strlen(a), 66);
    CHECK(strncmp(a, "h-", 2) == 0 && strspn(a + 2, "0123456789abcdef") == 64);
    check_message_id(member, a); /* a repeat has the same */
    snprintf(member, sizeof member, ",\"messageId\":\"%sz\"", hundred);
    b = message_id_of(member);
    CHECK(strcmp(a, b) != 0);
    mem_free(a);
    mem_free(b);

    a = message_id_of(",\"messageId\":\"a\\u0000b\"");
    b = message_id_of(",\"messageId\":\"a\\u0000c\"");
    CHECK(strncmp(a, "h-", 2) == 0 && strcmp(a, b) != 0);
    mem_free(a);
    mem_free(b);
}

TEST(the_clients_receivedAt_is_not_believed)
{
    check_text("{\"receivedAt\":\"2001-01-01T00:00:00Z\",\"userId\":1,\"messageId\":\"m\"}",
               EVENT_PAGE, "{\"userId\":1,\"type\":\"page\",\"messageId\":\"m\"," RECEIVED "}");
}

/* A batch of one message; want is its text between "userId":1, and messageId. */
static void check_merge(const char *batch_members, const char *message_members, const char *want)
{
    char body[600], text[600];

    snprintf(body, sizeof body,
             "{%s,\"batch\":[{\"type\":\"page\",\"messageId\":\"m\",\"userId\":1%s}]}",
             batch_members, message_members);
    snprintf(text, sizeof text,
             "{\"type\":\"page\",\"userId\":1%s,\"messageId\":\"m\"," RECEIVED "}", want);
    check_text(body, EVENT_NONE, text);
}

TEST(the_batchs_context_and_integrations_reach_each_message)
{
    check_merge("\"context\":{\"a\":1}", "", ",\"context\":{\"a\":1}");
    check_merge("\"context\":{\"a\":1}", ",\"context\":null", ",\"context\":{\"a\":1}");
    check_merge("\"context\":{\"a\":1,\"\\u0062\":2,\"c\":{\"x\":1}}",
                ",\"context\":{\"c\":{\"y\": 2},\"b\":null}",
                ",\"context\":{\"c\":{\"y\": 2},\"b\":null,\"a\":1}");
    check_merge("\"context\":{\"a\":1}", ",\"context\":{\"b\":2},\"context\":{\"c\":3}",
                ",\"context\":{\"c\":3,\"a\":1}");
    check_merge("\"context\":[1]", ",\"context\":7", ",\"context\":7");
    check_merge("\"context\":null", "", "");
    check_merge("\"integrations\":{\"All\":true,\"Salesforce\":true}",
                ",\"integrations\":{\"Salesforce\":false}",
                ",\"integrations\":{\"Salesforce\":false,\"All\":true}");
    check_merge("\"integrations\":{\"Salesforce\":true}", ",\"integrations\":{}",
                ",\"integrations\":{\"Salesforce\":true}");
}

TEST(the_batchs_context_goes_where_the_context_is_read)
{
    check_merge("\"context\":{\"a\":1}", ",\"options\":{\"b\":2},\"context\":{\"c\":3}",
                ",\"context\":{\"c\":3},\"options\":{\"b\":2,\"a\":1}");
    check_merge("\"context\":{\"a\":1}", ",\"options\":null",
                ",\"options\":null,\"context\":{\"a\":1}");
}

TEST(the_batchs_sentAt_serves_messages_that_have_none)
{
    check_merge("\"sentAt\":\"2026-01-01\"", "", ",\"sentAt\":\"2026-01-01\"");
    check_merge("\"sentAt\":\"2026-01-01\"", ",\"sentAt\":null", ",\"sentAt\":\"2026-01-01\"");
    check_merge("\"sentAt\":\"2026-01-01\"", ",\"sentAt\":\"2026-01-02\"",
                ",\"sentAt\":\"2026-01-02\"");
    check_merge("\"sentAt\":null", "", "");
    check_merge("\"timestamp\":\"2026-01-01\"", "", "");
}

TEST(a_bad_message_leaves_the_others_alone)
{
    static const char *const want[] = {
        NULL,     "not_an_object", "not_an_object", "unknown_type", "unknown_type",
        "no_ids", "no_ids",        "no_group_id",   "no_ids",       NULL};
    struct err err = {0};
    struct intake intake;

    CHECK_INT(read_body(&intake,
                        "{\"batch\":[{\"type\":\"page\",\"userId\":1},3,[{}],{\"userId\":1},"
                        "{\"type\":\"pages\",\"userId\":1},{\"type\":\"page\"},"
                        "{\"type\":\"identify\",\"userId\":0,\"anonymousId\":null},"
                        "{\"type\":\"group\",\"userId\":1,\"groupId\":\"\"},"
                        "{\"type\":\"group\",\"groupId\":1},"
                        "{\"type\":\"group\",\"groupId\":1,\"anonymousId\":\"a\"}]}",
                        EVENT_NONE, true, &err),
              0);
    CHECK_INT(intake.count, sizeof want / sizeof want[0]);
    for (size_t i = 0; i < intake.count; i++) {
        const struct intake_message *message = &intake.messages[i];
        CHECK((message->problem == NULL) == (want[i] == NULL));
        CHECK((message->text == NULL) == (want[i] != NULL));
        if (want[i] != NULL)
            CHECK_STR(message->problem, want[i]);
    }
    intake_done(&intake);
}

TEST(a_body_that_cannot_be_taken_in_says_why)
{
    static const struct {
        const char *body;
        bool is_batch_path;
        const char *reason;
    } bad[] = {
        {"{\"a\":1", true, "read the body: a comma or } is missing at byte 6"},
        {"", false, "read the body: a value is missing at byte 0"},
        {"[]", true, "the body must be a JSON object"},
        {"\"x\"", false, "the body must be a JSON object"},
        {"{}", true, "the body must have \"batch\", an array of messages"},
        {"{\"batch\":{}}", true, "\"batch\" must be an array of messages"},
        {"{\"batch\":null}", false, "\"batch\" must be an array of messages"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err err = {0};
        struct intake intake;
        CHECK_INT(read_body(&intake, bad[i].body, EVENT_NONE, bad[i].is_batch_path, &err), -1);
        CHECK_INT(err.kind, ERR_INVALID);
        CHECK_STR(err.text, bad[i].reason);
    }
}

static void check_write_key(const char *body, const char *want)
{
    struct err err = {0};
    struct intake intake;

    CHECK_INT(read_body(&intake, body, EVENT_NONE, false, &err), 0);
    CHECK((intake.write_key == NULL) == (want == NULL));
    if (want != NULL)
        CHECK_STR(intake.write_key, want);
    for (size_t i = 0; i < intake.count; i++)
        if (intake.messages[i].text != NULL)
            CHECK(strstr(intake.messages[i].text, "writeKey") == NULL);
    intake_done(&intake);
}

TEST(the_write_key_is_taken_out_of_the_body)
{
    check_write_key("{\"type\":\"page\",\"userId\":1,\"writeKey\":\"W\"}", "W");
    check_write_key("{\"writeKey\":\"W\",\"type\":\"page\"}", "W");
    check_write_key("{\"batch\":[{\"type\":\"page\",\"userId\":1,\"writeKey\":\"M\"}],"
                    "\"writeKey\":\"W\"}",
                    "W");
    check_write_key("{\"batch\":[{},{\"type\":\"page\",\"userId\":1,\"writeKey\":\"M\"},"
                    "{\"writeKey\":\"N\"}]}",
                    "M");
    check_write_key("{\"batch\":[],\"writeKey\":\"\"}", NULL);
    check_write_key("{\"batch\":[],\"writeKey\":5}", NULL);
}

/* before, then fill times the letter a, then after. */
static char *padded(const char *before, size_t fill, const char *after)
{
    size_t head = strlen(before), tail = strlen(after);
    char *text = mem_alloc(head + fill + tail + 1);

    CHECK(text != NULL);
    memcpy(text, before, head);
    memset(text + head, 'a', fill);
    memcpy(text + head + fill, after, tail + 1);
    return text;
}

static const char *only_problem(char *body, struct intake *intake)
{
    struct err err = {0};

    CHECK_INT(read_body(intake, body, EVENT_NONE, false, &err), 0);
    CHECK_INT(intake->count, 1);
    mem_free(body);
    return intake->messages[0].problem;
}

TEST(a_message_may_be_so_large_and_no_larger)
{
    const char *before = "{\"type\":\"page\",\"userId\":\"", *after = "\"}";
    size_t fill = INTAKE_MAX_MESSAGE - strlen(before) - strlen(after);
    struct intake intake;

    CHECK(only_problem(padded(before, fill, after), &intake) == NULL);
    intake_done(&intake);
    CHECK_STR(only_problem(padded(before, fill + 1, after), &intake), "too_large");
    intake_done(&intake);
}

/* {"context":{"x":"aaa..."},"batch":[message,message,...]} */
static char *batch_of(size_t count, size_t fill)
{
    const char *message = "{\"type\":\"page\",\"userId\":1}";
    struct buf buf;

    buf_init(&buf, 16 * (size_t)INTAKE_MAX_BODY);
    char *head = padded("{\"context\":{\"x\":\"", fill, "\"},\"batch\":[");
    buf_text(&buf, head);
    mem_free(head);
    for (size_t i = 0; i < count; i++) {
        buf_text(&buf, i > 0 ? "," : "");
        buf_text(&buf, message);
    }
    buf_text(&buf, "]}");
    char *body = buf_take(&buf, NULL);
    CHECK(body != NULL);
    return body;
}

static void check_full(char *body, const char *reason)
{
    struct err err = {0};
    struct intake intake;

    CHECK_INT(read_body(&intake, body, EVENT_NONE, true, &err), -1);
    CHECK_INT(err.kind, ERR_FULL);
    CHECK_STR(err.text, reason);
    mem_free(body);
}

TEST(bodies_batches_and_what_is_made_of_them_are_bounded)
{
    struct err err = {0};
    struct intake intake;
    char *body = batch_of(INTAKE_MAX_MESSAGES, 10);

    CHECK_INT(read_body(&intake, body, EVENT_NONE, true, &err), 0);
    CHECK_INT(intake.count, INTAKE_MAX_MESSAGES);
    intake_done(&intake);
    mem_free(body);
    check_full(batch_of(INTAKE_MAX_MESSAGES + 1, 10), "a batch may hold at most 5000 messages");
    check_full(batch_of(INTAKE_MAX_MESSAGES, 20000),
               "the messages with the batch's context are larger than 8388608 bytes");
    check_full(batch_of(1, 40000),
               "a batch's context may have at most 128 members and 32768 bytes");
    check_full(batch_of(1, INTAKE_MAX_BODY), "a body may hold at most 1048576 bytes");
}

TEST(a_batchs_integrations_have_only_so_many_members)
{
    struct buf buf;
    char *body;

    buf_init(&buf, 10000);
    buf_text(&buf, "{\"batch\":[],\"integrations\":{");
    for (int i = 0; i <= SHARED_MAX; i++)
        buf_format(&buf, "%s\"d%d\":true", i > 0 ? "," : "", i);
    buf_text(&buf, "}}");
    body = buf_take(&buf, NULL);
    CHECK(body != NULL);
    check_full(body, "a batch's integrations may have at most 128 members and 32768 bytes");
}

TEST(the_largest_message_has_room_for_all_that_is_added)
{
    struct err err = {0};
    struct intake intake;
    struct buf buf;

    buf_init(&buf, INTAKE_MAX_BODY);
    buf_text(&buf, "{\"sentAt\":\"2026-11-23T10:00:00Z\",");
    char *shared =
        padded("\"context\":{\"x\":\"", SHARED_MAX_BYTES - 8, "\"},\"integrations\":{\"x\":\"");
    char *other = padded("", SHARED_MAX_BYTES - 8, "\"},\"batch\":[");
    const char *before = "{\"type\":\"page\",\"userId\":\"";
    char *message = padded(before, INTAKE_MAX_MESSAGE - strlen(before) - 2, "\"}]}");
    buf_text(&buf, shared);
    buf_text(&buf, other);
    buf_text(&buf, message);
    CHECK_INT(read_body(&intake, buf_peek(&buf), EVENT_NONE, true, &err), 0);
    CHECK(intake.messages[0].problem == NULL);
    CHECK(intake.messages[0].len > 2 * INTAKE_MAX_MESSAGE);
    intake_done(&intake);
    mem_free(shared);
    mem_free(other);
    mem_free(message);
    buf_done(&buf);
}

TEST(running_out_of_memory_is_an_error_and_loses_nothing)
{
    const char *body =
        "{\"writeKey\":\"W\",\"context\":{\"a\":1,\"b\":2},\"integrations\":{\"c\":3},"
        "\"batch\":[{\"type\":\"page\",\"userId\":1,\"context\":{\"a\":2}},"
        "{\"type\":\"group\",\"userId\":1,\"groupId\":2,\"messageId\":\"m\"}]}";

    for (size_t nth = 1;; nth++) {
        struct err err = {0};
        struct intake intake;
        mem_fail_at(nth);
        int rc = read_body(&intake, body, EVENT_NONE, true, &err);
        mem_fail_at(0);
        if (rc == 0) {
            CHECK(intake.messages[0].problem == NULL && intake.messages[1].problem == NULL);
            intake_done(&intake);
            break;
        }
        CHECK_INT(err.kind, ERR_MEMORY);
    }
}

/* ---- what real SDKs send ---- */

static void check_taken_in(const char *name, const char *body, enum event_type path_type,
                           bool is_batch_path)
{
    struct err err = {0};
    struct intake intake;

    if (read_body(&intake, body, path_type, is_batch_path, &err) < 0)
        fail_msg("%s: %s", name, err.text);
    CHECK(intake.count > 0);
    for (size_t i = 0; i < intake.count; i++) {
        const struct intake_message *message = &intake.messages[i];
        struct event event;
        if (message->problem != NULL)
            fail_msg("%s: message %zu: %s", name, i, message->problem);
        check_event(&intake, message);
        CHECK_INT(event_read(&event, message->text, message->len, &err), 0);
        CHECK(event.timestamp_ms > 0 && event.timestamp_ms <= RECEIVED_MS);
        CHECK(event.context != NULL || strstr(name, "php") != NULL);
        CHECK((event.type != EVENT_IDENTIFY && event.type != EVENT_GROUP) || event.traits != NULL);
        event_done(&event);
    }
    intake_done(&intake);
}

static char *read_file(const char *dir, const char *name, size_t *ret_len)
{
    char path[4096];
    struct buf buf;
    size_t n;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "re");
    CHECK(file != NULL);
    buf_init(&buf, INTAKE_MAX_BODY);
    do {
        char block[4096];
        n = fread(block, 1, sizeof block, file);
        buf_put(&buf, block, n);
    } while (n > 0);
    fclose(file);
    char *text = buf_take(&buf, ret_len);
    CHECK(text != NULL);
    return text;
}

static char *text_of(const struct doc *doc, const char *name)
{
    const struct doc_node *node = doc_get(doc, doc_root(doc), name);
    size_t len;

    return node != NULL ? doc_text(doc, node, &len) : NULL;
}

/* One captured request; false when it is none with messages. */
/* "identify" or "i"; EVENT_NONE: a batch. */
static enum event_type type_of_path(const char *end)
{
    for (unsigned i = 0; i < EVENT_TYPES; i++) {
        const char *name = event_type_name((enum event_type)i);
        if (strcmp(end, name) == 0 || (end[0] == name[0] && end[1] == '\0'))
            return (enum event_type)i;
    }
    return EVENT_NONE;
}

static bool check_capture(const char *dir, const char *name)
{
    struct err err = {0};
    struct doc capture;
    size_t len;
    char *text = read_file(dir, name, &len);

    CHECK_INT(doc_parse(&capture, text, len, &err), 0);
    char *method = text_of(&capture, "method"), *path = text_of(&capture, "path"),
         *body = text_of(&capture, "bodyText");
    bool has_messages = method != NULL && strcmp(method, "POST") == 0 && path != NULL &&
                        body != NULL && strcmp(path, "/v1/m") != 0;
    if (has_messages) {
        enum event_type type = type_of_path(path + 4);
        check_taken_in(name, body, type, type == EVENT_NONE);
    }
    mem_free(method);
    mem_free(path);
    mem_free(body);
    doc_done(&capture);
    mem_free(text);
    return has_messages;
}

TEST(every_captured_request_of_a_real_sdk_is_taken_in)
{
    const char *shared = getenv("LEADLINE_SHARED");
    char dir[4096];
    struct dirent *entry;
    int checked = 0;

    snprintf(dir, sizeof dir, "%s/reference/captures",
             shared != NULL ? shared : TEST_DATA "/../../../shared");
    DIR *folder = opendir(dir);
    if (folder == NULL) {
        print_message("skipped: no %s\n", dir);
        skip();
    }
    while ((entry = readdir(folder)) != NULL)
        if (strstr(entry->d_name, ".json") != NULL)
            checked += check_capture(dir, entry->d_name) ? 1 : 0;
    closedir(folder);
    CHECK(checked > 0);
}

TEST(an_event_of_a_body_says_what_its_text_says)
{
    static const char *const bodies[] = {
        "{\"type\":\"identify\",\"userId\":12,\"traits\":{},\"context\":{\"traits\":{\"a\":1,\"a\":"
        "2}}}",
        "{\"type\":\"group\",\"groupId\":\"g\\u0000\",\"userId\":\"u\",\"properties\":{\"n\":[1,{}]"
        "}}",
        "{\"type\":\"track\",\"type\":\"page\",\"anonymousId\":\"a\",\"options\":{\"x\":1},"
        "\"context\":7}",
        "{\"type\":\"page\",\"userId\":\"u\",\"receivedAt\":\"2001-01-01\",\"messageId\":7,"
        "\"timestamp\":\"2026-11-23T11:00:00Z\",\"sentAt\":\"2026-11-23T11:30:00Z\"}",
        "{\"batch\":[{\"type\":\"identify\",\"userId\":\"u\",\"timestamp\":1795431600,\"sentAt\":{}"
        "},"
        "{\"type\":\"identify\",\"userId\":\"v\",\"messageId\":\"a\\u0000b\"}],"
        "\"sentAt\":\"2026-11-23T11:59:00Z\"}",
        "{\"batch\":[{\"type\":\"identify\",\"userId\":\"u\",\"context\":{\"a\":1}}],"
        "\"context\":{\"a\":2,\"b\":3},\"integrations\":{\"All\":false}}",
    };

    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct err err = {0};
        struct intake intake;
        CHECK_INT(read_body(&intake, bodies[i], EVENT_NONE, false, &err), 0);
        CHECK(intake.count > 0);
        for (size_t m = 0; m < intake.count; m++) {
            CHECK(intake.messages[m].problem == NULL);
            check_event(&intake, &intake.messages[m]);
        }
        intake_done(&intake);
    }
}

TEST_MAIN(TEST_CASE(a_message_is_kept_as_it_came),
          TEST_CASE(an_event_of_a_body_says_what_its_text_says),
          TEST_CASE(the_path_decides_the_type),
          TEST_CASE(a_path_that_says_nothing_takes_a_message_or_a_batch),
          TEST_CASE(of_a_member_that_stands_twice_the_last_is_kept),
          TEST_CASE(a_missing_message_id_is_made), TEST_CASE(a_long_message_id_becomes_its_hash),
          TEST_CASE(the_clients_receivedAt_is_not_believed),
          TEST_CASE(the_batchs_context_and_integrations_reach_each_message),
          TEST_CASE(the_batchs_context_goes_where_the_context_is_read),
          TEST_CASE(the_batchs_sentAt_serves_messages_that_have_none),
          TEST_CASE(a_bad_message_leaves_the_others_alone),
          TEST_CASE(a_body_that_cannot_be_taken_in_says_why),
          TEST_CASE(the_write_key_is_taken_out_of_the_body),
          TEST_CASE(a_message_may_be_so_large_and_no_larger),
          TEST_CASE(bodies_batches_and_what_is_made_of_them_are_bounded),
          TEST_CASE(a_batchs_integrations_have_only_so_many_members),
          TEST_CASE(the_largest_message_has_room_for_all_that_is_added),
          TEST_CASE(running_out_of_memory_is_an_error_and_loses_nothing),
          TEST_CASE(every_captured_request_of_a_real_sdk_is_taken_in))
