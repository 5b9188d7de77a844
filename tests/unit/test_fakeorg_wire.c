#include "check.h"

#include <pthread.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "fakeorg/http/fakeorg.h"

#define LOGIN                                                                                      \
    "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "                             \
    "xmlns:p='urn:partner.soap.sforce.com'><e:Body><p:login>"                                      \
    "<p:username>integration@example.com</p:username><p:password>secrettoken</p:password>"         \
    "</p:login></e:Body></e:Envelope>"

struct client {
    CURL *curl;
    struct curl_slist *headers;
    struct buf answer;
    char head[4096]; /* the answer's headers */
    uint16_t port;
    long status;
};

static size_t take(char *bytes, size_t size, size_t count, void *buf)
{
    buf_put(buf, bytes, size * count);
    return size * count;
}

static size_t take_head(char *bytes, size_t size, size_t count, void *client)
{
    char *head = ((struct client *)client)->head;
    size_t len = strlen(head), capacity = sizeof((struct client *)0)->head - len - 1;

    strncat(head, bytes, size * count < capacity ? size * count : capacity);
    return size * count;
}

static void client_begin(struct client *client, const struct fakeorg *fakeorg)
{
    *client = (struct client){.curl = curl_easy_init(), .port = fakeorg_port(fakeorg)};
    CHECK(client->curl != NULL);
    client->headers = curl_slist_append(NULL, "Content-Type: text/xml");
    client->headers = curl_slist_append(client->headers, "SOAPAction: \"\"");
    buf_init(&client->answer, 10 << 20);
}

static void client_end(struct client *client)
{
    curl_slist_free_all(client->headers);
    curl_easy_cleanup(client->curl);
    buf_done(&client->answer);
}

/* method NULL: GET without a body, POST with one. */
static CURLcode ask(struct client *client, const char *method, const char *path, const char *body)
{
    char url[256];

    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", client->port, path);
    buf_clear(&client->answer);
    client->head[0] = '\0';
    curl_easy_reset(client->curl);
    curl_easy_setopt(client->curl, CURLOPT_URL, url);
    curl_easy_setopt(client->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &client->answer);
    curl_easy_setopt(client->curl, CURLOPT_HEADERFUNCTION, take_head);
    curl_easy_setopt(client->curl, CURLOPT_HEADERDATA, client);
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
    /* The library itself would retry on a reused connection. */
    curl_easy_setopt(client->curl, CURLOPT_FRESH_CONNECT, 1L);
    if (body != NULL)
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, body);
    if (method != NULL)
        curl_easy_setopt(client->curl, CURLOPT_CUSTOMREQUEST, method);
    CURLcode code = curl_easy_perform(client->curl);
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &client->status);
    return code;
}

static void set_fault(struct client *client, const char *spec)
{
    char body[256];

    snprintf(body, sizeof body, "{\"clear\":true,\"faults\":[\"%s\"]}", spec);
    CHECK_INT(ask(client, NULL, "/_fakeorg/faults", body), CURLE_OK);
    CHECK_INT(client->status, 200);
}

static bool holds(const char *text, const char *piece)
{
    return strstr(text, piece) != NULL;
}

static struct fakeorg *start(struct fakeorg_options options)
{
    struct err err = {0};
    struct fakeorg *fakeorg = fakeorg_start(&options, &err);

    if (fakeorg == NULL)
        fail_msg("%s", err.text);
    return fakeorg;
}

