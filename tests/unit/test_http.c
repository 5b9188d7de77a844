#include "check.h"

#include <dirent.h>
#include <pthread.h>

#include "http_rig.h"

#include "base/gzip.h"
#include "base/mem.h"
#include "http/framing.h"

static struct buf gzipped(const char *bytes, size_t len)
{
    struct err err = {0};
    struct buf out;

    buf_init(&out, MAX_BODY * 10);
    CHECK_INT(gzip_deflate(bytes, len, &out, &err), 0);
    return out;
}

static char *letters(size_t len)
{
    char *text = mem_alloc(len + 1);

    CHECK(text != NULL);
    for (size_t i = 0; i < len; i++)
        text[i] = (char)('a' + i * 7 % 26);
    text[len] = '\0';
    return text;
}

/* ---- reading requests ---- */

TEST(method_path_query_and_headers_are_told_decoded)
{
    struct http_server *server = start(usual());
    struct answer answer =
        ask(http_address(server), "PUT /a%20b/c?x=1&y=%26%3D&z HTTP/1.1\r\nHost: x\r\n"
                                  "x-test: value\r\n\r\n");

    CHECK_INT(answer.status, 200);
    CHECK_STR(answer.body, "PUT /a b/c from 127.0.0.1 header value query x=1;y=&=;z=;");
    CHECK(strstr(answer.head, "x-good: yes\r\n") != NULL);
    CHECK(strstr(answer.head, "X-Good: no") == NULL); /* each header once */
    CHECK(strstr(answer.head, "X-Bad") == NULL);
    CHECK(strstr(answer.head, "X-Injected") == NULL);
    forget(&answer);
    http_stop(server);
}

TEST(a_body_arrives_whole_however_it_is_framed_and_coded)
{
    struct http_server *server = start(usual());
    char *text = letters(MAX_BODY);
    struct buf small = gzipped(text, MAX_BODY);
    struct answer answer = post(server, "", text, MAX_BODY);

    CHECK_INT(answer.status, 200);
    CHECK_STR(answer.body, text);
    forget(&answer);

    answer = post(server, "Content-Encoding: GZIP\r\n", small.data, small.len);
    CHECK_STR(answer.body, text);
    forget(&answer);

    for (size_t size = 1000; size <= MAX_BODY; size *= 10) {
        int fd = dial(http_address(server));
        say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        say_chunks(fd, text, MAX_BODY, size);
        answer = hear(fd);
        CHECK_STR(answer.body, text);
        forget(&answer);
        say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                "Content-Encoding: gzip\r\n\r\n");
        say_chunks(fd, small.data, small.len, size / 100);
        answer = hear(fd);
        CHECK_STR(answer.body, text);
        forget(&answer);
        close(fd);
    }
    buf_done(&small);
    mem_free(text);
    http_stop(server);
}

TEST(requests_sent_in_one_breath_are_answered_in_turn)
{
    struct http_server *server = start(usual());
    int fd = dial(http_address(server));

    say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nthree");
    for (int i = 0; i < 3; i++) {
        static const char *const bodies[] = {"one", "", "three"};
        struct answer answer = hear(fd);
        CHECK_INT(answer.status, 200);
        CHECK_STR(answer.body, bodies[i]);
        forget(&answer);
    }
    close(fd);
    http_stop(server);
}

TEST(a_client_that_asks_before_sending_is_told_to_go_on)
{
    struct http_server *server = start(usual());
    int fd = dial(http_address(server));
    struct answer answer;

    say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    answer = hear(fd);
    CHECK_INT(answer.status, 100);
    forget(&answer);
    say(fd, "ok");
    answer = hear(fd);
    CHECK_STR(answer.body, "ok");
    forget(&answer);
    close(fd);
    http_stop(server);
}

