#include "check.h"

#include <stdatomic.h>
#include <unistd.h>

#include <pthread.h>

#include <curl/curl.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/gzip.h"
#include "base/mem.h"
#include "fakeorg/http/fakeorg.h"

#define ENVELOPE(session, body)                                                                    \
    "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "                             \
    "xmlns:p='urn:partner.soap.sforce.com' xmlns:s='urn:sobject.partner.soap.sforce.com'>"         \
    "<e:Header>" session "</e:Header><e:Body>" body "</e:Body></e:Envelope>"
#define LOGIN                                                                                      \
    ENVELOPE("", "<p:login><p:username>integration@example.com</p:username>"                       \
                 "<p:password>secrettoken</p:password></p:login>")
#define SESSION "<p:SessionHeader><p:sessionId>%s</p:sessionId></p:SessionHeader>"

/* One connection to one fakeorg. */
struct client {
    CURL *curl;
    struct curl_slist *headers;
    struct buf answer;
    uint16_t port;
    long status;
    char session[160];
};

static size_t take(char *bytes, size_t size, size_t count, void *buf)
{
    buf_put(buf, bytes, size * count);
    return size * count;
}

static void client_begin(struct client *client, uint16_t port)
{
    *client = (struct client){.curl = curl_easy_init(), .port = port};
    CHECK(client->curl != NULL);
    buf_init(&client->answer, 100 << 20);
}

static void client_end(struct client *client)
{
    curl_slist_free_all(client->headers);
    curl_easy_cleanup(client->curl);
    buf_done(&client->answer);
}

static void client_header(struct client *client, const char *header)
{
    client->headers = curl_slist_append(client->headers, header);
}

/* body NULL: GET. */
static const char *exchange(struct client *client, const char *path, const void *body, size_t len)
{
    char url[256];

    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", client->port, path);
    buf_clear(&client->answer);
    curl_easy_setopt(client->curl, CURLOPT_URL, url);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &client->answer);
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
    if (body == NULL) {
        curl_easy_setopt(client->curl, CURLOPT_HTTPGET, 1L);
    } else {
        curl_easy_setopt(client->curl, CURLOPT_POST, 1L);
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE, (long)len);
    }
    CHECK_INT(curl_easy_perform(client->curl), CURLE_OK);
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &client->status);
    return buf_peek(&client->answer);
}

static const char *get(struct client *client, const char *path)
{
    return exchange(client, path, NULL, 0);
}

static const char *post(struct client *client, const char *path, const char *body)
{
    return exchange(client, path, body, strlen(body));
}

static void soap_headers(struct client *client)
{
    client_header(client, "Content-Type: text/xml");
    client_header(client, "SOAPAction: \"\"");
}

static void sign_in(struct client *client)
{
    const char *answer = post(client, "/services/Soap/u/64.0", LOGIN);
    const char *start = strstr(answer, "<sessionId>");

    CHECK_INT(client->status, 200);
    CHECK(start != NULL);
    start += strlen("<sessionId>");
    snprintf(client->session, sizeof client->session, "%.*s", (int)strcspn(start, "<"), start);
}

/* body has a %s for the session. */
static const char *call(struct client *client, const char *body)
{
    const char *place = strstr(body, "%s");

    CHECK(place != NULL);
    char *envelope = mem_format("%.*s%s%s", (int)(place - body), body, client->session, place + 2);
    CHECK(envelope != NULL);
    const char *answer = post(client, "/services/Soap/u/64.0/00D000000000001", envelope);
    mem_free(envelope);
    return answer;
}

static struct fakeorg *start(struct fakeorg_options options)
{
    struct err err = {0};
    struct fakeorg *fakeorg = fakeorg_start(&options, &err);

    CHECK(fakeorg != NULL);
    CHECK(fakeorg_port(fakeorg) != 0);
    return fakeorg;
}

