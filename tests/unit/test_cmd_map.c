#include "check.h"

#include <unistd.h>

#include "programs/leadline/commands.h"

#define MAX_OUTPUT (64 * 1024)

static char output[MAX_OUTPUT];

/* Runs the command with input on stdin; what it wrote to stdout stands in output. */
static int run(const char *input, int argc, char **argv)
{
    FILE *in = tmpfile(), *out = tmpfile();
    int saved = dup(STDOUT_FILENO);
    int status;

    assert_non_null(in);
    assert_non_null(out);
    fputs(input, in);
    rewind(in);
    fflush(stdout);
    CHECK(dup2(fileno(in), STDIN_FILENO) >= 0);
    CHECK(dup2(fileno(out), STDOUT_FILENO) >= 0);
    clearerr(stdin);
    status = cmd_map(argc, argv);
    fflush(stdout);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    rewind(out);
    output[fread(output, 1, sizeof(output) - 1, out)] = '\0';
    fclose(in);
    fclose(out);
    return status;
}

static int run_plain(const char *input)
{
    char name[] = "map", *argv[] = {name, NULL};

    return run(input, 1, argv);
}

static int run_with(const char *input, const char *option, const char *value)
{
    char name[] = "map";
    char *argv[] = {name, (char *)option, (char *)value, NULL};

    return run(input, value == NULL ? 2 : 3, argv);
}

#define EVENT(more)                                                                                \
    "{\"type\":\"identify\",\"userId\":\"a@b.c\",\"integrations\":{\"Salesforce\":true}" more "}"  \
    "\n"
#define RECORD(id)                                                                                 \
    "{\"messageId\":\"" id "\",\"outcome\":\"write\",\"object\":\"Lead\","                         \
    "\"lookup\":{\"Email\":\"a@b.c\"},\"fields\":{\"Email\":\"a@b.c\"},"                           \
    "\"create_only\":{\"LastName\":\"n/a\",\"Company\":\"n/a\"},\"notes\":[]}\n"

TEST(each_event_has_its_line)
{
    CHECK_INT(run_plain(EVENT("") "\n" EVENT(",\"messageId\":\"m2\"")), 0);
    CHECK_STR(output, RECORD("") RECORD("m2"));
}

TEST(the_last_line_needs_no_end)
{
    CHECK_INT(
        run_plain("{\"type\":\"track\",\"userId\":\"u\",\"messageId\":\"m\",\"event\":\"e\"}"), 0);
    CHECK_STR(output, "{\"messageId\":\"m\",\"outcome\":\"skip\",\"reason\":\"not_opted_in\"}\n");
    CHECK_INT(run_plain(""), 0);
    CHECK_STR(output, "");
}

TEST(a_line_that_cannot_be_read_has_its_answer_too)
{
    CHECK_INT(run_plain("no json\n{\"type\":\"identify\"}\n" EVENT("")), 1);
    CHECK(strstr(output, "{\"messageId\":\"\",\"outcome\":\"reject\",\"reason\":\"unreadable\"") ==
          output);
    CHECK(strstr(output, "\"reason\":\"no_ids\"") != NULL);
    CHECK(strstr(output, RECORD("")) != NULL);
}

TEST(wrong_usage_is_status_2_and_what_is_missing_is_1)
{
    CHECK_INT(run_with("", "--nonsense", NULL), 2);
    CHECK_INT(run_with("", "word", NULL), 2);
    CHECK_STR(output, "");
    CHECK_INT(run_with("", "--schema", "/nonexistent"), 1);
    CHECK_INT(run_with("", "--config", "/nonexistent"), 1);
    CHECK_INT(run_with("", "--destination", "Nobody"), 1);
    CHECK_INT(run_with("", "--destination", "Salesforce"), 0);
    CHECK_INT(run_with("", "--help", NULL), 0);
    CHECK(strstr(output, "usage: leadline map") != NULL);
}

TEST_MAIN(TEST_CASE(each_event_has_its_line), TEST_CASE(the_last_line_needs_no_end),
          TEST_CASE(a_line_that_cannot_be_read_has_its_answer_too),
          TEST_CASE(wrong_usage_is_status_2_and_what_is_missing_is_1))
