/* ask_secret: a value from a terminal that shows nothing, from a file or from standard input. */
#include "programs/leadline/ask_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/locked.h"
#include "secrets/seal.h"

#define CTRL_C   3
#define CAPACITY (SEAL_VALUE_MAX + 2) /* one more than allowed, and a NUL */

/* Ctrl-C arrives as a byte: a signal would leave the echo of the terminal off. */
static int hide(struct termios *before, struct err *err)
{
    struct termios hidden;

    if (tcgetattr(STDIN_FILENO, before) < 0)
        return err_set(err, ERR_SYSTEM, "the terminal: %s", strerror(errno));
    hidden = *before;
    hidden.c_lflag &= (tcflag_t) ~(ECHO | ISIG | ICANON);
    hidden.c_cc[VMIN] = 1;
    hidden.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) < 0)
        return err_set(err, ERR_SYSTEM, "the terminal: %s", strerror(errno));
    return 0;
}

/* Up to the newline; backspace takes the last byte back.  -1: cancelled. */
static int read_line(char *line, size_t *ret_len)
{
    size_t len = 0;
    char c;

    while (read(STDIN_FILENO, &c, 1) == 1) {
        if (c == '\n' || c == '\r') {
            line[len] = '\0';
            *ret_len = len;
            return 0;
        }
        if (c == CTRL_C || c == 4)
            return -1;
        if ((c == 0x7f || c == '\b') && len > 0)
            len--;
        else if (c != 0x7f && c != '\b' && len < CAPACITY - 1)
            line[len++] = c;
    }
    return -1;
}

static int ask(const char *question, const char *name, char *line, size_t *ret_len, struct err *err)
{
    int rc;

    fprintf(stderr, "%s %s (it is not shown): ", question, name);
    fflush(stderr);
    rc = read_line(line, ret_len);
    fputc('\n', stderr);
    return rc == 0 ? 0 : err_set(err, ERR_INVALID, "cancelled: nothing was changed");
}

static int ask_twice(const char *name, char *line, char *again, size_t *ret_len, struct err *err)
{
    size_t again_len;

    if (ask("Value of", name, line, ret_len, err) < 0 ||
        ask("Once more, the value of", name, again, &again_len, err) < 0)
        return -1;
    if (*ret_len != again_len || memcmp(line, again, again_len) != 0)
        return err_set(err, ERR_INVALID, "the two are not the same: nothing was changed");
    return 0;
}

char *ask_secret_terminal(const char *name, size_t *ret_len, struct err *err)
{
    char *line = locked_alloc(CAPACITY), *again = locked_alloc(CAPACITY);
    struct termios before;
    int rc = line == NULL || again == NULL ? err_memory(err) : hide(&before, err);

    if (rc == 0) {
        rc = ask_twice(name, line, again, ret_len, err);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    }
    locked_free(again);
    if (rc == 0)
        return line;
    locked_free(line);
    return NULL;
}

static int read_to_end(int fd, char *bytes, size_t *ret_len)
{
    ssize_t n;

    *ret_len = 0;
    while ((n = read(fd, bytes + *ret_len, CAPACITY - 1 - *ret_len)) != 0) {
        if (n < 0 && errno != EINTR)
            return -1;
        if (n > 0)
            *ret_len += (size_t)n;
        if (*ret_len == CAPACITY - 1)
            break;
    }
    if (*ret_len > 0 && bytes[*ret_len - 1] == '\n')
        --*ret_len;
    if (*ret_len > 0 && bytes[*ret_len - 1] == '\r')
        --*ret_len;
    bytes[*ret_len] = '\0';
    return 0;
}

char *ask_secret_read(const char *path, size_t *ret_len, struct err *err)
{
    const char *what = path != NULL ? path : "standard input";
    int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO;
    char *bytes = locked_alloc(CAPACITY);
    bool done = false;

    if (bytes == NULL)
        err_memory(err);
    else if (fd < 0 || read_to_end(fd, bytes, ret_len) < 0)
        err_set(err, ERR_SYSTEM, "cannot read %.300s: %s", what, strerror(errno));
    else
        done = true;
    if (path != NULL && fd >= 0)
        close(fd);
    if (done)
        return bytes;
    locked_free(bytes);
    return NULL;
}
