/*
 * commands: what "leadline NAME ..." runs, one file a command.
 *
 * Each takes its own arguments (argv[0] is its name) and returns the exit status: 0 done,
 * 1 failed, 2 wrong usage.  Results go to standard output, messages to standard error.
 * "--help" prints how it is used and is status 0.
 *
 * Threads: the main thread alone.  Memory: a command frees what it takes; argv is a loan.
 */
#ifndef PROGRAMS_LEADLINE_COMMANDS_H
#define PROGRAMS_LEADLINE_COMMANDS_H

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary; /* one line */
};

int cmd_serve(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_validate(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_trace(int argc, char **argv);
int cmd_events(int argc, char **argv);
int cmd_dead_letters(int argc, char **argv);
int cmd_pause(int argc, char **argv);
int cmd_resume(int argc, char **argv);
int cmd_map(int argc, char **argv);
int cmd_secrets(int argc, char **argv);
int cmd_version(int argc, char **argv);

#endif
