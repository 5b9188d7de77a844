/*
 * commands: what "leadline NAME ..." runs, one file for each command.
 *
 * Each takes its own arguments (argv[0] is its name) and returns the exit status: 0 done,
 * 1 failed, 2 wrong usage.  Results go to standard output, messages to standard error.
 * "--help" prints the usage, with status 0.
 *
 * Threads: only the main thread.  Memory: a command frees what it allocates; argv is borrowed.
 */
#ifndef PROGRAMS_LEADLINE_COMMANDS_H
#define PROGRAMS_LEADLINE_COMMANDS_H

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary; /* one line */
};

/* In the order of the help: name, function, summary. */
/* clang-format off */
#define COMMANDS(X) \
    X("serve", cmd_serve, "take events in and deliver them") \
    X("check", cmd_check, "sign in to each destination and say what is missing there") \
    X("validate", cmd_validate, "check a configuration file, without a network") \
    X("status", cmd_status, "show how a running server is doing") \
    X("trace", cmd_trace, "show what became of events") \
    X("events", cmd_events, "show what comes in, and what becomes of it") \
    X("dead-letters", cmd_dead_letters, "list, show, retry, discard or export what needs a person") \
    X("pause", cmd_pause, "send nothing more to a destination, until it is resumed") \
    X("resume", cmd_resume, "deliver to a destination again that was paused or has stopped") \
    X("map", cmd_map, "show what would become of events, without an org") \
    X("secrets", cmd_secrets, "keep passwords, tokens and private keys sealed") \
    X("version", cmd_version, "print the version")
/* clang-format on */

#define COMMAND_FUNCTION(name, run, summary) int run(int argc, char **argv);
COMMANDS(COMMAND_FUNCTION)

#endif
