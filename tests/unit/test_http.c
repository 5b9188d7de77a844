#include "check.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>

#include "raw_http.h"

#include "base/buf.h"
#include "base/gzip.h"
#include "base/mem.h"
#include "base/queue.h"
#include "http/framing.h"
#include "http/http.h"

#define MAX_BODY 100000

/* ---- a server that echoes ---- */

static atomic_int calls;
static struct queue *later; /* requests under /later wait here */

static void add_query(void *arg, const char *name, const char *value)
{
    buf_format(arg, "%s=%s;", name, value);
}

static void handle(void *arg, struct http_request *request)
{
    struct buf out;
    size_t len;
    const char *body = http_body(request, &len);

    (void)arg;
    atomic_fetch_add(&calls, 1);
    if (strcmp(http_path(request), "/later") == 0) {
        CHECK(queue_put(later, request));
        return;
    }
    buf_init(&out, MAX_BODY + 1000);
    if (strcmp(http_path(request), "/echo") == 0) {
        buf_put(&out, body, len);
    } else {
        const char *header = http_header(request, "X-Test");
        buf_format(&out, "%s %s from %s header %s query ", http_method(request), http_path(request),
                   http_peer(request), header == NULL ? "none" : header);
        http_query_each(request, add_query, &out);
        http_header_add(request, "X-Good", "yes");
        http_header_add(request, "X-Bad", "a\r\nX-Injected: b");
    }
    http_answer(request, 200, "text/plain", buf_peek(&out), out.len);
    buf_done(&out);
}

static void decorate(void *arg, struct http_request *request)
{
    const char *origin = http_header(request, "Origin");

    (void)arg;
    if (origin != NULL)
        http_header_add(request, "Access-Control-Allow-Origin", origin);
}

static struct http_config usual(void)
{
    return (struct http_config){
        .listen = "127.0.0.1:0",
        .max_body = MAX_BODY,
        .oversize_status = 413,
        .max_connections = 200,
        .idle_timeout_ms = 20000,
        .request_timeout_ms = 20000,
        .handler = handle,
        .decorator = decorate,
    };
}

static struct http_server *start(struct http_config config)
{
    struct err err = {0};
    struct http_server *server = http_start(&config, &err);

    if (server == NULL)
        fail_msg("%s", err.text);
    atomic_store(&calls, 0);
    return server;
}

/* ---- asking it ---- */

static struct answer post(const struct http_server *server, const char *headers, const void *body,
                          size_t len)
{
    char head[500];
    int fd = dial(http_address(server));
    struct answer answer;

    snprintf(head, sizeof head, "POST /echo HTTP/1.1\r\nHost: x\r\n%sContent-Length: %zu\r\n\r\n",
             headers, len);
    say(fd, head);
    say_n(fd, body, len);
    answer = hear(fd);
    close(fd);
    return answer;
}

static void check_refused(struct answer *answer, int status, const char *code)
{
    char member[80];

    snprintf(member, sizeof member, "\"code\":\"%s\"", code);
    CHECK_INT(answer->status, status);
    CHECK(strstr(answer->head, "Content-Type: application/json") != NULL);
    CHECK(strncmp(answer->body, "{\"success\":false,\"code\":\"", 25) == 0);
    CHECK(strstr(answer->body, member) != NULL);
    CHECK(strstr(answer->body, "\"message\":\"") != NULL);
    forget(answer);
}

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
    CHECK(strstr(answer.head, "X-Good: yes\r\n") != NULL);
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

TEST(what_the_library_refuses_itself_never_reaches_the_handler)
{
    struct http_server *server = start(usual());
    char *long_value = letters(64 * 1024);
    struct answer answer = ask(http_address(server), "GET / HTTP/1.1\r\n\r\n");
    int fd = dial(http_address(server));

    CHECK_INT(answer.status, 400);
    forget(&answer);
    say(fd, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: ");
    say(fd, long_value);
    say(fd, "\r\n\r\n");
    answer = hear(fd);
    CHECK_INT(answer.status, 431);
    forget(&answer);
    close(fd);
    CHECK_INT(atomic_load(&calls), 0);
    mem_free(long_value);
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

TEST(one_address_has_only_so_many_connections)
{
    struct http_config config = usual();
    struct http_server *server;
    struct answer answer;
    int fds[3];

    config.max_connections_per_ip = 2;
    server = start(config);
    for (int i = 0; i < 3; i++)
        fds[i] = dial(http_address(server));
    for (int i = 0; i < 2; i++) {
        say(fds[i], "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
        answer = hear(fds[i]);
        CHECK_STR(answer.body, "ok");
        forget(&answer);
    }
    CHECK_INT(read_byte(fds[2]), -1);
    for (int i = 0; i < 3; i++)
        close(fds[i]);
    http_stop(server);
}

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

TEST(out_of_memory_costs_the_request_and_never_the_server)
{
    struct http_server *server = start(usual());
    struct buf small = gzipped("hello", 5);
    struct answer answer;

    for (size_t nth = 1; nth < 12; nth++) {
        char head[200];
        int fd = dial(http_address(server));
        snprintf(head, sizeof head,
                 "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nOrigin: a\r\n"
                 "Content-Length: %zu\r\nConnection: close\r\n\r\n",
                 small.len);
        say(fd, head);
        mem_fail_at(nth);
        say_n(fd, small.data, small.len);
        while (read_byte(fd) >= 0)
            ;
        mem_fail_at(0);
        close(fd);
    }
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
          TEST_CASE(what_the_library_refuses_itself_never_reaches_the_handler),
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
          TEST_CASE(one_address_has_only_so_many_connections),
          TEST_CASE(an_address_that_cannot_be_had_is_an_error_that_names_it),
          TEST_CASE(out_of_memory_costs_the_request_and_never_the_server))
