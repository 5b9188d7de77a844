/* What reaches a scheduler from other threads, and when it stops waiting for it. */
#include "check.h"

#include <utlist.h>

#include "base/clock.h"
#include "delivery/call.h"
#include "delivery/inbox.h"

static struct inbox inbox;
static struct err err;

static void open_inbox(void)
{
    CHECK_INT(inbox_init(&inbox, &err), 0);
}

TEST(a_message_is_taken_once_and_a_stop_and_a_pause_stay)
{
    struct inbox_taken taken;

    open_inbox();
    inbox_post(&inbox, INBOX_NEWS);
    inbox_post(&inbox, INBOX_STOP);
    inbox_set_paused(&inbox, true);
    taken = inbox_take(&inbox, INT64_MAX, false);
    CHECK(taken.has[INBOX_NEWS] && taken.has[INBOX_STOP] && !taken.has[INBOX_RETRY]);
    taken = inbox_take(&inbox, INT64_MAX, false);
    CHECK(!taken.has[INBOX_NEWS] && taken.has[INBOX_STOP] && taken.paused);
    inbox_done(&inbox);
}

TEST(answered_calls_are_taken_in_the_order_they_came)
{
    struct call *first = call_new(CALL_SIGN_IN, "", 0), *second = call_new(CALL_DESCRIBE, "", 0);
    struct inbox_taken taken;

    open_inbox();
    inbox_post_answer(&inbox, first);
    inbox_post_answer(&inbox, second);
    taken = inbox_take(&inbox, INT64_MAX, true);
    CHECK(taken.answered == first && first->next == second && second->next == NULL);
    CHECK(inbox_take(&inbox, 0, true).answered == NULL);
    call_free(first);
    call_free(second);
    inbox_done(&inbox);
}

static void *post_answer(void *call)
{
    inbox_post_answer(&inbox, call);
    return NULL;
}

TEST(a_stop_is_waited_past_until_the_calls_in_flight_are_back)
{
    struct call *call = call_new(CALL_SIGN_IN, "", 0);
    pthread_t worker;

    open_inbox();
    inbox_post(&inbox, INBOX_STOP);
    CHECK_INT(pthread_create(&worker, NULL, post_answer, call), 0);
    CHECK(inbox_take(&inbox, INT64_MAX, true).answered == call);
    CHECK_INT(pthread_join(worker, NULL), 0);
    call_free(call);
    inbox_done(&inbox);
}

TEST(a_sleep_ends_at_once_when_the_destination_stops)
{
    open_inbox();
    CHECK(inbox_sleep(&inbox, 1));
    inbox_post(&inbox, INBOX_STOP);
    CHECK(!inbox_sleep(&inbox, INT64_MAX / 2));
    inbox_done(&inbox);
}

static void *end_inbox(void *arg)
{
    inbox_end(&inbox);
    return NULL;
}

TEST(who_waits_for_the_end_is_woken_by_it)
{
    pthread_t scheduler;

    open_inbox();
    CHECK(!inbox_await_end(&inbox, clock_mono()));
    CHECK_INT(pthread_create(&scheduler, NULL, end_inbox, NULL), 0);
    CHECK(inbox_await_end(&inbox, INT64_MAX));
    CHECK_INT(pthread_join(scheduler, NULL), 0);
    inbox_done(&inbox);
}

TEST_MAIN(TEST_CASE(a_message_is_taken_once_and_a_stop_and_a_pause_stay),
          TEST_CASE(answered_calls_are_taken_in_the_order_they_came),
          TEST_CASE(a_stop_is_waited_past_until_the_calls_in_flight_are_back),
          TEST_CASE(a_sleep_ends_at_once_when_the_destination_stops),
          TEST_CASE(who_waits_for_the_end_is_woken_by_it))
