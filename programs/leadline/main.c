/*
 * leadline: Segment identify and group calls become Salesforce Leads and Accounts.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "programs/leadline/commands.h"
#include "programs/leadline/help.h"
#include "secrets/no_dumps.h"

static int cmd_help(int argc, char **argv);

#define COMMAND_ROW(name, run, summary) {name, run, summary},
/* clang-format off */
static const struct command commands[] = {
    COMMANDS(COMMAND_ROW)
    {"help", cmd_help, "explain a command, or the settings"},
    {0},
};
/* clang-format on */

static int cmd_help(int argc, char **argv)
{
    return help(commands, argc, argv);
}

/* The words people try first. */
static const char *command_meant(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return "help";
    return strcmp(word, "--version") == 0 ? "version" : word;
}

/* Every command may have a secret in memory. */
static void keep_memory_private(void)
{
    struct err err = {0};

    if (no_dumps(&err) < 0)
        fprintf(stderr, "leadline: warning: %s\n", err.text);
}

int main(int argc, char **argv)
{
    const struct command *command =
        argc > 1 ? command_named(commands, command_meant(argv[1])) : NULL;
    int status;

    keep_memory_private();
    if (command == NULL) {
        if (argc > 1)
            fprintf(stderr, "leadline: there is no command \"%s\"\n", argv[1]);
        fputs("usage: leadline COMMAND ...; \"leadline help\" lists the commands\n", stderr);
        return 2;
    }
    status = command->run(argc - 1, argv + 1);
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == 0) {
        fprintf(stderr, "leadline %s: cannot write the result: %s\n", command->name,
                strerror(errno));
        status = 1;
    }
    return status;
}