TEST(an_org_posted_in_pieces_holds_at_once_and_its_records_are_kept)
{
    char path[] = "/tmp/fakeorg-http-XXXXXX";
    struct fakeorg_options options = fakeorg_defaults();
    struct client client;

    close(mkstemp(path));
    options.data_file = path;
    for (int round = 0; round < 2; round++) {
        struct fakeorg *fakeorg = start(options);
        client_begin(&client, fakeorg_port(fakeorg));
        if (round == 0) {
            CHECK_STR(post(&client, "/_fakeorg/org", "records:\n - {type: Account, Name: Kept}\n"),
                      "{\"ok\":true}");
            CHECK_STR(post(&client, "/_fakeorg/org", "{\"locks\": {}}"),
                      "{\"error\":\"org:1: locks: expected a list\"}");
            CHECK_INT(client.status, 400);
        }
        CHECK(strstr(get(&client, "/_fakeorg/records/Account"), "\"Name\":\"Kept\"") != NULL);
        client_end(&client);
        fakeorg_stop(fakeorg);
    }
    unlink(path);
}

TEST(the_views_show_what_came_in_by_soap)
{
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;

    client_begin(&client, fakeorg_port(fakeorg));
    soap_headers(&client);
    sign_in(&client);
    call(&client, ENVELOPE(SESSION, "<p:create><p:sObjects><s:type>Lead</s:type>"
                                    "<s:LastName>&lt;b&gt;Doe</s:LastName>"
                                    "<s:Company>\"A\"</s:Company>"
                                    "<s:NumberOfEmployees>40</s:NumberOfEmployees></p:sObjects>"
                                    "</p:create>"));
    CHECK_INT(client.status, 200);
    json_t *records = json_loads(get(&client, "/_fakeorg/records/Lead"), 0, NULL);
    CHECK_INT(json_array_size(records), 1);
    json_t *lead = json_array_get(records, 0);
    CHECK_STR(json_string_value(json_object_get(lead, "LastName")), "<b>Doe");
    CHECK_STR(json_string_value(json_object_get(lead, "Company")), "\"A\"");
    CHECK_INT(json_integer_value(json_object_get(lead, "NumberOfEmployees")), 40);
    CHECK(json_is_false(json_object_get(lead, "IsConverted")));
    CHECK(json_object_get(lead, "Email") == NULL);
    json_decref(records);

    json_t *calls = json_loads(get(&client, "/_fakeorg/calls"), 0, NULL);
    CHECK_INT(json_integer_value(json_object_get(calls, "total")), 2);
    json_t *kinds = json_object_get(calls, "by_operation");
    CHECK_INT(json_integer_value(json_object_get(kinds, "login")), 1);
    CHECK_INT(json_integer_value(json_object_get(kinds, "create")), 1);
    CHECK_INT(json_object_size(kinds), 2);
    json_decref(calls);

    const char *page = get(&client, "/");
    CHECK(strstr(page, "<b>1</b><span>Leads</span>") != NULL);
    CHECK(strstr(page, "<b>0</b><span>Accounts</span>") != NULL);
    page = get(&client, "/records/Lead");
    CHECK(strstr(page, "&lt;b&gt;Doe") != NULL && strstr(page, "<b>Doe") == NULL);
    CHECK_STR(get(&client, "/_fakeorg/records/Account"), "[]");
    get(&client, "/_fakeorg/records/Car");
    CHECK_INT(client.status, 404);
    get(&client, "/nothing");
    CHECK_INT(client.status, 404);
    get(&client, "/services/Soap/u/64.0");
    CHECK_INT(client.status, 405);
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(the_org_can_be_changed_from_outside)
{
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;

    client_begin(&client, fakeorg_port(fakeorg));
    soap_headers(&client);
    sign_in(&client);
    post(&client, "/_fakeorg/fields",
         "{\"object\":\"Lead\",\"name\":\"Shoe__c\",\"type\":\"string\",\"length\":3}");
    CHECK_INT(client.status, 200);
    post(&client, "/_fakeorg/fields",
         "{\"object\":\"Lead\",\"name\":\"Shoe__c\",\"type\":\"string\",\"length\":3}");
    CHECK_INT(client.status, 400);
    call(&client, ENVELOPE(SESSION, "<p:create><p:sObjects><s:type>Lead</s:type>"
                                    "<s:LastName>D</s:LastName><s:Company>A</s:Company>"
                                    "<s:Shoe__c>41</s:Shoe__c></p:sObjects></p:create>"));
    CHECK(strstr(buf_peek(&client.answer), "<success>true") != NULL);
    CHECK(strstr(post(&client, "/_fakeorg/convert", "{\"id\":\"00Q000000000001\"}"),
                 "\"contactId\":\"003") != NULL);
    post(&client, "/_fakeorg/convert", "{\"id\":\"00Q000000000001\"}");
    CHECK_INT(client.status, 400);
    post(&client, "/_fakeorg/delete", "{\"id\":\"001000000000001AAA\"}");
    CHECK_INT(client.status, 200);
    CHECK_STR(get(&client, "/_fakeorg/records/Account"), "[]");
    CHECK(strstr(post(&client, "/_fakeorg/delete", "{\"id\":\"001000000000001AAA\"}"),
                 "there is no record 001000000000001AAA") != NULL);
    CHECK_INT(client.status, 400);
    post(&client, "/_fakeorg/delete", "nonsense");
    CHECK_INT(client.status, 400);

    post(&client, "/_fakeorg/sessions/expire", "");
    CHECK(strstr(call(&client, ENVELOPE(SESSION, "<p:getUserInfo/>")), "INVALID_SESSION_ID") !=
          NULL);
    post(&client, "/_fakeorg/reset", "");
    CHECK_STR(get(&client, "/_fakeorg/records/Lead"), "[]");
    CHECK_STR(get(&client, "/_fakeorg/calls"), "{\"total\":0,\"by_operation\":{}}");
    client_end(&client);
    fakeorg_stop(fakeorg);
}

#define CREATE_KEY(key)                                                                            \
    ENVELOPE(SESSION, "<p:create><p:sObjects><s:type>Lead</s:type><s:LastName>D</s:LastName>"      \
                      "<s:Company>A</s:Company><s:Key__c>" key "</s:Key__c></p:sObjects>"          \
                      "</p:create>")

TEST(a_posted_field_can_be_unique_and_case_sensitive)
{
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;

    client_begin(&client, fakeorg_port(fakeorg));
    soap_headers(&client);
    sign_in(&client);
    post(&client, "/_fakeorg/fields",
         "{\"object\":\"Lead\",\"name\":\"Key__c\",\"type\":\"string\",\"length\":9,"
         "\"unique\":true,\"caseSensitive\":true}");
    CHECK_INT(client.status, 200);
    CHECK(strstr(call(&client, CREATE_KEY("a")), "<success>true") != NULL);
    CHECK(strstr(call(&client, CREATE_KEY("A")), "<success>true") != NULL);
    CHECK(strstr(call(&client, CREATE_KEY("a")), "DUPLICATE_VALUE") != NULL);
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(records_of_the_wrong_kind_are_neither_converted_nor_merged)
{
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;

    client_begin(&client, fakeorg_port(fakeorg));
    post(&client, "/_fakeorg/org",
         "{\"records\":[{\"type\":\"Lead\",\"LastName\":\"D\",\"Company\":\"A\"},"
         "{\"type\":\"Account\",\"Name\":\"A\"}]}");
    CHECK_INT(client.status, 200);
    CHECK(strstr(post(&client, "/_fakeorg/convert", "{\"id\":\"001000000000001AAA\"}"),
                 "is not a lead") != NULL);
    CHECK(strstr(post(&client, "/_fakeorg/merge",
                      "{\"id\":\"00Q000000000001\",\"master\":\"00Q000000000001\"}"),
                 "expected two records of one object") != NULL);
    CHECK(strstr(post(&client, "/_fakeorg/merge",
                      "{\"id\":\"00Q000000000001\",\"master\":\"001000000000001\"}"),
                 "expected two records of one object") != NULL);
    CHECK(strstr(get(&client, "/_fakeorg/records/Lead"), "00Q000000000001") != NULL);
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(a_byte_order_mark_is_no_part_of_what_is_posted)
{
    static const char *const posts[][2] = {
        {"/_fakeorg/org", "\xef\xbb\xbflimits:\n  daily-calls: 7\n"},
        {"/_fakeorg/faults", "\xef\xbb\xbf[\"create:http-503\"]"},
        {"/_fakeorg/limits", "\xef\xbb\xbf{\"daily-calls\":7}"},
        {"/_fakeorg/clock", "\xef\xbb\xbf{\"advance\":\"1h\"}"},
        {"/services/Soap/u/64.0", "\xef\xbb\xbf" LOGIN},
    };
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;

    client_begin(&client, fakeorg_port(fakeorg));
    soap_headers(&client);
    for (size_t i = 0; i < sizeof posts / sizeof posts[0]; i++) {
        const char *answer = post(&client, posts[i][0], posts[i][1]);
        if (client.status != 200)
            fail_msg("%s: %s", posts[i][0], answer);
    }
    post(&client, "/_fakeorg/limits", "\xef\xbb\xbf");
    CHECK_INT(client.status, 400);
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(limits_and_the_clock_can_be_set_from_outside)
{
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;

    client_begin(&client, fakeorg_port(fakeorg));
    soap_headers(&client);
    sign_in(&client);
    CHECK(strstr(get(&client, "/_fakeorg/clock"), "\"offset_ms\":0}") != NULL);
    post(&client, "/_fakeorg/clock", "{\"advance\":\"119m\"}");
    CHECK_INT(client.status, 200);
    CHECK(strstr(get(&client, "/_fakeorg/clock"), "\"offset_ms\":7140000}") != NULL);
    call(&client, ENVELOPE(SESSION, "<p:getServerTimestamp/>"));
    CHECK_INT(client.status, 200);
    post(&client, "/_fakeorg/clock", "{\"advance\":\"121m\"}");
    CHECK(strstr(call(&client, ENVELOPE(SESSION, "<p:getServerTimestamp/>")),
                 "INVALID_SESSION_ID") != NULL);
    post(&client, "/_fakeorg/limits", "{\"daily-calls\":0}");
    CHECK_INT(client.status, 200);
    CHECK(strstr(get(&client, "/_fakeorg/limits"), "\"calls-used\":1,") != NULL);
    sign_in(&client);
    CHECK(strstr(call(&client, ENVELOPE(SESSION, "<p:getServerTimestamp/>")), "TotalRequests") !=
          NULL);
    post(&client, "/_fakeorg/limits", "{\"daily-calls\":\"many\"}");
    CHECK_INT(client.status, 400);
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(requests_and_answers_may_be_compressed_and_chunked)
{
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;
    struct buf packed;
    struct err err = {0};

    client_begin(&client, fakeorg_port(fakeorg));
    soap_headers(&client);
    client_header(&client, "Content-Encoding: gzip");
    client_header(&client, "Transfer-Encoding: chunked");
    buf_init(&packed, 10000);
    CHECK_INT(gzip_deflate(LOGIN, strlen(LOGIN), &packed, &err), 0);
    curl_easy_setopt(client.curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    const char *answer = exchange(&client, "/services/Soap/u/64.0", packed.data, packed.len);
    CHECK_INT(client.status, 200);
    CHECK(strstr(answer, "<loginResponse>") != NULL);
    curl_off_t sent;
    curl_easy_getinfo(client.curl, CURLINFO_SIZE_DOWNLOAD_T, &sent);
    CHECK((size_t)sent < client.answer.len);

    exchange(&client, "/services/Soap/u/64.0", "no gzip", 7);
    CHECK_INT(client.status, 400);
    buf_done(&packed);
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(a_soap_request_needs_its_http_headers)
{
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;

    client_begin(&client, fakeorg_port(fakeorg));
    client_header(&client, "Content-Type: text/xml");
    CHECK(strstr(post(&client, "/services/Soap/u/64.0", LOGIN), "SOAPAction HTTP header missing") !=
          NULL);
    CHECK_INT(client.status, 500);
    client_end(&client);
    client_begin(&client, fakeorg_port(fakeorg));
    client_header(&client, "Content-Type: application/json");
    CHECK(strstr(post(&client, "/services/Soap/u/64.0", LOGIN), "content-type") != NULL);
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(a_whole_address_as_target_is_taken_and_its_host_counts)
{
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;

    client_begin(&client, fakeorg_port(fakeorg));
    soap_headers(&client);
    curl_easy_setopt(client.curl, CURLOPT_REQUEST_TARGET,
                     "http://org.test:99/services/Soap/u/36.0");
    CHECK(strstr(post(&client, "/ignored", LOGIN),
                 "<serverUrl>http://org.test:99/services/Soap/u/36.0/") != NULL);
    CHECK_INT(client.status, 200);
    curl_easy_setopt(client.curl, CURLOPT_REQUEST_TARGET, "HTTP://org.test/services/Soap/u/36.0");
    CHECK(strstr(post(&client, "/ignored", LOGIN),
                 "<serverUrl>http://org.test/services/Soap/u/36.0/") != NULL);
    curl_easy_setopt(client.curl, CURLOPT_REQUEST_TARGET, "http://org.test:99");
    get(&client, "/ignored");
    CHECK_INT(client.status, 200);
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(a_request_that_names_no_host_is_answered_with_the_address_it_came_to)
{
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct client client;

    client_begin(&client, fakeorg_port(fakeorg));
    soap_headers(&client);
    client_header(&client, "Host:");
    curl_easy_setopt(client.curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_0);
    const char *answer = post(&client, "/services/Soap/u/64.0", LOGIN);
    char url[64];
    snprintf(url, sizeof url, "<serverUrl>http://127.0.0.1:%d/services/", fakeorg_port(fakeorg));
    CHECK(strstr(answer, url) != NULL);
    client_end(&client);
    fakeorg_stop(fakeorg);
}

struct worker {
    pthread_t thread;
    uint16_t port;
};

static void *work(void *context)
{
    struct worker *worker = context;
    struct client client;

    client_begin(&client, worker->port);
    soap_headers(&client);
    sign_in(&client);
    for (int i = 0; i < 20; i++) {
        call(&client, ENVELOPE(SESSION, "<p:create><p:sObjects><s:type>Lead</s:type>"
                                        "<s:LastName>D</s:LastName><s:Company>A</s:Company>"
                                        "<s:Email>a@b.de</s:Email></p:sObjects></p:create>"));
        CHECK_INT(client.status, 200);
        call(&client, ENVELOPE(SESSION, "<p:query><p:queryString>SELECT Id FROM Lead WHERE Email = "
                                        "&apos;A@b.de&apos;</p:queryString></p:query>"));
        CHECK_INT(client.status, 200);
        get(&client, "/");
        get(&client, "/_fakeorg/records/Lead");
    }
    client_end(&client);
    return NULL;
}

TEST(many_clients_at_once_lose_nothing)
{
    struct fakeorg *fakeorg = start(fakeorg_defaults());
    struct worker workers[6];
    struct client client;

    for (size_t i = 0; i < 6; i++) {
        workers[i].port = fakeorg_port(fakeorg);
        CHECK_INT(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < 6; i++)
        pthread_join(workers[i].thread, NULL);
    client_begin(&client, fakeorg_port(fakeorg));
    json_t *records = json_loads(get(&client, "/_fakeorg/records/Lead"), 0, NULL);
    CHECK_INT(json_array_size(records), 120);
    json_decref(records);
    json_t *calls = json_loads(get(&client, "/_fakeorg/calls"), 0, NULL);
    CHECK_INT(json_integer_value(json_object_get(calls, "total")), 246);
    json_decref(calls);
    client_end(&client);
    fakeorg_stop(fakeorg);
}

TEST(latency_grows_with_the_records_of_a_call)
{
    struct fakeorg_options options = fakeorg_defaults();
    struct client client;

    options.latency_ms = 30;
    options.latency_per_record_us = 20000;
    struct fakeorg *fakeorg = start(options);
    client_begin(&client, fakeorg_port(fakeorg));
    soap_headers(&client);
    sign_in(&client);
    int64_t before = clock_mono();
    call(&client, ENVELOPE(SESSION, "<p:create><p:sObjects><s:type>Lead</s:type></p:sObjects>"
                                    "<p:sObjects><s:type>Lead</s:type></p:sObjects></p:create>"));
    CHECK_INT(client.status, 200);
    CHECK(clock_mono() - before >= 70);
    client_end(&client);
    fakeorg_stop(fakeorg);
}

struct rival {
    pthread_t thread;
    uint16_t port;
    int served;
};

static atomic_int refused; /* of all rivals */

/* Calls until it was served and another was refused; a busy machine may take a while. */
static void *compete(void *context)
{
    struct rival *rival = context;
    struct client client;

    client_begin(&client, rival->port);
    soap_headers(&client);
    sign_in(&client);
    int64_t deadline = clock_mono() + 20000;
    while ((rival->served == 0 || atomic_load(&refused) == 0) && clock_mono() < deadline) {
        const char *answer = call(&client, ENVELOPE(SESSION, "<p:getUserInfo/>"));
        if (client.status == 200)
            rival->served++;
        else if (strstr(answer, "ConcurrentRequests") != NULL)
            atomic_fetch_add(&refused, 1);
    }
    client_end(&client);
    return NULL;
}

TEST(more_calls_at_once_than_allowed_are_refused)
{
    struct fakeorg_options options = fakeorg_defaults();
    struct rival rivals[2] = {0};

    options.latency_ms = 5;
    options.max_concurrent = 1;
    struct fakeorg *fakeorg = start(options);
    for (size_t i = 0; i < 2; i++) {
        rivals[i].port = fakeorg_port(fakeorg);
        CHECK_INT(pthread_create(&rivals[i].thread, NULL, compete, &rivals[i]), 0);
    }
    for (size_t i = 0; i < 2; i++)
        pthread_join(rivals[i].thread, NULL);
    CHECK(rivals[0].served > 0 && rivals[1].served > 0);
    CHECK(atomic_load(&refused) > 0);
    fakeorg_stop(fakeorg);
}

TEST(bad_options_and_a_port_in_use_are_different_errors)
{
    struct fakeorg_options options = fakeorg_defaults();
    const char *const fields[] = {"Car.x__c=int"};
    struct err err = {0};
    struct fakeorg *fakeorg = start(options);

    options.port = fakeorg_port(fakeorg);
    CHECK(fakeorg_start(&options, &err) == NULL);
    CHECK_INT(err.kind, ERR_SYSTEM);
    options.port = 0;
    options.address = "localhost";
    CHECK(fakeorg_start(&options, &err) == NULL);
    CHECK_INT(err.kind, ERR_INVALID);
    options = fakeorg_defaults();
    options.fields = fields;
    options.field_count = 1;
    CHECK(fakeorg_start(&options, &err) == NULL);
    CHECK_STR(err.text, "field Car.x__c=int: there is no object Car");
    fakeorg_stop(fakeorg);
}

TEST_MAIN(TEST_CASE(an_org_posted_in_pieces_holds_at_once_and_its_records_are_kept),
          TEST_CASE(the_views_show_what_came_in_by_soap),
          TEST_CASE(the_org_can_be_changed_from_outside),
          TEST_CASE(a_posted_field_can_be_unique_and_case_sensitive),
          TEST_CASE(records_of_the_wrong_kind_are_neither_converted_nor_merged),
          TEST_CASE(a_byte_order_mark_is_no_part_of_what_is_posted),
          TEST_CASE(limits_and_the_clock_can_be_set_from_outside),
          TEST_CASE(requests_and_answers_may_be_compressed_and_chunked),
          TEST_CASE(a_soap_request_needs_its_http_headers),
          TEST_CASE(a_whole_address_as_target_is_taken_and_its_host_counts),
          TEST_CASE(a_request_that_names_no_host_is_answered_with_the_address_it_came_to),
          TEST_CASE(many_clients_at_once_lose_nothing),
          TEST_CASE(latency_grows_with_the_records_of_a_call),
          TEST_CASE(more_calls_at_once_than_allowed_are_refused),
          TEST_CASE(bad_options_and_a_port_in_use_are_different_errors))
