/* leadline status: each thing that needs a person is said, and makes the status 1. */
#include "asked_server.h"

#define STATUS(store, destination)                                                                 \
    "{\"version\":\"1\",\"uptime\":1,\"intake\":{},\"skips\":[],\"store\":{" store "},"            \
    "\"destinations\":[{\"name\":\"Org\"" destination "}]}"
#define WELL    "\"writable\":true,\"full\":null,\"fault\":null"
#define RUNNING ",\"mood\":\"running\",\"dead_letters\":0"

static const struct {
    const char *status, *need; /* NULL: nothing needs a person */
} cases[] = {
    {STATUS(WELL, RUNNING), NULL},
    {STATUS(WELL, ",\"mood\":\"starting\",\"dead_letters\":0"), NULL},
    {STATUS(WELL, ",\"mood\":\"holding\",\"dead_letters\":0"), NULL},
    {STATUS(WELL, ",\"mood\":\"disabled\",\"dead_letters\":0"), NULL},
    {STATUS(WELL, ",\"mood\":\"stopped\",\"code\":\"INVALID_LOGIN\",\"dead_letters\":0"),
     "Org has stopped (INVALID_LOGIN): when the cause is gone, \"leadline resume Org\" tries "
     "again"},
    {STATUS(WELL, ",\"mood\":\"paused\",\"dead_letters\":0"),
     "Org is paused: \"leadline resume Org\" lets it go on"},
    {STATUS(WELL, ",\"mood\":\"running\",\"dead_letters\":1"),
     "Org has 1 dead letter: \"leadline dead-letters list\" shows why"},
    {STATUS(WELL, ",\"mood\":\"running\",\"dead_letters\":2"), "Org has 2 dead letters: "},
    {STATUS("\"writable\":true,\"full\":\"queue_full\"", RUNNING),
     "new events are answered 429 (queue_full): "},
    {STATUS("\"writable\":true,\"full\":\"disk_full\"", RUNNING),
     "new events are answered 429 (disk_full): "},
    {STATUS("\"writable\":false,\"fault\":\"leadline.db is gone\"", RUNNING),
     "events cannot be stored: leadline.db is gone"},
    {STATUS("\"writable\":false,\"fault\":null", RUNNING),
     "events cannot be stored: look at the disk of data_dir"},
};

TEST(what_needs_a_person_is_said_and_makes_the_status_1)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const answers[] = {cases[i].status, NULL};
        int wanted = cases[i].need != NULL;
        json_t *json, *needs;
        if (run_command(cmd_status, "status", answers) != wanted)
            fail_msg("%s", cases[i].status);
        CHECK_INT(strstr(command_output, "\nneeds a person\n") != NULL, wanted);
        if (wanted && strstr(command_output, cases[i].need) == NULL)
            fail_msg("%s: %s", cases[i].need, command_output);
        CHECK_INT(run_command(cmd_status, "status --json", answers), wanted);
        json = json_loads(command_output, 0, NULL);
        needs = json_object_get(json, "needs_person");
        CHECK_INT(json_array_size(needs), wanted);
        if (wanted)
            CHECK(strstr(json_string_value(json_array_get(needs, 0)), cases[i].need) != NULL);
        json_decref(json);
    }
}

TEST(a_server_that_does_not_answer_is_status_1_and_said)
{
    const char *const none[] = {NULL};

    CHECK_INT(run_command(cmd_status, "status", none), 1);
    CHECK_STR(command_errors, "leadline status: no server answers\n");
    CHECK_STR(command_output, "");
    CHECK_INT(run_command(cmd_status, "status nonsense", none), 2);
    CHECK_INT(server_requests, 0);
}

TEST_MAIN(TEST_CASE(what_needs_a_person_is_said_and_makes_the_status_1),
          TEST_CASE(a_server_that_does_not_answer_is_status_1_and_said))
