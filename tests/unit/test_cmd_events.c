/* leadline events: what is shown of the server's answers, and that nothing is shown twice. */
#include "asked_server.h"

#include <signal.h>

#define EVENT(seq, state, more)                                                                    \
    "{\"seq\":" seq ",\"source\":\"site\",\"type\":\"identify\",\"messageId\":\"m" seq             \
    "\",\"user\":\"u\",\"destination\":\"Org\",\"state\":\"" state "\"" more "}"
#define AT(second)   ",\"changed\":\"2026-11-27T08:00:" second "Z\""
#define MORE(events) "{\"events\":[" events "],\"next\":\"1.2.3\",\"more\":true}"

/* So that --follow ends without a pause. */
static void interrupt(void)
{
    raise(SIGINT);
}

TEST(an_outcome_that_the_server_tells_again_is_shown_once)
{
    const char *const answers[] = {
        MORE(EVENT("1", "waiting", AT("01"))),
        MORE(EVENT("1", "waiting", AT("01")) "," EVENT("2", "dead", AT("02"))),
        MORE(EVENT("2", "dead", AT("02")) "," EVENT("1", "written", AT("03"))),
        /* The same state at another time, and one that is dead for good, are news. */
        MORE(
            EVENT("2", "dead", AT("02") ",\"discarded\":true") "," EVENT("1", "written", AT("03"))),
        MORE(EVENT("3", "waiting", AT("04")) "," EVENT("3", "waiting", AT("05"))),
        NULL,
    };
    static const char wanted[] = "2026-11-27T08:00:01Z  site  identify  m1  u  Org  waiting  -\n"
                                 "2026-11-27T08:00:02Z  site  identify  m2  u  Org  dead  -\n"
                                 "2026-11-27T08:00:03Z  site  identify  m1  u  Org  written  -\n"
                                 "2026-11-27T08:00:02Z  site  identify  m2  u  Org  discarded  -\n"
                                 "2026-11-27T08:00:04Z  site  identify  m3  u  Org  waiting  -\n"
                                 "2026-11-27T08:00:05Z  site  identify  m3  u  Org  waiting  -\n";

    server_at_end = interrupt;
    CHECK_INT(run_command(cmd_events, "events --follow", answers), 0);
    server_at_end = NULL;
    CHECK_STR(command_output, wanted);
    CHECK_STR(server_asked[0], "GET /api/events");
    CHECK_STR(server_asked[1], "GET /api/events?after=1.2.3");
}

TEST(without_follow_the_server_is_asked_once_with_what_was_asked_for)
{
    const char *const answers[] = {MORE(EVENT("7", "written", AT("01") ",\"record_id\":\"00Q1\"")),
                                   NULL};

    CHECK_INT(run_command(cmd_events,
                          "events --lines 5 --source site --destination Org --outcome written",
                          answers),
              0);
    CHECK_STR(command_output, "2026-11-27T08:00:01Z  site  identify  m7  u  Org  written  00Q1\n");
    CHECK_INT(server_requests, 1);
    CHECK_STR(server_asked[0],
              "GET /api/events?source=site&destination=Org&outcome=written&lines=5");
}

TEST_MAIN(TEST_CASE(an_outcome_that_the_server_tells_again_is_shown_once),
          TEST_CASE(without_follow_the_server_is_asked_once_with_what_was_asked_for))
