/* A terminal of its own on which a person types the value of a secret. */
#include "check.h"

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/locked.h"
#include "programs/leadline/ask_secret.h"

/* What the child says on the terminal until it ends; room bytes at most. */
static void read_screen(int terminal, char *screen, size_t room)
{
    size_t len = 0;
    ssize_t n;

    while (len < room - 1 && (n = read(terminal, screen + len, room - 1 - len)) > 0)
        len += (size_t)n;
    screen[len] = '\0';
}

/* A child asks on a terminal where keys are typed; returns its status: 0 when it got wanted. */
static int type(const char *keys, const char *wanted, char *screen, size_t room)
{
    int terminal, status;
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);
    char first = '\0';

    if (child == 0) {
        struct err err = {0};
        size_t len = 0;
        char *value = ask_secret_terminal("salesforce", &len, &err);
        _exit(value == NULL ? 2 : len != strlen(wanted) || strcmp(value, wanted) != 0);
    }
    CHECK(child > 0);
    while (first != ':') /* it hides before it asks */
        CHECK(read(terminal, &first, 1) == 1);
    CHECK(write(terminal, keys, strlen(keys)) == (ssize_t)strlen(keys));
    read_screen(terminal, screen, room);
    CHECK(waitpid(child, &status, 0) == child);
    close(terminal);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(what_is_typed_is_not_shown_and_asked_for_twice)
{
    char screen[4096];

    CHECK_INT(type("hunter2\nhunter2\n", "hunter2", screen, sizeof screen), 0);
    CHECK(strstr(screen, "hunter2") == NULL);
    CHECK(strstr(screen, "Once more") != NULL);
}

TEST(backspace_takes_a_letter_back)
{
    char screen[4096];

    CHECK_INT(type("\x7fhunterX\x7f"
                   "2\nhunter2\n",
                   "hunter2", screen, sizeof screen),
              0);
}

TEST(two_different_values_and_ctrl_c_change_nothing)
{
    char screen[4096];

    CHECK_INT(type("hunter2\nhunter3\n", "", screen, sizeof screen), 2);
    CHECK_INT(type("hunt\x03", "", screen, sizeof screen), 2);
}

TEST(a_file_is_read_whole_without_the_newline_at_its_end)
{
    char path[] = "/tmp/leadline-secret-XXXXXX";
    int fd = mkstemp(path);
    struct err err = {0};
    size_t len;
    char *value;

    CHECK(write(fd, "one\ntwo\r\n", 9) == 9);
    value = ask_secret_read(path, &len, &err);
    CHECK(value != NULL && len == 7);
    CHECK_STR(value, "one\ntwo");
    locked_free(value);
    close(fd);
    unlink(path);
    CHECK(ask_secret_read(path, &len, &err) == NULL);
    CHECK_INT(err.kind, ERR_SYSTEM);
}

TEST_MAIN(TEST_CASE(what_is_typed_is_not_shown_and_asked_for_twice),
          TEST_CASE(backspace_takes_a_letter_back),
          TEST_CASE(two_different_values_and_ctrl_c_change_nothing),
          TEST_CASE(a_file_is_read_whole_without_the_newline_at_its_end))
