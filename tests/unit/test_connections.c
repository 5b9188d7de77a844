/* Who goes when there is no room, and when.  The whole server at its limits: test_http_limits.c. */
#include "check.h"

#include <unistd.h>

#include "base/clock.h"
#include "http/connections.h"

static struct connections table;

static void begin(int max, int max_per_peer)
{
    clock_freeze(1795435200000);
    table = (struct connections){.max = max, .max_per_peer = max_per_peer};
    for (int state = 0; state < CONNECTION_STATES; state++)
        table.allowed_ms[state] = INT64_MAX;
}

static void end(void)
{
    for (int state = 0; state < CONNECTION_CLOSED; state++)
        while (table.queues[state] != NULL)
            connections_close(&table, table.queues[state]);
    connections_sweep_closed(&table);
    CHECK(table.peers == NULL && table.count == 0);
    clock_thaw();
}

/* From 127.0.0.host. */
static struct connection *open_from(int host)
{
    struct sockaddr_storage from = {0};
    struct sockaddr_in *in = (struct sockaddr_in *)&from;
    struct connection *connection;

    in->sin_family = AF_INET;
    in->sin_addr.s_addr = htonl(0x7f000000U + (uint32_t)host);
    connection = connections_open(&table, dup(0), &from);
    CHECK(connection != NULL);
    return connection;
}

static struct connection *open_as(enum connection_state state)
{
    struct connection *connection = open_from(1);

    connections_move(&table, connection, state);
    return connection;
}

TEST(idle_ones_go_first_and_of_each_kind_the_longest_in_it)
{
    static const enum connection_state order[] = {CONNECTION_IDLE, CONNECTION_DRAINING,
                                                  CONNECTION_ANSWERING, CONNECTION_RECEIVING};
    struct connection *all[4][2], *in_hand;

    begin(1, 0);
    in_hand = open_as(CONNECTION_IN_HAND);
    for (int i = 3; i >= 0; i--) /* whatever order they came in */
        for (int n = 0; n < 2; n++) {
            all[i][n] = open_as(order[i]);
            clock_advance(1);
        }
    clock_advance(CONNECTIONS_GRACE_MS);
    for (int i = 0; i < 4; i++)
        for (int n = 0; n < 2; n++) {
            CHECK(connections_expendable(&table, NULL) == all[i][n]);
            CHECK(connections_expendable(&table, in_hand) == all[i][n]);
            CHECK(connections_expendable(&table, all[i][n]) != all[i][n]);
            connections_close(&table, all[i][n]);
        }
    CHECK(connections_expendable(&table, NULL) == NULL);
    end();
}

TEST(one_that_is_busy_has_a_moment)
{
    static const enum connection_state states[] = {CONNECTION_DRAINING, CONNECTION_ANSWERING,
                                                   CONNECTION_RECEIVING};

    for (int i = 0; i < 3; i++) {
        struct connection *one;
        begin(1, 0);
        one = open_as(states[i]);
        clock_advance(CONNECTIONS_GRACE_MS - 1);
        CHECK(connections_expendable(&table, NULL) == NULL);
        clock_advance(1);
        CHECK(connections_expendable(&table, NULL) == one);
        end();
    }
}

TEST(a_request_that_comes_fast_enough_is_not_given_up)
{
    struct connection *fast, *slow;

    begin(1, 0);
    fast = open_as(CONNECTION_RECEIVING);
    slow = open_as(CONNECTION_RECEIVING);
    for (int ms = 0; ms < 10000; ms += CONNECTIONS_GRACE_MS) {
        clock_advance(CONNECTIONS_GRACE_MS);
        fast->received += CONNECTIONS_GRACE_MS * (CONNECTIONS_MIN_RATE + 1);
        slow->received += CONNECTIONS_GRACE_MS * (CONNECTIONS_MIN_RATE - 1);
        CHECK(connections_expendable(&table, NULL) == slow);
    }
    connections_close(&table, slow);
    CHECK(connections_expendable(&table, NULL) == NULL);
    clock_advance(20000); /* then it stops */
    CHECK(connections_expendable(&table, NULL) == fast);
    end();
}

TEST(an_address_beyond_its_share_gives_up_its_own)
{
    struct connection *other, *own, *newcomer;

    begin(100, 2);
    other = open_from(2);
    own = open_from(1);
    open_from(1);
    newcomer = open_from(1);
    CHECK(connections_beyond(&table, newcomer));
    CHECK(!connections_beyond(&table, other));
    CHECK(connections_expendable(&table, newcomer) == own);
    connections_close(&table, own);
    CHECK(!connections_beyond(&table, newcomer));
    for (int i = 0; i < CONNECTIONS_SPARE; i++)
        CHECK(!connections_beyond_spare(&table, open_from(1)));
    CHECK(connections_beyond_spare(&table, open_from(1)));
    CHECK(!connections_beyond_spare(&table, other));
    end();
}

TEST_MAIN(TEST_CASE(idle_ones_go_first_and_of_each_kind_the_longest_in_it),
          TEST_CASE(one_that_is_busy_has_a_moment),
          TEST_CASE(a_request_that_comes_fast_enough_is_not_given_up),
          TEST_CASE(an_address_beyond_its_share_gives_up_its_own))
