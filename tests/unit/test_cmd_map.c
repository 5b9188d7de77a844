#include "check.h"

#include <unistd.h>

#include "base/buf.h"
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

/* ---- however the events are laid out ---- */

#define EVENTS 4

static const char *const members[EVENTS][4] = {
    {"\"type\":\"identify\"", "\"userId\":\"a@b.c\"", "\"messageId\":\"m1\"",
     "\"integrations\":{\"Salesforce\":true}"},
    {"\"type\":\"track\"", "\"userId\":\"u\"", "\"messageId\":\"m2\"",
     "\"event\":\"} ]{ [ \\\" \\\\\""},
    {"\"type\":\"identify\"", "\"messageId\":\"m3\"", "\"traits\":{\"a\":[1,{},[]]}",
     "\"integrations\":{\"Salesforce\":true}"},
    {"\"type\":\"page\"", "\"userId\":\"u\"", "\"messageId\":\"m4\"", "\"context\":{}"},
};

static void lay_out(struct buf *out, const char *begin, const char *between, const char *inside,
                    const char *end)
{
    buf_text(out, begin);
    for (size_t i = 0; i < EVENTS; i++) {
        buf_format(out, "%s{%s", i > 0 ? between : "", inside);
        for (size_t m = 0; m < 4; m++)
            buf_format(out, "%s%s%s", m > 0 ? "," : "", m > 0 ? inside : "", members[i][m]);
        buf_format(out, "%s}", inside);
    }
    buf_text(out, end);
}

/* output without the numbers of lines, which the layout decides. */
static void forget_lines(void)
{
    char *at;

    while ((at = strstr(output, ",\"line\":")) != NULL) {
        char *end = at + strcspn(at, "}");
        memmove(at, end, strlen(end) + 1);
    }
}

TEST(the_layout_of_the_events_does_not_matter)
{
    static const char *const layouts[][4] = {
        {"", "\n", "", "\n"},
        {"", "\n", "", ""},
        {"\xef\xbb\xbf", "\r\n\r\n", "\r\n  ", "\r\n"},
        {"", "\n", "\n    ", "\n"},
        {"", " ", "\n\t", ""},
        {"[", ",", "", "]"},
        {"[\n", ",\n", "\n", "\n]\n"},
        {"\n\n [\n  ", ",\n  ", "\n      ", "\n]"},
        {"[]\n[", "]\n[", " ", "]\n"},
    };
    static char want[MAX_OUTPUT];

    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        struct buf input;
        buf_init(&input, 100000);
        lay_out(&input, layouts[i][0], layouts[i][1], layouts[i][2], layouts[i][3]);
        CHECK_INT(run_plain(buf_peek(&input)), 1); /* one is refused */
        forget_lines();
        if (i == 0)
            memcpy(want, output, sizeof want);
        CHECK_STR(output, want);
        buf_done(&input);
    }
    CHECK(strstr(want, "{\"messageId\":\"m3\",\"outcome\":\"reject\",\"reason\":\"no_ids\"") !=
          NULL);
    CHECK(strstr(want, "\"m1\"") != NULL && strstr(want, "\"m2\"") != NULL &&
          strstr(want, "\"m4\"") != NULL);
}

TEST(a_broken_event_costs_no_other)
{
    static const char *const broken[] = {"{\"type\":\"identify\"",
                                         "{\"a\":\"no end",
                                         "{\"a\":1,",
                                         "}",
                                         "]",
                                         "nonsense",
                                         "\"text\"",
                                         "{\"a\" 1}",
                                         "{{",
                                         "[1,2]",
                                         "{\"a\":[1,{\"b\":2}",
                                         "tru",
                                         "{\"a\":\"\\"};

    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        char input[1000];
        snprintf(input, sizeof input,
                 EVENT(",\"messageId\":\"m1\"") "%s\n" EVENT(",\"messageId\":\"m2\"")
                     EVENT(",\"messageId\":\"m3\""),
                 broken[i]);
        CHECK_INT(run_plain(input), 1);
        if (strstr(output, RECORD("m2") RECORD("m3")) == NULL)
            fail_msg("after %s: %s", broken[i], output);
        CHECK(strstr(output, RECORD("m1")) == output);
        CHECK(strstr(output, "\"reason\":\"unreadable\"") != NULL);
        CHECK(strstr(output, "\"line\":2}") != NULL);
    }
}

TEST(an_array_longer_than_any_request_is_read_one_by_one)
{
    struct buf input;
    int count = 0;

    buf_init(&input, 8 * 1024 * 1024);
    buf_char(&input, '[');
    for (int i = 0; i < 400; i++) /* most of it in what is left out of the answers */
        buf_format(&input,
                   "%s\n{\"type\":\"page\",\"userId\":\"u\",\"messageId\":\"m\",\"x\":\"%*s\"}",
                   i > 0 ? "," : "", 8000, "");
    buf_char(&input, ']');
    CHECK(input.len > 3 * 1024 * 1024);
    CHECK_INT(run_plain(buf_peek(&input)), 0);
    for (const char *at = output; (at = strstr(at, "\"outcome\":\"skip\"")) != NULL; at++)
        count++;
    CHECK_INT(count, 400);
    buf_done(&input);
}

TEST(an_event_longer_than_a_request_is_refused_alone)
{
    struct buf input;

    buf_init(&input, 8 * 1024 * 1024);
    buf_format(&input, "{\"x\":\"%*s\",\n\"y\":1}\n" EVENT(",\"messageId\":\"m1\""), 2000000, "");
    CHECK_INT(run_plain(buf_peek(&input)), 1);
    CHECK(strstr(output, "\"reason\":\"too_large\"") != NULL);
    CHECK(strstr(output, RECORD("m1")) != NULL);
    buf_done(&input);
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
          TEST_CASE(the_layout_of_the_events_does_not_matter),
          TEST_CASE(a_broken_event_costs_no_other),
          TEST_CASE(an_array_longer_than_any_request_is_read_one_by_one),
          TEST_CASE(an_event_longer_than_a_request_is_refused_alone),
          TEST_CASE(wrong_usage_is_status_2_and_what_is_missing_is_1))
