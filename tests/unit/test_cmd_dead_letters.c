/* leadline dead-letters: what a person's words make the server do, and what they never touch. */
#include "asked_server.h"

#define LETTER(id, destination, more)                                                              \
    "{\"messageId\":\"" id "\",\"destination\":\"" destination                                     \
    "\",\"state\":\"dead\",\"code\":\"C\",\"event\":{\"messageId\":\"" id "\"}" more "}"
#define TRACE(letters)    "{\"messageId\":\"m\",\"receipts\":[" letters "]}"
#define STATUS(moods)     "{\"destinations\":[" moods "]}"
#define PLACE(name, mood) "{\"name\":\"" name "\",\"mood\":\"" mood "\"}"

TEST(a_discarded_letter_is_not_exported)
{
    const char *const discarded[] = {TRACE(LETTER("m", "Org", ",\"discarded\":true")), NULL};
    const char *const both[] = {
        TRACE(LETTER("m", "Org", ",\"discarded\":true") "," LETTER("m", "Other", "")), NULL};
    const char *const written[] = {
        TRACE("{\"messageId\":\"m\",\"destination\":\"Org\",\"state\":\"written\"}"), NULL};

    CHECK_INT(run_command(cmd_dead_letters, "dead-letters export m", discarded), 1);
    CHECK_STR(command_output, "");
    CHECK_STR(command_errors,
              "leadline dead-letters: there is no dead letter with the messageId \"m\"\n");
    CHECK_INT(run_command(cmd_dead_letters, "dead-letters export m", both), 0);
    CHECK_STR(command_output,
              "{\"destination\":\"Other\",\"code\":\"C\",\"event\":{\"messageId\":\"m\"}}\n");
    CHECK_INT(run_command(cmd_dead_letters, "dead-letters export m --destination Org", both), 1);
    CHECK_INT(run_command(cmd_dead_letters, "dead-letters export m", written), 1);
}

TEST(a_disabled_destination_is_not_retried_and_its_letters_can_be_discarded)
{
    const char *const answers[] = {STATUS(PLACE("Off", "disabled") "," PLACE("Org", "running")),
                                   "{\"retried\":2,\"discarded\":2}",
                                   "{\"retried\":1,\"discarded\":1}", NULL};

    CHECK_INT(run_command(cmd_dead_letters, "dead-letters retry all", answers), 0);
    CHECK_STR(command_output, "2 dead letters will be tried again\n");
    CHECK_STR(server_asked[1], "POST /api/dead-letters/retry?destination=Org");
    CHECK_INT(server_requests, 2);
    CHECK_INT(run_command(cmd_dead_letters, "dead-letters discard all --yes", answers), 0);
    CHECK_STR(command_output, "3 dead letters discarded\n");
    CHECK_STR(server_asked[1], "POST /api/dead-letters/discard?destination=Off");
}

TEST(a_word_that_there_is_not_is_said_with_the_usage)
{
    const char *const none[] = {NULL};

    CHECK_INT(run_command(cmd_dead_letters, "dead-letters lst", none), 2);
    CHECK(strstr(command_errors, "leadline dead-letters: there is no \"lst\"\n"
                                 "usage: leadline dead-letters list ") == command_errors);
    CHECK_INT(run_command(cmd_dead_letters, "dead-letters", none), 2);
    CHECK(strstr(command_errors, "usage: leadline dead-letters list ") == command_errors);
    CHECK_INT(run_command(cmd_dead_letters, "dead-letters --help", none), 0);
    CHECK(strstr(command_output, "usage: leadline dead-letters list ") == command_output);
    CHECK_INT(server_requests, 0);
}

TEST(a_destination_that_is_gone_is_named)
{
    const char *const answers[] = {STATUS(PLACE("Org", "running")), NULL};

    CHECK_INT(run_command(cmd_dead_letters, "dead-letters retry all --destination Gone", answers),
              1);
    CHECK_STR(command_errors, "leadline dead-letters: there is no destination \"Gone\"\n");
    CHECK_STR(command_output, "");
}

TEST_MAIN(TEST_CASE(a_discarded_letter_is_not_exported),
          TEST_CASE(a_disabled_destination_is_not_retried_and_its_letters_can_be_discarded),
          TEST_CASE(a_word_that_there_is_not_is_said_with_the_usage),
          TEST_CASE(a_destination_that_is_gone_is_named))
