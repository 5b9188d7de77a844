/*
 * options: the arguments that most commands share.
 *
 * Threads: only the main thread.  Memory: all texts point into argv.
 * Errors:  a mistake is printed with the usage, and is exit status 2.
 */
#ifndef PROGRAMS_LEADLINE_OPTIONS_H
#define PROGRAMS_LEADLINE_OPTIONS_H

#include <stdbool.h>

#define OPTIONS_DEFAULT_CONFIG "/etc/leadline/leadline.yml"

#define OPTIONS_OWN_MAX 6

struct options {
    const char *config;   /* --config FILE */
    const char *admin;    /* --admin URL; NULL when not given */
    bool json;            /* --json */
    const char *argument; /* the positional argument; NULL when there is none */
    char **arguments;     /* the positional arguments, with wanted->many */
    int argument_count;
    const char *own[OPTIONS_OWN_MAX]; /* of wanted->own, in its order; NULL when not given, ""
                                         for a flag that is */
};

/* An option of one command: --name VALUE, or --name. */
struct options_own {
    const char *name;
    bool flag;
};

/* What a command takes. */
struct options_wanted {
    const char *usage; /* printed for --help, and after a mistake */
    bool json;
    bool server;                   /* asks a running server: takes --admin too */
    bool argument;                 /* exactly one; else none */
    bool optional;                 /* one, or none */
    bool many;                     /* any number */
    const struct options_own *own; /* ends with a NULL name; NULL: none */
};

/* How the usage of such a command ends. */
#define OPTIONS_SERVER_USAGE                                                                       \
    "  --config FILE  the server's configuration, read only for its address\n"                     \
    "                 (" OPTIONS_DEFAULT_CONFIG ")\n"                                              \
    "  --admin URL    the server's admin address instead, http://127.0.0.1:8081\n"

/* -1 when the command shall continue; else its exit status. */
int options_read(int argc, char **argv, const struct options_wanted *wanted, struct options *ret);

#endif