TEST(a_connection_is_kept_as_the_client_asks)
{
    static const struct {
        const char *request;
        const char *says; /* NULL: no word of it */
        bool kept;
    } asked[] = {
        {"GET /a HTTP/1.1\r\nHost: x\r\n\r\n", NULL, true},
        {"GET /a HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n", NULL, true},
        {"GET /a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, Close\r\n\r\n", "close", false},
        {"GET /a HTTP/1.1\r\nHost: x\r\nConnection: closed\r\n\r\n", NULL, true},
        {"GET /a HTTP/1.0\r\n\r\n", "close", false},
        {"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive", true},
    };
    struct http_server *server = start(usual());

    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        int fd = dial(http_address(server));
        char line[60];
        for (int again = 0; again < 2; again++) {
            struct answer answer;
            say(fd, asked[i].request);
            answer = hear(fd);
            CHECK_INT(answer.status, again == 0 || asked[i].kept ? 200 : 0);
            snprintf(line, sizeof line, "Connection: %s\r\n", asked[i].says);
            CHECK(answer.status == 0 ||
                  (asked[i].says == NULL ? strstr(answer.head, "Connection:") == NULL
                                         : strstr(answer.head, line) != NULL));
            forget(&answer);
        }
        close(fd);
    }
    http_stop(server);
}

static pthread_t answering(int64_t count);

/* At once or later, one request or several; and one that is cut off is not. */
TEST(a_client_that_closes_its_side_is_answered)
{
    static const struct {
        const char *request;
        int answers;
    } asked[] = {
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok", 1},
        {"POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok", 1},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
         1},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok"
         "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok",
         2},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\no", 0},
        {"POST /echo HTTP/1.1\r\nHost: x\r\n", 0},
        {"POST", 0},
        {"", 0},
    };
    struct err err = {0};
    struct http_server *server = start(usual());

    later = queue_new(1, &err);
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        bool is_later = strstr(asked[i].request, "/later") != NULL;
        pthread_t thread = {0};
        int fd = dial(http_address(server));
        if (is_later)
            thread = answering(1);
        say(fd, asked[i].request);
        shutdown(fd, SHUT_WR);
        for (int n = 0; n < asked[i].answers; n++) {
            struct answer answer = hear(fd);
            CHECK_INT(answer.status, 200);
            CHECK_STR(answer.body, "ok");
            forget(&answer);
        }
        CHECK_INT(read_byte(fd), -1);
        close(fd);
        if (is_later)
            pthread_join(thread, NULL);
    }
    http_stop(server);
    queue_free(later);
}

/* ---- refusing ---- */

TEST(ambiguous_framing_is_refused_and_the_connection_closed)
{
    static const char *const bad[] = {
        "Content-Length: 3\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Content-Length: 3\r\nHost: y\r\n",
    };
    struct http_server *server = start(usual());

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int fd = dial(http_address(server));
        struct answer answer;
        say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nOrigin: http://a.example\r\n");
        say(fd, bad[i]);
        say(fd, "\r\n");
        answer = hear(fd);
        CHECK(strstr(answer.head, "Connection: close") != NULL);
        CHECK(strstr(answer.head, "Access-Control-Allow-Origin: http://a.example\r\n") != NULL);
        check_refused(&answer, 400, "bad_framing");
        CHECK_INT(read_byte(fd), -1);
        close(fd);
    }
    CHECK_INT(atomic_load(&calls), 0);
    http_stop(server);
}

TEST(a_length_is_digits_and_a_value_has_no_nul)
{
    static const struct {
        const char *value;
        bool good;
        uint64_t length;
    } lengths[] = {
        {"0", true, 0},     {"12", true, 12},
        {"007", true, 7},   {"99999999999999999999", true, UINT64_MAX},
        {"+1", false, 0},   {"-1", false, 0},
        {"", false, 0},     {"1, 1", false, 0},
        {"0x10", false, 0}, {"1 ", false, 0},
    };
    struct framing_state nul = {0};

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct framing_state state = {0};
        framing_header(&state, "content-length", lengths[i].value, strlen(lengths[i].value));
        CHECK((framing_result(&state).problem == NULL) == lengths[i].good);
        CHECK(!lengths[i].good || framing_result(&state).length == lengths[i].length);
    }
    framing_header(&nul, "X-Any", "a\0b", 3);
    CHECK(framing_result(&nul).problem != NULL);
}

