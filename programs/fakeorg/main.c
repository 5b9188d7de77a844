/*
 * fakeorg: the program.  Reads its options, starts the org, says where it listens
 * and waits for SIGTERM or SIGINT.  What it offers: docs/fakeorg.md.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fakeorg/fakeorg.h"

#define STATUS_FAILED 1
#define STATUS_USAGE  2

static const char help[] =
    "usage: fakeorg --listen ADDR:PORT [option]...\n"
    "\n"
    "A Salesforce org on this machine: SOAP at /services/Soap/u/NN.0, a page for people at /.\n"
    "\n"
    "  --listen ADDR:PORT            where to listen; port 0 picks a free one\n"
    "  --username U                  the user (integration@example.com)\n"
    "  --password P                  the password (secret)\n"
    "  --token T                     the security token, sent behind the password (token)\n"
    "  --field Object.Name__c=TYPE   a custom field, any number of times; TYPE is string:N,\n"
    "                                textarea:N, email, phone, url, int, double:P,S,\n"
    "                                currency:P,S, percent:P,S, boolean, date, datetime,\n"
    "                                picklist:A|B, picklist!:A|B (restricted),\n"
    "                                multipicklist:A|B or reference:Object\n"
    "  --latency-ms N                what every call takes (0)\n"
    "  --latency-per-record-us N     what each record adds to it (0)\n"
    "  --daily-limit N               calls in 24 hours (100000)\n"
    "  --max-concurrent N            calls at the same time (any number)\n"
    "  --help, --version\n";

enum option_id {
    OPT_LISTEN = 256,
    OPT_USERNAME,
    OPT_PASSWORD,
    OPT_TOKEN,
    OPT_FIELD,
    OPT_LATENCY,
    OPT_LATENCY_PER_RECORD,
    OPT_DAILY_LIMIT,
    OPT_MAX_CONCURRENT,
    OPT_HELP,
    OPT_VERSION
};

static const struct option long_options[] = {
    {"listen", required_argument, NULL, OPT_LISTEN},
    {"username", required_argument, NULL, OPT_USERNAME},
    {"password", required_argument, NULL, OPT_PASSWORD},
    {"token", required_argument, NULL, OPT_TOKEN},
    {"field", required_argument, NULL, OPT_FIELD},
    {"latency-ms", required_argument, NULL, OPT_LATENCY},
    {"latency-per-record-us", required_argument, NULL, OPT_LATENCY_PER_RECORD},
    {"daily-limit", required_argument, NULL, OPT_DAILY_LIMIT},
    {"max-concurrent", required_argument, NULL, OPT_MAX_CONCURRENT},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0},
};

/* What reading the command line ends with. */
enum reading { READ_RUN, READ_DONE, READ_WRONG };

static int read_number(const char *option, const char *text, unsigned long max,
                       unsigned long *ret_number, struct err *err)
{
    char *end;

    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || number > max)
        return err_set(err, ERR_INVALID, "--%s: expected a number from 0 to %lu", option, max);
    *ret_number = number;
    return 0;
}

/* "127.0.0.1:9090"; the text is cut at its colon. */
static int read_listen(char *text, struct fakeorg_options *options, struct err *err)
{
    char *colon = strrchr(text, ':');
    unsigned long port;

    if (colon == NULL || colon == text)
        return err_set(err, ERR_INVALID, "--listen: expected ADDR:PORT");
    if (read_number("listen", colon + 1, 65535, &port, err) < 0)
        return -1;
    *colon = '\0';
    options->address = text;
    options->port = (uint16_t)port;
    return 0;
}

static int read_count(int option, const char *name, const char *text,
                      struct fakeorg_options *options, struct err *err)
{
    unsigned long number;

    if (read_number(name, text, option == OPT_DAILY_LIMIT ? 1000000000000UL : 1000000000UL, &number,
                    err) < 0)
        return -1;
    if (option == OPT_LATENCY)
        options->latency_ms = (unsigned)number;
    else if (option == OPT_LATENCY_PER_RECORD)
        options->latency_per_record_us = (unsigned)number;
    else if (option == OPT_DAILY_LIMIT)
        options->daily_limit = number;
    else
        options->max_concurrent = (unsigned)number;
    return 0;
}

static int read_option(int option, const char *name, char *text, struct fakeorg_options *options,
                       const char **fields, struct err *err)
{
    switch (option) {
    case OPT_LISTEN:
        return read_listen(text, options, err);
    case OPT_USERNAME:
        options->username = text;
        return 0;
    case OPT_PASSWORD:
        options->password = text;
        return 0;
    case OPT_TOKEN:
        options->token = text;
        return 0;
    case OPT_FIELD:
        fields[options->field_count++] = text;
        return 0;
    default:
        return read_count(option, name, text, options, err);
    }
}

/* fields has room for as many as there are arguments. */
static enum reading read_command_line(int argc, char **argv, struct fakeorg_options *options,
                                      const char **fields)
{
    struct err err = {0};
    int option, position = 0;

    *options = fakeorg_defaults();
    options->address = NULL;
    options->fields = fields;
    while ((option = getopt_long(argc, argv, "", long_options, &position)) != -1) {
        if (option == OPT_HELP || option == OPT_VERSION) {
            fputs(option == OPT_HELP ? help : "fakeorg " LEADLINE_VERSION "\n", stdout);
            return READ_DONE;
        }
        if (option == '?') /* getopt_long has said why */
            return READ_WRONG;
        if (read_option(option, long_options[position].name, optarg, options, fields, &err) < 0) {
            fprintf(stderr, "fakeorg: %s\n", err.text);
            return READ_WRONG;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "fakeorg: unexpected argument %s\n", argv[optind]);
        return READ_WRONG;
    }
    if (options->address == NULL) {
        fprintf(stderr, "fakeorg: --listen ADDR:PORT is missing\n");
        return READ_WRONG;
    }
    return READ_RUN;
}

static int run(const struct fakeorg_options *options)
{
    struct err err = {0};
    sigset_t signals;
    int caught;

    /* Blocked before any thread is made, so that only sigwait sees them. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct fakeorg *fakeorg = fakeorg_start(options, &err);
    if (fakeorg == NULL) {
        fprintf(stderr, "fakeorg: %s\n", err.text);
        return err.kind == ERR_INVALID ? STATUS_USAGE : STATUS_FAILED;
    }
    printf("fakeorg: listening on http://%s:%d\n", options->address, fakeorg_port(fakeorg));
    fflush(stdout);
    sigwait(&signals, &caught);
    fakeorg_stop(fakeorg);
    return 0;
}

int main(int argc, char **argv)
{
    struct fakeorg_options options;
    const char **fields = mem_zero((size_t)argc, sizeof(char *));
    int status = STATUS_FAILED;

    if (fields == NULL) {
        fputs("fakeorg: out of memory\n", stderr);
        return STATUS_FAILED;
    }
    switch (read_command_line(argc, argv, &options, fields)) {
    case READ_DONE:
        status = 0;
        break;
    case READ_WRONG:
        fputs("Try: fakeorg --help\n", stderr);
        status = STATUS_USAGE;
        break;
    case READ_RUN:
        status = run(&options);
        break;
    }
    mem_free(fields);
    return status;
}
