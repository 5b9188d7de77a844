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

static const struct command commands[] = {
    {"serve", cmd_serve, "take events in and deliver them"},
    {"check", cmd_check, "sign in to each destination and say what is missing there"},
    {"validate", cmd_validate, "check a configuration file, without a network"},
    {"status", cmd_status, "show how a running server is doing"},
    {"trace", cmd_trace, "show what became of events"},
    {"events", cmd_events, "show what comes in, and what becomes of it"},
    {"dead-letters", cmd_dead_letters, "list, show, retry, discard or export what needs a person"},
    {"pause", cmd_pause, "send nothing more to a destination, until it is resumed"},
    {"resume", cmd_resume, "deliver to a destination again that was paused or has stopped"},
    {"map", cmd_map, "show what would become of events, without an org"},
    {"secrets", cmd_secrets, "keep passwords, tokens and private keys sealed"},
    {"version", cmd_version, "print the version"},
    {"help", cmd_help, "explain a command, or the settings"},
    {0},
};

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
