/*
 * fakeorg_answers: every answer that a test program gets through fakeorg_calls.h, kept
 * and checked against the schemas of the WSDL.  For programs that end in
 *     TEST_CASE(every_answer_fits_the_wsdl)
 *     cmocka_run_group_tests(tests, answers_begin, answers_drop)
 */
#ifndef TESTS_FAKEORG_ANSWERS_H
#define TESTS_FAKEORG_ANSWERS_H

#include "fakeorg_calls.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

const char *keep_answers_in;
static char answers_folder[] = "/tmp/fakeorg-answers-XXXXXX";

static int answers_begin(void **state)
{
    if (SANITIZED)
        return 0;
    keep_answers_in = mkdtemp(answers_folder);
    return keep_answers_in == NULL ? -1 : 0;
}

static int answers_drop(void **state)
{
    if (SANITIZED)
        return 0;
    char *command = mem_format("rm -r %s", answers_folder);
    int status = command == NULL ? -1 : system(command);

    mem_free(command);
    return status;
}

TEST(every_answer_fits_the_wsdl)
{
    if (SANITIZED) {
        print_message("skipped: the release build checks messages against the WSDL\n");
        skip();
    }
    const char *shared = getenv("LEADLINE_SHARED");
    char *tool = mem_format("%s/reference/salesforce/validate-soap",
                            shared != NULL ? shared : TEST_DATA "/../../../shared");

    CHECK(tool != NULL);
    if (access(tool, X_OK) != 0) {
        mem_free(tool);
        print_message("skipped: the WSDL's validator is not here\n");
        skip();
    }
    char *command = mem_format("%s -q %s/*.xml", tool, answers_folder);
    CHECK(command != NULL);
    int status = system(command);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 0);
    mem_free(command);
    mem_free(tool);
}

#endif
