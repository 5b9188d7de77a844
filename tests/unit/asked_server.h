/*
 * asked_server: stands in for programs/leadline/running.c, so that a command asks a server whose
 * answers a test has written down.
 */
#ifndef TESTS_ASKED_SERVER_H
#define TESTS_ASKED_SERVER_H

#include "check.h"

#include <unistd.h>

#include "base/mem.h"
#include "programs/leadline/commands.h"
#include "programs/leadline/running.h"

/* The answers to come, as JSON; NULL ends them, and then no server answers. */
static const char *const *server_answers;
static char server_asked[10][200]; /* what it was asked, in order */
static int server_requests;
static void (*server_at_end)(void); /* called when no answer is left */

static inline json_t *answer_next(const char *method, const char *path, struct err *err)
{
    json_t *answer;

    if (server_requests < 10)
        snprintf(server_asked[server_requests++], sizeof server_asked[0], "%s %s", method, path);
    if (*server_answers == NULL) {
        if (server_at_end != NULL)
            server_at_end();
        err_set(err, ERR_RETRY, "no server answers");
        return NULL;
    }
    answer = json_loads(*server_answers++, 0, NULL);
    if (json_is_string(answer)) { /* the text of a 404 */
        err_set(err, ERR_NOT_FOUND, "%s", json_string_value(answer));
        json_decref(answer);
        return NULL;
    }
    CHECK(answer != NULL);
    return answer;
}

json_t *running_ask(const struct options *options, const char *path, struct err *err)
{
    (void)options;
    return answer_next("GET", path, err);
}

json_t *running_post(const struct options *options, const char *path, struct err *err)
{
    (void)options;
    return answer_next("POST", path, err);
}

/* Nothing that the tests ask by needs to be escaped. */
char *running_path(const char *path, const char *name, const char *value, struct err *err)
{
    char *longer =
        mem_format("%s%c%s=%s", path, strchr(path, '?') != NULL ? '&' : '?', name, value);

    if (longer == NULL)
        err_memory(err);
    return longer;
}

/* Runs a command with its words, separated by blanks, against those answers.  Returns its status;
   what it wrote to stdout and stderr is in command_output, command_errors. */
static char command_output[65536], command_errors[4096];

static inline void read_back(FILE *file, char *ret, size_t size)
{
    rewind(file);
    ret[fread(ret, 1, size - 1, file)] = '\0';
    fclose(file);
}

static inline int run_command(int (*command)(int argc, char **argv), const char *words,
                              const char *const *answers)
{
    char line[500], *argv[20], *rest = line;
    FILE *out = tmpfile(), *errors = tmpfile();
    int argc = 0, status, old_out = dup(STDOUT_FILENO), old_errors = dup(STDERR_FILENO);

    CHECK(out != NULL && errors != NULL);
    snprintf(line, sizeof line, "%s", words);
    while (argc < 19 && (argv[argc] = strtok_r(rest, " ", &rest)) != NULL)
        argc++;
    argv[argc] = NULL;
    server_answers = answers;
    server_requests = 0;
    fflush(NULL);
    dup2(fileno(out), STDOUT_FILENO);
    dup2(fileno(errors), STDERR_FILENO);
    status = command(argc, argv);
    fflush(NULL);
    dup2(old_out, STDOUT_FILENO);
    dup2(old_errors, STDERR_FILENO);
    close(old_out);
    close(old_errors);
    read_back(out, command_output, sizeof command_output);
    read_back(errors, command_errors, sizeof command_errors);
    return status;
}

#endif