/* What clients of every kind send, and what is made of it. */
static const struct {
    const char *request;
    int status;
    const char *code; /* or, when good, the path as it was understood */
} raw_requests[] = {
    /* good */
    {"GET /a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 200, "/a"},
    {"\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 200, "/a"},
    {"GET /a HTTP/1.1\nHost: x\nOrigin: o\n\n", 200, "/a"},
    {"GET /a HTTP/1.1\r\nHost:x\r\nOrigin: \t o \t \r\n\r\n", 200, "/a"},
    {"GET /a HTTP/1.1\r\nHost: x\r\nX-Tab: a\tb\r\nX_Under: \xc3\xa4\r\nX-Empty:\r\nOrigin: "
     "o\r\n\r\n",
     200, "/a"},
    {"GET http://other:80/a?b HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 200, "/a"},
    {"GET HTTPS://other/a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 200, "/a"},
    {"GET http://other HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 200, "/"},
    {"GET http://other?a=b HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 200, "/"},
    {"OPTIONS * HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 200, "*"},
    {"GET /a HTTP/1.0\r\nOrigin: o\r\n\r\n", 200, "/a"},
    {"GET /a HTTP/1.7\r\nHost: x\r\nOrigin: o\r\n\r\n", 200, "/a"},
    {"GET /%41%2f%zz%4 HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 200, "/A/%zz%4"},
    /* a line that is none */
    {"GET\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET /a\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET  /a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET /a b HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET\t/a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {" GET /a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"G(T /a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET /a\rb HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET /a%00 HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET /a?b=%00 HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET * HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"CONNECT x:80 HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET ftp://x/a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET http:///a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET http://u@x/a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET /a HTTP/1.1 x\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET /a http/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET /a HTTP/11\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_request"},
    {"GET /a HTTP/2.0\r\nHost: x\r\nOrigin: o\r\n\r\n", 505, "unknown_version"},
    /* headers that two readers may read in two ways */
    {"GET /a HTTP/1.1\r\n Host: x\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.1\r\nHost: x\r\n X-A: b\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.1\r\nHost: x\r\nX-A: b\r\n\tc\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.1\r\nHost: x\r\nX-A: b\n c\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.1\r\nHost: x\r\nX-A: b\rX-B: c\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.1\r\nHost: x\r\nX-A: b\r\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.1\r\nHost: x\rOrigin: o\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.1\r\nHost: x\r\nX-A: b\x01\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.1\r\nHost: x\r\nX-A : b\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.1\r\nHost: x\r\nX A: b\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.1\r\nHost: x\r\nX-A\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.1\r\nHost: x\r\n: b\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.1\r\nHost: x\r\nHost: x\r\nOrigin: o\r\n\r\n", 400, "bad_framing"},
    {"GET /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\nOrigin: o\r\n\r\n0\r\n\r\n", 400,
     "bad_framing"},
    /* no host */
    {"GET /a HTTP/1.1\r\nOrigin: o\r\n\r\n", 400, "bad_host"},
    {"GET http://x/a HTTP/1.1\r\nOrigin: o\r\n\r\n", 400, "bad_host"},
    {"GET /a HTTP/1.1\r\nHost:\r\nOrigin: o\r\n\r\n", 400, "bad_host"},
    {"GET /a HTTP/1.1\r\nHost: a b\r\nOrigin: o\r\n\r\n", 400, "bad_host"},
    {"GET /a HTTP/1.1\r\nHost: x/y\r\nOrigin: o\r\n\r\n", 400, "bad_host"},
    /* chunks */
    {"POST /a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400,
     "bad_framing"},
    {"POST /a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc", 400,
     "bad_framing"},
};

/* Whole, and closed behind it, so that one that is never answered does not hang the test. */
static void check_raw(const char *address, const char *bytes, size_t len, int status,
                      const char *code)
{
    int fd = dial(address);
    struct answer answer;

    say_n(fd, bytes, len);
    answer = hear(fd);
    if (answer.status != status)
        print_error("%.*s", (int)len, bytes);
    CHECK_INT(answer.status, status);
    check_headers_once(answer.head);
    CHECK(strstr(answer.head, "Access-Control-Allow-Origin: o\r\n") != NULL);
    if (status != 200) {
        CHECK(strstr(answer.head, "Connection: close\r\n") != NULL);
        CHECK_INT(read_byte(fd), -1);
        check_refused(&answer, status, code);
    } else {
        CHECK(strstr(answer.body, code) != NULL);
        forget(&answer);
    }
    close(fd);
}

TEST(a_request_is_understood_or_refused_in_words_that_a_page_may_read)
{
    static const char nul[] = "GET /a HTTP/1.1\r\nHost: x\r\nX-A: b\0c\r\nOrigin: o\r\n\r\n";
    static const char nul_line[] = "GET /a\0b HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n";
    struct http_server *server = start(usual());
    int good = 0;

    for (size_t i = 0; i < sizeof raw_requests / sizeof raw_requests[0]; i++) {
        check_raw(http_address(server), raw_requests[i].request, strlen(raw_requests[i].request),
                  raw_requests[i].status, raw_requests[i].code);
        good += raw_requests[i].status == 200;
    }
    check_raw(http_address(server), nul, sizeof nul - 1, 400, "bad_framing");
    check_raw(http_address(server), nul_line, sizeof nul_line - 1, 400, "bad_request");
    CHECK_INT(atomic_load(&calls), good);
    http_stop(server);
    CHECK_INT(told.count, 0); /* each refusal once, and nothing else */
}

TEST(a_head_may_have_16_KiB_and_one_byte_more_is_refused)
{
    static const struct {
        const char *before, *behind;
    } heads[] = {
        {"GET /a HTTP/1.1\r\nHost: x\r\nX-Long: ", "\r\nOrigin: o\r\n\r\n"},
        {"GET /", " HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n"},
    };
    static const size_t sizes[] = {16384, 16385, 30000, 65536, 65537, 200000};
    struct http_server *server = start(usual());

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        for (size_t j = 0; j < sizeof sizes / sizeof sizes[0]; j++) {
            size_t around = strlen(heads[i].before) + strlen(heads[i].behind);
            char *filler = letters(sizes[j] - around);
            char *text = mem_format("%s%s%s", heads[i].before, filler, heads[i].behind);
            int fd = dial(http_address(server));
            bool is_line = strchr(text, '\n') - text >= 16384;
            struct answer answer;
            say(fd, text);
            answer = hear(fd);
            check_headers_once(answer.head);
            /* Past 64 KiB nobody looks for an Origin any more. */
            CHECK(sizes[j] > 65536 || strstr(answer.head, "Allow-Origin: o\r\n") != NULL);
            if (sizes[j] > 16384)
                check_refused(&answer, is_line ? 414 : 431,
                              is_line ? "uri_too_long" : "headers_too_large");
            else
                forget(&answer);
            close(fd);
            mem_free(text);
            mem_free(filler);
        }
    http_stop(server);
}

TEST(a_head_request_is_answered_like_a_get_without_its_body)
{
    static const char *const paths[] = {"/a?b=c", "/echo", "/health"};
    struct http_server *server = start(usual());

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        char text[200];
        struct answer get, head;
        int fd = dial(http_address(server));
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n", paths[i]);
        get = ask(http_address(server), text);
        snprintf(text, sizeof text,
                 "HEAD %s HTTP/1.1\r\nHost: x\r\nOrigin: o\r\nConnection: close\r\n\r\n", paths[i]);
        say(fd, text);
        head = hear(fd); /* as far as there is any */
        CHECK_INT(head.status, get.status);
        CHECK_INT(head.len, 0);
        CHECK(strstr(strstr(get.head, "Content-Type"), "\r\n\r\n") != NULL);
        CHECK(strstr(head.head, "Connection: close\r\n") != NULL);
        CHECK_STR(strstr(head.head, "Content-Type"), strstr(get.head, "Content-Type"));
        forget(&get);
        forget(&head);
        close(fd);
    }
    http_stop(server);
}

TEST(an_announced_oversize_is_refused_before_its_body)
{
    struct http_config config = usual();
    struct http_server *server = start(config);
    struct answer answer = ask(
        http_address(server), "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n");

    CHECK(strstr(answer.body, "larger than 100000 bytes") != NULL);
    check_refused(&answer, 413, "body_too_large");
    http_stop(server);

    config.oversize_status = 400;
    server = start(config);
    answer = ask(http_address(server),
                 "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n");
    check_refused(&answer, 400, "body_too_large");
    CHECK_INT(atomic_load(&calls), 0);
    http_stop(server);
}

TEST(who_sends_an_oversize_body_all_the_same_can_read_why_it_was_refused)
{
    struct http_server *server = start(usual());
    size_t len = 200 * (size_t)MAX_BODY;
    char *text = letters(len);
    char head[200];
    int fd = dial(http_address(server));
    struct answer answer;

    snprintf(head, sizeof head,
             "POST /echo HTTP/1.1\r\nHost: x\r\nOrigin: o\r\nContent-Length: %zu\r\n\r\n", len);
    say(fd, head);
    CHECK(say_n(fd, text, len));
    answer = hear(fd);
    CHECK(strstr(answer.head, "Access-Control-Allow-Origin: o\r\n") != NULL);
    check_refused(&answer, 413, "body_too_large");
    CHECK_INT(read_byte(fd), -1);
    close(fd);

    fd = dial(http_address(server));
    say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n"
            "Expect: 100-continue\r\n\r\n");
    answer = hear(fd);
    check_refused(&answer, 413, "body_too_large");
    close(fd);
    CHECK_INT(atomic_load(&calls), 0);
    mem_free(text);
    http_stop(server);
}

TEST(a_body_that_grows_past_the_bound_is_refused)
{
    struct http_server *server = start(usual());
    char *text = letters(20 * MAX_BODY);
    struct buf bomb = gzipped(text, MAX_BODY + 1);
    struct answer answer = post(server, "Content-Encoding: gzip\r\n", bomb.data, bomb.len);
    int fd = dial(http_address(server));

    check_refused(&answer, 413, "body_too_large");
    say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    say_chunks(fd, text, 20 * MAX_BODY, 50000);
    answer = hear(fd);
    check_refused(&answer, 413, "body_too_large");
    say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
    answer = hear(fd);
    CHECK_STR(answer.body, "ok"); /* the connection is still of use */
    forget(&answer);
    close(fd);
    CHECK_INT(atomic_load(&calls), 1);
    buf_done(&bomb);
    mem_free(text);
    http_stop(server);
}

TEST(a_coding_that_is_broken_or_unknown_is_refused)
{
    struct http_server *server = start(usual());
    struct buf small = gzipped("hello", 5);
    struct answer answer = post(server, "Content-Encoding: gzip\r\n", "hello", 5);

    check_refused(&answer, 400, "bad_gzip");
    answer = post(server, "Content-Encoding: gzip\r\n", small.data, small.len - 1);
    check_refused(&answer, 400, "bad_gzip");
    answer = post(server, "Content-Encoding: br\r\n", "hello", 5);
    check_refused(&answer, 415, "unsupported_encoding");
    answer = post(server, "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n", "hello", 5);
    check_refused(&answer, 415, "unsupported_encoding");
    CHECK_INT(atomic_load(&calls), 0);
    answer = post(server, "Content-Encoding: identity\r\n", "hello", 5);
    CHECK_STR(answer.body, "hello");
    forget(&answer);
    buf_done(&small);
    http_stop(server);
}

/* ---- time ---- */

static int open_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int count = 0;

    CHECK(dir != NULL);
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

/* The server closes its end a moment after the client sees the end. */
static void await_open_files(int count)
{
    for (int i = 0; i < 10000 && open_files() > count; i++)
        poll(NULL, 0, 1);
    CHECK_INT(open_files(), count);
}

TEST(a_slow_request_is_told_so_and_cut)
{
    static const char *const slow[] = {
        "POST /echo HTTP/1.1\r\n", /* in its headers */
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    };
    struct http_config config = usual();
    struct http_server *server;
    int files;

    config.request_timeout_ms = 100;
    server = start(config);
    files = open_files();
    for (size_t i = 0; i < sizeof slow / sizeof slow[0]; i++) {
        int fd = dial(http_address(server));
        struct answer answer;
        say(fd, slow[i]);
        answer = hear(fd);
        check_refused(&answer, 408, "too_slow");
        CHECK_INT(read_byte(fd), -1);
        close(fd);
    }
    await_open_files(files);
    CHECK_INT(atomic_load(&calls), 0);
    http_stop(server);
}

TEST(drops_that_keep_coming_do_not_stretch_the_deadline)
{
    struct http_config config = usual();
    struct http_server *server;
    struct pollfd wait;
    struct answer answer;
    int drops = 0;

    config.request_timeout_ms = 200;
    server = start(config);
    wait = (struct pollfd){.fd = dial(http_address(server)), .events = POLLIN};
    say(wait.fd, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    while (poll(&wait, 1, 5) == 0 && drops++ < 900)
        say(wait.fd, "x");
    CHECK(drops < 900);
    answer = hear(wait.fd);
    check_refused(&answer, 408, "too_slow");
    close(wait.fd);
    http_stop(server);
}

TEST(a_connection_that_asks_nothing_is_closed)
{
    struct http_config config = usual();
    struct http_server *server;
    struct answer answer;
    int silent, half, used;

    config.idle_timeout_ms = 100;
    server = start(config);
    silent = dial(http_address(server));
    half = dial(http_address(server));
    used = dial(http_address(server));
    say(half, "POST /ec");
    say(used, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
    answer = hear(used);
    CHECK_STR(answer.body, "ok");
    forget(&answer);
    CHECK_INT(read_byte(silent), -1);
    CHECK_INT(read_byte(half), -1);
    CHECK_INT(read_byte(used), -1);
    close(silent);
    close(half);
    close(used);
    http_stop(server);
}

/* ---- answers from other threads ---- */

#define MANY 64

static void *answer_later(void *arg)
{
    struct http_request *requests[MANY];
    int64_t count = (int64_t)(intptr_t)arg;

    for (int64_t i = 0; i < count; i++)
        requests[i] = queue_take(later, INT64_MAX);
    while (count-- > 0) {
        size_t len;
        const char *body = http_body(requests[count], &len);
        http_answer(requests[count], 200, NULL, body, len);
    }
    return NULL;
}

static pthread_t answering(int64_t count)
{
    pthread_t thread;

    CHECK_INT(pthread_create(&thread, NULL, answer_later, (void *)(intptr_t)count), 0);
    return thread;
}

TEST(answers_may_come_later_from_another_thread)
{
    struct err err = {0};
    struct http_server *server = start(usual());
    int fds[MANY];
    pthread_t thread;

    later = queue_new(MANY, &err);
    for (int i = 0; i < MANY; i++)
        fds[i] = dial(http_address(server));
    for (int round = 0; round < 20; round++) {
        thread = answering(MANY);
        for (int i = 0; i < MANY; i++) {
            char text[100];
            snprintf(text, sizeof text,
                     "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n%03d%03d", round,
                     i);
            say(fds[i], text);
        }
        for (int i = 0; i < MANY; i++) {
            struct answer answer = hear(fds[i]);
            char body[8];
            snprintf(body, sizeof body, "%03d%03d", round, i);
            CHECK_STR(answer.body, body);
            forget(&answer);
        }
        pthread_join(thread, NULL);
    }
    for (int i = 0; i < MANY; i++)
        close(fds[i]);
    http_stop(server);
    queue_free(later);
}

TEST(a_client_that_left_does_not_disturb_its_answer)
{
    struct err err = {0};
    struct http_server *server = start(usual());
    struct http_request *request;
    struct answer answer;
    int fd = dial(http_address(server));

    later = queue_new(1, &err);
    say(fd, "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
    request = queue_take(later, INT64_MAX);
    close(fd);
    http_answer(request, 200, NULL, "hi", 2);
    answer = post(server, "", "next", 4);
    CHECK_STR(answer.body, "next");
    forget(&answer);
    http_stop(server);
    queue_free(later);
}

TEST(a_stop_waits_for_what_is_in_hand_and_refuses_what_is_new)
{
    struct err err = {0};
    struct http_server *server = start(usual());
    int in_hand = dial(http_address(server)), old = dial(http_address(server));
    int half = dial(http_address(server));
    struct http_request *request;
    struct answer answer;
    pthread_t thread;

    later = queue_new(1, &err);
    say(in_hand, "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
    request = queue_take(later, INT64_MAX);
    say(old, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
    answer = hear(old);
    CHECK_STR(answer.body, "ok");
    forget(&answer);

    say(half, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf");
    http_quiesce(server);
    say(old, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nno");
    answer = hear(old);
    CHECK(strstr(answer.head, "Retry-After: ") != NULL);
    check_refused(&answer, 503, "shutting_down");

    CHECK(queue_put(later, request));
    thread = answering(1);
    http_stop(server);
    pthread_join(thread, NULL);
    answer = hear(in_hand);
    CHECK_INT(answer.status, 200);
    CHECK_STR(answer.body, "hi");
    CHECK(strstr(answer.head, "Connection: close") != NULL);
    forget(&answer);
    CHECK_INT(read_byte(half), -1);
    close(in_hand);
    close(half);
    close(old);
    queue_free(later);
}

/* ---- bounds and failures ---- */

TEST(an_address_that_cannot_be_had_is_an_error_that_names_it)
{
    static const char *const bad[] = {"", "8080", ":8080", "127.0.0.1:", "[::1]", "127.0.0.1:port"};
    struct http_server *server = start(usual());
    struct http_config config = usual();
    struct err err = {0};

    config.listen = http_address(server);
    CHECK(http_start(&config, &err) == NULL);
    CHECK_INT(err.kind, ERR_SYSTEM);
    CHECK(strstr(err.text, http_address(server)) != NULL);
    CHECK(strstr(err.text, "in use") != NULL);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        config.listen = bad[i];
        CHECK(http_start(&config, &err) == NULL);
        CHECK_INT(err.kind, ERR_INVALID);
    }
    http_stop(server);
    http_stop(NULL);
}

/* Step by step through every allocation, up to where a request needs no more. */
TEST(out_of_memory_costs_the_request_and_never_the_server)
{
    struct http_server *server = start(usual());
    struct buf small = gzipped("hello", 5);
    struct answer answer;
    bool all = false;

    for (size_t nth = 1; nth < 200 && !all; nth++) {
        char head[200];
        int fd, byte;
        struct buf heard;
        snprintf(head, sizeof head,
                 "POST /echo?a=b HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nOrigin: a\r\n"
                 "Content-Length: %zu\r\nConnection: close\r\n\r\n",
                 small.len);
        buf_init(&heard, 10000);
        buf_format(&heard, "%1000s", "");
        buf_clear(&heard); /* has its memory */
        mem_fail_at(nth);
        fd = dial(http_address(server));
        say(fd, head);
        say_n(fd, small.data, small.len);
        while ((byte = read_byte(fd)) >= 0)
            buf_char(&heard, (char)byte);
        mem_fail_at(0);
        close(fd);
        all = strstr(buf_peek(&heard), "\r\n\r\nhello") != NULL;
        CHECK(all || heard.len == 0 || strstr(heard.data, "HTTP/1.1 503 ") == heard.data);
        buf_done(&heard);
    }
    CHECK(all);
    answer = post(server, "", "ok", 2);
    CHECK_STR(answer.body, "ok");
    forget(&answer);
    buf_done(&small);
    http_stop(server);
}

TEST_MAIN(TEST_CASE(method_path_query_and_headers_are_told_decoded),
          TEST_CASE(a_body_arrives_whole_however_it_is_framed_and_coded),
          TEST_CASE(requests_sent_in_one_breath_are_answered_in_turn),
          TEST_CASE(a_client_that_asks_before_sending_is_told_to_go_on),
          TEST_CASE(ambiguous_framing_is_refused_and_the_connection_closed),
          TEST_CASE(a_length_is_digits_and_a_value_has_no_nul),
          TEST_CASE(a_request_is_understood_or_refused_in_words_that_a_page_may_read),
          TEST_CASE(a_head_may_have_16_KiB_and_one_byte_more_is_refused),
          TEST_CASE(a_head_request_is_answered_like_a_get_without_its_body),
          TEST_CASE(a_client_that_closes_its_side_is_answered),
          TEST_CASE(a_connection_is_kept_as_the_client_asks),
          TEST_CASE(an_announced_oversize_is_refused_before_its_body),
          TEST_CASE(who_sends_an_oversize_body_all_the_same_can_read_why_it_was_refused),
          TEST_CASE(a_body_that_grows_past_the_bound_is_refused),
          TEST_CASE(a_coding_that_is_broken_or_unknown_is_refused),
          TEST_CASE(a_slow_request_is_told_so_and_cut),
          TEST_CASE(drops_that_keep_coming_do_not_stretch_the_deadline),
          TEST_CASE(a_connection_that_asks_nothing_is_closed),
          TEST_CASE(answers_may_come_later_from_another_thread),
          TEST_CASE(a_client_that_left_does_not_disturb_its_answer),
          TEST_CASE(a_stop_waits_for_what_is_in_hand_and_refuses_what_is_new),
          TEST_CASE(an_address_that_cannot_be_had_is_an_error_that_names_it),
          TEST_CASE(out_of_memory_costs_the_request_and_never_the_server))