TEST(every_way_for_an_answer_to_fail_is_what_a_client_sees)
{
    static const struct {
        const char *fault;
        CURLcode code;
        long status;
        const char *in_head, *in_body;
    } cases[] = {
        {"*:cut-before-reading", CURLE_GOT_NOTHING, 0, "", ""},
        {"login:cut-before-save", CURLE_GOT_NOTHING, 0, "", ""},
        {"login:cut-after-save", CURLE_GOT_NOTHING, 0, "", ""},
        {"login:late-commit,after=20ms", CURLE_GOT_NOTHING, 0, "", ""},
        {"login:cut-in-answer", CURLE_PARTIAL_FILE, 200, "Content-Length", "<soapenv:Envelope"},
        {"login:truncated", CURLE_OK, 200, "Content-Length", "<soapenv:Envelope"},
        {"login:garbage", CURLE_OK, 200, "text/xml", "no XML at all"},
        {"login:empty", CURLE_OK, 200, "Content-Length: 0", ""},
        {"login:http-200", CURLE_OK, 200, "text/html", "down for maintenance"},
        {"login:http-302", CURLE_OK, 302, "Location: http", "down for maintenance"},
        {"login:http-404", CURLE_OK, 404, "text/html", "down for maintenance"},
        {"login:http-500", CURLE_OK, 500, "text/html", "down for maintenance"},
        {"login:http-503", CURLE_OK, 503, "text/html", "down for maintenance"},
        {"login:http-503,saved=yes", CURLE_OK, 503, "text/html", "down for maintenance"},
        {"login:gzip=always", CURLE_OK, 200, "Content-Encoding: gzip", "\x1f\x8b"},
        {"login:chunked=yes", CURLE_OK, 200, "Transfer-Encoding: chunked", "</soapenv:Envelope>"},
        {"login:INVALID_LOGIN", CURLE_OK, 500, "text/xml", "LoginFault"},
        {"create:http-503", CURLE_OK, 200, "text/xml", "</soapenv:Envelope>"},
    };
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;

    client_begin(&client, fakeorg);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        set_fault(&client, cases[i].fault);
        CURLcode code = ask(&client, NULL, "/services/Soap/u/64.0", LOGIN);
        if (code == CURLE_RECV_ERROR && holds(cases[i].fault, "before-reading"))
            code = CURLE_GOT_NOTHING; /* a reset, as the kernel sends with unread bytes */
        if (code != cases[i].code || client.status != cases[i].status ||
            !holds(client.head, cases[i].in_head) ||
            !holds(buf_peek(&client.answer), cases[i].in_body))
            fail_msg("%s: %d %ld %s %s", cases[i].fault, code, client.status, client.head,
                     buf_peek(&client.answer));
        CHECK_INT(ask(&client, NULL, "/_fakeorg/faults", NULL), CURLE_OK);
        CHECK(holds(buf_peek(&client.answer),
                    holds(cases[i].fault, "create") ? "\"injected\":0" : "\"injected\":1"));
    }
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(a_late_answer_comes_no_sooner_than_it_was_asked_for)
{
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;

    client_begin(&client, fakeorg);
    set_fault(&client, "login:late-answer,after=80ms");
    int64_t began_ms = clock_mono();
    CHECK_INT(ask(&client, NULL, "/services/Soap/u/64.0", LOGIN), CURLE_OK);
    CHECK(clock_mono() - began_ms >= 79);
    CHECK(holds(buf_peek(&client.answer), "<sessionId>"));
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(what_is_no_http_is_seen_as_such)
{
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;

    client_begin(&client, fakeorg);
    set_fault(&client, "login:no-http");
    CURLcode code = ask(&client, NULL, "/services/Soap/u/64.0", LOGIN);
    CHECK(code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY);
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(a_hundred_faults_can_be_posted_at_once_and_no_more)
{
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;
    struct buf list;

    client_begin(&client, fakeorg);
    for (size_t count = 100; count <= 101; count++) {
        buf_init(&list, 1 << 20);
        buf_char(&list, '[');
        for (size_t i = 0; i < count; i++)
            buf_text(&list, i == 0 ? "\"create:http-503\"" : ",\"create:http-503\"");
        buf_char(&list, ']');
        ask(&client, NULL, "/_fakeorg/faults", buf_peek(&list));
        CHECK_INT(client.status, count == 100 ? 200 : 400);
        ask(&client, "DELETE", "/_fakeorg/faults", NULL);
        buf_done(&list);
    }
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(faults_and_quirks_are_set_shown_and_ended_from_outside)
{
    const char *const faults[] = {"create:http-503,nth=3"}, *const quirks[] = {"ids=once"};
    struct fakeorg_options options = fakeorg_defaults();
    struct client client;

    options.faults = faults;
    options.fault_count = 1;
    options.quirks = quirks;
    options.quirk_count = 1;
    struct fakeorg *fakeorg = start(options);
    client_begin(&client, fakeorg);
    ask(&client, NULL, "/_fakeorg/faults", "[\"query:INVALID_FIELD\"]");
    CHECK_STR(buf_peek(&client.answer), "[{\"fault\":\"create:http-503,nth=3\",\"calls\":0,"
                                        "\"injected\":0,\"struck\":0,\"over\":false},"
                                        "{\"fault\":\"query:INVALID_FIELD\",\"calls\":0,"
                                        "\"injected\":0,\"struck\":0,\"over\":false}]");
    ask(&client, NULL, "/_fakeorg/faults", "[\"query:INVALID_FIELD\",\"nonsense\"]");
    CHECK_INT(client.status, 400);
    CHECK(holds(buf_peek(&client.answer), "fault nonsense: expected operation:kind"));
    ask(&client, NULL, "/_fakeorg/faults", "{}");
    CHECK_INT(client.status, 400);
    ask(&client, NULL, "/_fakeorg/faults", "{\"clear\":true}");
    CHECK_STR(buf_peek(&client.answer), "[]");
    ask(&client, NULL, "/_fakeorg/faults", "[\"query:INVALID_FIELD\"]");
    ask(&client, "DELETE", "/_fakeorg/faults", NULL);
    CHECK_STR(buf_peek(&client.answer), "[]");

    ask(&client, NULL, "/_fakeorg/quirks", NULL);
    CHECK(holds(buf_peek(&client.answer), "\"ids\":{\"value\":\"once\",\"default\":\"twice\""));
    ask(&client, NULL, "/_fakeorg/quirks", "{\"ids\":\"twice\",\"gzip\":\"sometimes\"}");
    CHECK_INT(client.status, 400);
    ask(&client, NULL, "/_fakeorg/quirks", "{\"chunked\":true}");
    CHECK_INT(client.status, 400);
    CHECK(holds(buf_peek(&client.answer), "quirk chunked: expected a text"));
    ask(&client, NULL, "/_fakeorg/quirks", "{\"gzip\":\"never\"}");
    CHECK(holds(buf_peek(&client.answer), "\"ids\":{\"value\":\"once\""));
    CHECK(holds(buf_peek(&client.answer), "\"gzip\":{\"value\":\"never\""));
    ask(&client, "DELETE", "/_fakeorg/quirks", NULL);
    CHECK(holds(buf_peek(&client.answer), "\"ids\":{\"value\":\"twice\""));
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(a_stop_waits_for_no_late_answer)
{
    const char *const faults[] = {"login:late-commit,after=600s"};
    struct fakeorg_options options = fakeorg_defaults();
    struct client client;
    int64_t begin = clock_mono();

    options.faults = faults;
    options.fault_count = 1;
    options.latency_ms = 3;
    options.latency_jitter_percent = 50;
    struct fakeorg *fakeorg = start(options);
    client_begin(&client, fakeorg);
    CHECK_INT(ask(&client, NULL, "/services/Soap/u/64.0", LOGIN), CURLE_GOT_NOTHING);
    client_end(&client);
    fakeorg_stop(fakeorg);
    CHECK(clock_mono() - begin < 60000);
}

struct caller {
    pthread_t thread;
    const struct fakeorg *fakeorg;
    int answers;
};

static void *call_often(void *context)
{
    struct caller *caller = context;
    struct client client;

    client_begin(&client, caller->fakeorg);
    for (int i = 0; i < 20; i++)
        caller->answers +=
            ask(&client, NULL, "/services/Soap/u/64.0", LOGIN) == CURLE_OK && client.status == 200;
    client_end(&client);
    return NULL;
}

TEST(calls_wait_side_by_side)
{
    struct fakeorg_options options = fakeorg_defaults();
    struct caller callers[8] = {0};
    int64_t begin = clock_mono();

    options.latency_ms = 20;
    options.latency_jitter_percent = 20;
    struct fakeorg *fakeorg = start(options);
    for (size_t i = 0; i < 8; i++) {
        callers[i].fakeorg = fakeorg;
        CHECK_INT(pthread_create(&callers[i].thread, NULL, call_often, &callers[i]), 0);
    }
    for (size_t i = 0; i < 8; i++) {
        pthread_join(callers[i].thread, NULL);
        CHECK_INT(callers[i].answers, 20);
    }
    /* Sequentially they would take 3,200 ms minus the jitter. */
    CHECK(clock_mono() - begin >= 20 * 16);
    CHECK(clock_mono() - begin < 2400);
    fakeorg_stop(fakeorg);
}

TEST_MAIN(TEST_CASE(every_way_for_an_answer_to_fail_is_what_a_client_sees),
          TEST_CASE(a_late_answer_comes_no_sooner_than_it_was_asked_for),
          TEST_CASE(what_is_no_http_is_seen_as_such),
          TEST_CASE(a_hundred_faults_can_be_posted_at_once_and_no_more),
          TEST_CASE(faults_and_quirks_are_set_shown_and_ended_from_outside),
          TEST_CASE(a_stop_waits_for_no_late_answer), TEST_CASE(calls_wait_side_by_side))
