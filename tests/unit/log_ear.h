/*
 * log_ear: what the program says on standard error while a test listens.
 */
#ifndef TESTS_LOG_EAR_H
#define TESTS_LOG_EAR_H

#include <unistd.h>

#include "check.h"

/* The standard error from here to told(), as text. */
static inline FILE *listen_to_log(int *ret_stderr)
{
    FILE *file = tmpfile();

    CHECK(file != NULL);
    fflush(stderr);
    *ret_stderr = dup(STDERR_FILENO);
    CHECK(dup2(fileno(file), STDERR_FILENO) >= 0);
    return file;
}

static inline void told(FILE *file, int old_stderr, char *ret, size_t room)
{
    size_t len;

    fflush(stderr);
    dup2(old_stderr, STDERR_FILENO);
    close(old_stderr);
    rewind(file);
    len = fread(ret, 1, room - 1, file);
    ret[len] = '\0';
    fclose(file);
}

static inline int lines_of(const char *text, const char *part)
{
    int lines = 0;

    for (const char *p = text; (p = strstr(p, part)) != NULL; p++)
        lines++;
    return lines;
}

#endif
