/* The server at, above and after its limits of connections, addresses, files. */
#include "check.h"

#include <pthread.h>
#include <sys/resource.h>

#include "http_rig.h"

#include "base/clock.h"
#include "http/connections.h"

#define MANY 256

static struct http_server *start_with(int max_connections)
{
    struct http_config config = usual();

    config.max_connections = max_connections;
    return start(config);
}

static void dial_all(const struct http_server *server, int *fds, int count)
{
    for (int i = 0; i < count; i++)
        fds[i] = dial(http_address(server));
}

static void close_all(const int *fds, int count)
{
    for (int i = 0; i < count; i++)
        close(fds[i]);
}

static void say_ok(int fd)
{
    say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
}

static void check_heard_ok(int fd)
{
    struct answer answer = hear(fd);

    CHECK_INT(answer.status, 200);
    CHECK_STR(answer.body, "ok");
    forget(&answer);
}

/* Asks on a connection, and what came is "ok". */
static void check_served(int fd)
{
    say_ok(fd);
    check_heard_ok(fd);
}

static void check_newcomer_served(const struct http_server *server)
{
    int fd = dial(http_address(server));

    check_served(fd);
    close(fd);
}

static struct http_request *put_in_hand(int fd)
{
    say(fd, "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
    return queue_take(later, INT64_MAX);
}

/* Makes the loop stand still; whoever comes meanwhile is seen, with all it has sent, in one
   moment behind release. */
static int hold(const struct http_server *server)
{
    int fd = dial(http_address(server)), before = atomic_load(&calls);

    sem_init(&standing, 0, 0);
    say(fd, "GET /stand HTTP/1.1\r\nHost: x\r\n\r\n");
    while (atomic_load(&calls) == before)
        sched_yield();
    return fd;
}

static void release(int fd)
{
    struct answer answer;

    sem_post(&standing);
    answer = hear(fd);
    CHECK_INT(answer.status, 200);
    forget(&answer);
    close(fd);
}

static int crowd[MANY]; /* of one test at a time */

static const int limits[] = {1, 2, 3, 64};
#define LIMITS (sizeof limits / sizeof limits[0])

/* ---- idle ones ---- */

TEST(idle_connections_at_above_and_after_the_limit_keep_nobody_out)
{
    static const int beyond[] = {-1, 0, 1, 2, CONNECTIONS_SPARE, 3 * CONNECTIONS_SPARE};

    for (size_t i = 0; i < LIMITS; i++) {
        struct http_server *server = start_with(limits[i]);
        for (size_t j = 0; j < sizeof beyond / sizeof beyond[0]; j++) {
            int count = limits[i] + beyond[j];
            dial_all(server, crowd, count);
            check_newcomer_served(server);
            close_all(crowd, count);
            check_newcomer_served(server);
        }
        http_stop(server);
    }
}

/* They come and leave while the server does not look: it must not miss that they left. */
TEST(connections_that_come_and_leave_in_one_moment_keep_nobody_out)
{
    for (size_t i = 0; i < LIMITS; i++) {
        struct http_server *server = start_with(limits[i]);
        for (int count = 0; count <= limits[i] + 2; count++) {
            int held = hold(server);
            dial_all(server, crowd, count);
            close_all(crowd, count);
            release(held);
            check_newcomer_served(server);
        }
        http_stop(server);
    }
}

TEST(the_one_that_is_idle_longest_makes_room)
{
    struct err err = {0};
    struct http_server *server = start_with(3);
    int in_hand = dial(http_address(server)), oldest, younger, newcomer;
    struct http_request *request;
    struct answer answer;

    later = queue_new(2, &err);
    request = put_in_hand(in_hand);
    younger = dial(http_address(server)); /* connected first, used last */
    oldest = dial(http_address(server));
    check_served(oldest);
    check_served(younger);
    newcomer = dial(http_address(server));
    check_served(newcomer);
    CHECK_INT(read_byte(oldest), -1);
    check_served(younger);
    check_served(newcomer);
    http_answer(request, 200, NULL, "late", 4);
    answer = hear(in_hand);
    CHECK_STR(answer.body, "late");
    forget(&answer);
    check_served(in_hand);
    close(in_hand);
    close(oldest);
    close(younger);
    close(newcomer);
    http_stop(server);
    queue_free(later);
}

/* ---- busy ones ---- */

TEST(when_every_request_is_in_hand_a_newcomer_is_told_and_a_health_check_answered)
{
    struct err err = {0};

    later = queue_new(MANY, &err);
    for (size_t i = 0; i < LIMITS; i++) {
        struct http_server *server = start_with(limits[i]);
        struct http_request *requests[MANY];
        struct answer answer;
        int fds[MANY];
        dial_all(server, fds, limits[i]);
        for (int n = 0; n < limits[i]; n++)
            requests[n] = put_in_hand(fds[n]);
        answer = ask(http_address(server), "GET /a HTTP/1.1\r\nHost: x\r\nOrigin: o\r\n\r\n");
        CHECK(strstr(answer.head, "Retry-After: 1\r\n") != NULL);
        CHECK(strstr(answer.head, "Access-Control-Allow-Origin: o\r\n") != NULL);
        check_headers_once(answer.head);
        check_refused(&answer, 429, "too_busy");
        for (int n = 0; n < 2 * CONNECTIONS_SPARE; n++) {
            answer = ask(http_address(server), "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
            CHECK_INT(answer.status, 200);
            forget(&answer);
        }
        for (int n = 0; n < limits[i]; n++)
            http_answer(requests[n], 200, NULL, "late", 4);
        for (int n = 0; n < limits[i]; n++) {
            answer = hear(fds[n]);
            CHECK_STR(answer.body, "late");
            forget(&answer);
        }
        check_newcomer_served(server);
        close_all(fds, limits[i]);
        http_stop(server);
    }
    queue_free(later);
}

/* The spare ones are all in hand too (by the only path that gets there). */
TEST(beyond_the_last_spare_connection_newcomers_wait_for_room)
{
    struct err err = {0};
    struct http_config config = usual();
    struct http_server *server;
    struct http_request *requests[1 + CONNECTIONS_SPARE];
    struct answer answer;
    int fds[1 + CONNECTIONS_SPARE], waiting;

    config.max_connections = 1;
    config.health_path = "/later";
    later = queue_new(MANY, &err);
    server = start(config);
    for (int i = 0; i < 1 + CONNECTIONS_SPARE; i++) {
        fds[i] = dial(http_address(server));
        requests[i] = put_in_hand(fds[i]);
    }
    waiting = dial(http_address(server));
    say(waiting, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
    for (int i = 0; i < 1 + CONNECTIONS_SPARE; i++) {
        http_answer(requests[i], 200, NULL, "late", 4);
        answer = hear(fds[i]);
        CHECK_STR(answer.body, "late");
        forget(&answer);
        close(fds[i]);
    }
    answer = hear(waiting);
    CHECK(answer.status == 200 || answer.status == 429);
    forget(&answer);
    close(waiting);
    check_newcomer_served(server);
    http_stop(server);
    queue_free(later);
}

/* ---- those that keep the server waiting ---- */

/* Asks for more than fits into all the buffers on the way. */
static int dial_unread(const struct http_server *server)
{
    int fd = dial(http_address(server));
    struct buf all;

    buf_init(&all, 100000);
    for (int i = 0; i < 1000; i++)
        buf_text(&all, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    say_n(fd, all.data, all.len);
    buf_done(&all);
    return fd;
}

static int dial_slow(const struct http_server *server)
{
    int fd = dial(http_address(server));

    say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nslow");
    return fd;
}

static int dial_slow_head(const struct http_server *server)
{
    int fd = dial(http_address(server));

    say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\n");
    return fd;
}

static int dial_refused(const struct http_server *server)
{
    int fd = dial(http_address(server));

    say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\nslow");
    return fd;
}

/* Up to the last spare one; the newcomer waits until they have had their time. */
TEST(who_keeps_the_server_waiting_makes_room_after_a_moment)
{
    static int (*const kinds[])(const struct http_server *) = {dial_unread, dial_slow,
                                                               dial_slow_head, dial_refused};

    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++)
        for (int limit = 1; limit <= 3; limit += 2) {
            int fds[MANY], held, count = limit + CONNECTIONS_SPARE, turns = 0;
            struct http_config config = usual();
            struct http_server *server;
            struct pollfd newcomer;
            config.max_connections = limit;
            config.request_timeout_ms = INT64_MAX / 2; /* it is not that which ends them */
            clock_freeze(1795435200000);
            server = start(config);
            held = hold(server);
            for (int i = 0; i < count; i++)
                fds[i] = kinds[kind](server);
            /* Its request comes with it: who has asked for nothing may be the next to go. */
            newcomer = (struct pollfd){.fd = dial(http_address(server)), .events = POLLIN};
            say_ok(newcomer.fd);
            release(held);
            /* Again and again, as those that do not read take a little more at first. */
            while (poll(&newcomer, 1, 1) == 0 && ++turns < 10000)
                clock_advance(CONNECTIONS_GRACE_MS);
            check_heard_ok(newcomer.fd); /* idle now, so it may be the next to make room */
            clock_thaw();
            close(newcomer.fd);
            close_all(fds, count);
            check_newcomer_served(server);
            http_stop(server);
        }
}

/* ---- one address ---- */

TEST(one_address_has_only_so_many_connections_and_its_own_idle_ones_make_room)
{
    struct http_config config = usual();
    struct http_server *server;
    int fds[3];

    config.max_connections_per_ip = 2;
    server = start(config);
    for (int i = 0; i < 3; i++) {
        fds[i] = dial(http_address(server));
        check_served(fds[i]);
    }
    CHECK_INT(read_byte(fds[0]), -1);
    check_served(fds[1]);
    check_served(fds[2]);
    close_all(fds, 3);
    check_newcomer_served(server);
    http_stop(server);
}

/* Its spare ones too; what is beyond them is hung up on. */
TEST(an_address_whose_requests_are_all_in_hand_keeps_no_other_out)
{
    struct err err = {0};
    struct http_config config = usual();
    struct http_server *server;
    struct http_request *requests[2 + CONNECTIONS_SPARE];
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000002)};
    int count = 2 + CONNECTIONS_SPARE, fds[2 + CONNECTIONS_SPARE], beyond;
    int other = socket(AF_INET, SOCK_STREAM, 0);

    config.max_connections_per_ip = 2;
    later = queue_new(MANY, &err);
    server = start(config);
    for (int i = 0; i < count; i++) {
        fds[i] = dial(http_address(server));
        requests[i] = put_in_hand(fds[i]);
    }
    beyond = dial(http_address(server));
    CHECK_INT(read_byte(beyond), -1);
    close(beyond);
    CHECK_INT(bind(other, (struct sockaddr *)&from, sizeof from), 0);
    dial_with(other, http_address(server));
    check_served(other);
    close(other);
    for (int i = 0; i < count; i++)
        http_answer(requests[i], 200, NULL, "late", 4);
    for (int i = 0; i < count; i++) {
        struct answer answer = hear(fds[i]);
        CHECK_STR(answer.body, "late");
        forget(&answer);
    }
    close_all(fds, count);
    check_newcomer_served(server);
    http_stop(server);
    queue_free(later);
}

/* ---- files ---- */

/* The limit under which the next file would be the first that is refused. */
static rlim_t no_more_files(void)
{
    int lowest = dup(0);

    CHECK(lowest >= 0);
    close(lowest);
    return (rlim_t)lowest;
}

/* Client and server share the files of this process: the clients connect while the loop
   stands, then not one more file may be opened. */
TEST(without_files_for_newcomers_the_server_gives_up_idle_ones_and_goes_on)
{
    struct http_server *server = start_with(100);
    struct rlimit before, none;
    int idle = dial(http_address(server)), fds[8], held;

    check_served(idle);
    held = hold(server);
    dial_all(server, fds, 8);
    getrlimit(RLIMIT_NOFILE, &before);
    none = before;
    none.rlim_cur = no_more_files();
    CHECK_INT(setrlimit(RLIMIT_NOFILE, &none), 0);
    release(held);
    CHECK_INT(read_byte(idle), -1); /* its file serves the others in turn */
    for (int i = 0; i < 8; i++) {
        struct answer of_each;
        say(fds[i], "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        of_each = hear(fds[i]);
        CHECK(of_each.status == 200 || of_each.status == 0);
        forget(&of_each);
    }
    CHECK_INT(setrlimit(RLIMIT_NOFILE, &before), 0);
    close_all(fds, 8);
    close(idle);
    check_newcomer_served(server);
    http_stop(server);
}

TEST_MAIN(TEST_CASE(idle_connections_at_above_and_after_the_limit_keep_nobody_out),
          TEST_CASE(connections_that_come_and_leave_in_one_moment_keep_nobody_out),
          TEST_CASE(the_one_that_is_idle_longest_makes_room),
          TEST_CASE(when_every_request_is_in_hand_a_newcomer_is_told_and_a_health_check_answered),
          TEST_CASE(beyond_the_last_spare_connection_newcomers_wait_for_room),
          TEST_CASE(who_keeps_the_server_waiting_makes_room_after_a_moment),
          TEST_CASE(one_address_has_only_so_many_connections_and_its_own_idle_ones_make_room),
          TEST_CASE(an_address_whose_requests_are_all_in_hand_keeps_no_other_out),
          TEST_CASE(without_files_for_newcomers_the_server_gives_up_idle_ones_and_goes_on))
